// SPDX-License-Identifier: MIT OR GPL-2.0
/* Counts what get_rps_cpu() (net/core/dev.c) returns. The loader gives the programs their types, see tracer/backend.c. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "abi/counters.h"
#include "kernel/calls.bpf.h"
#include "kernel/candidates.bpf.h"
#include "kernel/filter.bpf.h"
#include "kernel/kernel.h"
#include "kernel/pt_regs.h"
#include "kernel/reads.bpf.h"
#include "kernel/rows.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* One call of get_rps_cpu(). `dev` and `skb` may be read directly, or not. */
struct decision {
	struct net_device *dev;
	struct sk_buff *skb;
	const void *rflowp;
	int target;
	bool flow; /* RFS chose */
};

static __always_inline void predict_for(const struct decision *decision, struct rps_region *into,
					__u32 number, __u64 device, __u32 segments, bool direct)
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
	predictions(number, &into->arrival);
}

/* `extras` says what there is to do, `into`, which is `number`, is where it counts. */
static __always_inline void count(struct rps_region *into, __u32 number, __u32 extras,
				  const struct decision *decision, bool direct)
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
		/* What has no directory any more may become another device without a word. */
		if (!(extras & RPS_UNTOLD) && instance)
			remember(into, address_of(decision->dev), decision->flow,
				 steering_of(READ(direct, skb, queue_mapping), decision->target),
				 row);
	}
	if (extras & RPS_PREDICT)
		predict_for(decision, into, number, device, segments, direct);
}

/* Whether RFS chose, from what an fexit program gets. The verifier refuses to load a pointer to a pointer. */
static __always_inline bool flow_of(const __u64 *ctx)
{
	return (int)ctx[3] >= 0 && chosen_by_rfs((const void *)word_at(&ctx[2]));
}

/* All that a call may need, off the common ways. As above; `ctx` is that of an fexit program. */
static __noinline int count_all(const __u64 *ctx, struct rps_region *into, __u32 number,
				__u32 extras)
{
	struct decision decision = {
		.dev = (struct net_device *)ctx[0],
		.skb = (struct sk_buff *)ctx[1],
		.target = ctx[3],
		.flow = extras & RPS_RFS && flow_of(ctx),
	};

	count(into, number, extras, &decision, true);
	return 0;
}

/* What is not as usual, on kernels that keep a program from interrupting itself. */
static __noinline int count_looking(const __u64 *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id(), extras;
	struct sk_buff *skb = (struct sk_buff *)ctx[1];
	struct rps_region *region;
	struct rps_row *row;
	bool flow;

	if (!find_region(cpu, &region))
		return 0;
	extras = extras_of(region);
	flow = extras & RPS_RFS && flow_of(ctx);
	if (!find_shortcut(region, address_of((void *)ctx[0]), flow,
			   steering_of(skb->queue_mapping, ctx[3]), extras & ~RPS_RFS, &row))
		return count_all(ctx, region, cpu, extras);
	add(row, skb->len, segments_of(skb, true));
	return 0;
}

/*
 * For kernels that keep a program from interrupting itself. Counts what is one segment and has a shortcut to its row, and
 * leaves all else to the above. Nearly all that it costs is reading the kernel's memory, and branches: there is one.
 */
SEC("exit")
int get_rps_cpu(const __u64 *ctx)
{
	struct rps_region *region;
	struct sk_buff *skb;
	struct rps_row *row;

	if (!find_region(this_cpu(), &region))
		return 0;
	skb = (struct sk_buff *)ctx[1];
	if (!find_shortcut(region, address_of((void *)ctx[0]), false,
			   steering_of(skb->queue_mapping, ctx[3]),
			   region->extras | may_be_split(skb, true), &row))
		return count_looking(ctx);
	row->skbs++;
	row->bytes += skb->len;
	return 0;
}

/* The same for packets that match the filter. */
static __noinline int count_matching(const __u64 *ctx, struct rps_region *into, __u32 number,
				     __u32 extras)
{
	if (!matches(&into->packet, (struct net_device *)ctx[0], (struct sk_buff *)ctx[1]))
		return 0;
	return count_all(ctx, into, number, extras);
}

SEC("exit")
int get_rps_cpu_filtered(const __u64 *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);

	return region ? count_matching(ctx, region, cpu, region->extras) : 0;
}

/*
 * For kernels that do not keep a program from interrupting itself. Interrupts end in the order opposite to how they
 * began, so `depth` needs no atomics.
 */
static __always_inline int count_nested(const __u64 *ctx, bool filtered)
{
	__u32 cpu = bpf_get_smp_processor_id(), number = cpu;
	struct rps_region *region = region_of(cpu), *into = region;
	volatile __u32 *running;
	__u32 depth;

	if (!region)
		return 0;
	running = &region->depth;
	depth = *running;
	*running = depth + 1;
	if (depth) {
		number = cpu + CONSTANT(RPS_NESTED_BASE);
		into = region_of(number);
	}
	/* Hard interrupts do not interrupt each other: there is no third level to count for. */
	if (!into || depth >= 2)
		__sync_fetch_and_add(&region->lost, 1);
	else if (filtered)
		count_matching(ctx, into, number, region->extras);
	else
		count_all(ctx, into, number, region->extras);
	*running = depth;
	return 0;
}

SEC("exit")
int get_rps_cpu_old(const __u64 *ctx)
{
	return count_nested(ctx, false);
}

SEC("exit")
int get_rps_cpu_old_filtered(const __u64 *ctx)
{
	return count_nested(ctx, true);
}

/*
 * Kprobes see registers, and memory by a cast at best. The kernel runs one kprobe program at a time on a CPU
 * (trace_call_bpf() in kernel/trace/bpf_trace.c), so one region is enough on every version.
 */
static __always_inline void count_probed(struct rps_region *region, __u32 cpu, __u32 extras,
					 struct decision *decision, bool filtered)
{
	if (filtered && !matches(&region->packet, decision->dev, decision->skb))
		return;
	if (decision->target >= 0 && extras & RPS_RFS)
		decision->flow = chosen_by_rfs(decision->rflowp);
	if (CONSTANT(RPS_CASTS)) {
		decision->dev = cast(decision->dev, CONSTANT(RPS_NET_DEVICE));
		decision->skb = cast(decision->skb, CONSTANT(RPS_SK_BUFF));
		count(region, cpu, extras, decision, true);
	} else {
		count(region, cpu, extras, decision, false);
	}
}

/*
 * enqueue_to_backlog(skb, cpu, qtail) is where steered packets go. netif_rx() sends those that stay on their CPU there
 * as well, whoever decided that: they are left out. `qtail` points into the flow that chose, which is a variable of
 * the caller unless RFS found one in its table.
 */
static __always_inline int count_enqueued(struct registers *ctx, bool filtered)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);
	__u64 above_caller = ARGUMENT_3(ctx) - CALLER_AT_ENTRY(ctx);
	struct decision decision = {
		.skb = (struct sk_buff *)ARGUMENT_1(ctx),
		.target = ARGUMENT_2(ctx),
		.flow = above_caller >= 4096,
	};

	if (!region || decision.target == (int)cpu)
		return 0;
	decision.dev = (void *)word_at(&decision.skb->dev);
	/* It knows who chose, and sees too little to predict from. */
	count_probed(region, cpu, RPS_UNTOLD, &decision, filtered);
	return 0;
}

SEC("entry")
int enqueue_to_backlog(struct registers *ctx)
{
	return count_enqueued(ctx, false);
}

SEC("entry")
int enqueue_to_backlog_filtered(struct registers *ctx)
{
	return count_enqueued(ctx, true);
}

SEC("entry")
int get_rps_cpu_called(struct registers *ctx)
{
	struct rps_region *region = region_of(bpf_get_smp_processor_id());
	struct calls *open = open_calls();
	struct call *call;

	if (!region || !open)
		return 0;
	call = call_of(open, CALLER_AT_ENTRY(ctx), true);
	/* Whose place this takes has returned without being seen. */
	if (call->caller)
		region->unpaired++;
	call->caller = CALLER_AT_ENTRY(ctx);
	call->dev = (void *)ARGUMENT_1(ctx);
	call->skb = (void *)ARGUMENT_2(ctx);
	call->rflowp = (void *)ARGUMENT_3(ctx);
	return 0;
}

static __always_inline int count_returned(struct registers *ctx, bool filtered)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);
	struct calls *open = open_calls();
	struct decision decision = {.target = RETURNED(ctx)};
	struct call *call;

	if (!region || !open)
		return 0;
	call = call_of(open, CALLER_AT_RETURN(ctx), false);
	if (!call) {
		region->unpaired++;
		return 0;
	}
	call->caller = 0;
	decision.dev = (void *)call->dev;
	decision.skb = (void *)call->skb;
	decision.rflowp = call->rflowp;
	count_probed(region, cpu, region->extras, &decision, filtered);
	return 0;
}

SEC("return")
int get_rps_cpu_returned(struct registers *ctx)
{
	return count_returned(ctx, false);
}

SEC("return")
int get_rps_cpu_returned_filtered(struct registers *ctx)
{
	return count_returned(ctx, true);
}
