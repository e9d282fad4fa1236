/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Counts a decision in a region. */
#ifndef KERNEL_COUNT_BPF_H
#define KERNEL_COUNT_BPF_H

#include "kernel/candidates.bpf.h"
#include "kernel/reads.bpf.h"
#include "kernel/rows.bpf.h"

/* A call of get_rps_cpu() that has returned. `dev` and `skb` may be read directly in fexit programs, or after a cast. */
struct returned_call {
	struct net_device *dev;
	struct sk_buff *skb;
	const void *rflowp;
	int target;
	bool flow; /* RFS chose the target */
};

static __always_inline void predict_for(const struct returned_call *decision,
					struct rps_region *into, __u32 number, __u64 device,
					__u32 segments, bool direct)
{
	struct sk_buff *skb = decision->skb;

	into->arrival = (struct rps_arrival){
		.device = device,
		.queue = queue_of(skb, direct),
		.hash = READ(direct, skb, hash),
		.segments = segments,
		.bytes = READ(direct, skb, len),
		.certain = direct ? BPF_CORE_READ_BITFIELD(skb, l4_hash) ||
					    BPF_CORE_READ_BITFIELD(skb, sw_hash)
				  : BPF_CORE_READ_BITFIELD_PROBED(skb, l4_hash) ||
					    BPF_CORE_READ_BITFIELD_PROBED(skb, sw_hash),
		.flow = decision->flow,
		.target = decision->target,
	};
	predict_candidates(number, &into->arrival);
}

/* Counts one decision in region `into` (index `number`). `extras`: RPS_RFS and the like. `direct`: see READ(). */
static __always_inline void count(struct rps_region *into, __u32 number, __u32 extras,
				  const struct returned_call *decision, bool direct)
{
	struct sk_buff *skb = decision->skb;
	__u64 device = device_of(decision->dev, direct);
	__u64 instance = instance_of(decision->dev, direct);
	__u64 path = path_key(instance, queue_of(skb, direct), decision->target, decision->flow);
	__u32 segments = segments_of(skb, direct), bytes = READ(direct, skb, len);
	struct rps_row *row = first_row(into, device, path);

	if (unlike(row, device, path)) {
		search(number, device, path, bytes, segments);
	} else {
		add(row, bytes, segments);
		/* A device without a sysfs directory may become another one, and no event tells. */
		if (!(extras & RPS_UNTOLD) && instance)
			remember(into, address_of(decision->dev), decision->flow,
				 steering_of(READ(direct, skb, queue_mapping), decision->target),
				 row);
	}
	if (extras & RPS_PREDICT)
		predict_for(decision, into, number, device, segments, direct);
}

#endif
