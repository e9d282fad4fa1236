/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The programs of the backend fexit. */
#ifndef KERNEL_FEXIT_BPF_H
#define KERNEL_FEXIT_BPF_H

#include "kernel/count.bpf.h"
#include "kernel/filter.bpf.h"

/*
 * Whether RFS chose the target. `ctx` is that of an fexit program: the verifier refuses to load its third argument, a pointer to a
 * pointer, so a helper reads it.
 */
static __always_inline bool flow_of(const __u64 *ctx)
{
	return (int)ctx[3] >= 0 && chosen_by_rfs((const void *)word_at(&ctx[2]));
}

/* Counts a call with every extra. `ctx` is that of an fexit program; the rest as for count(). */
static __noinline int count_all(const __u64 *ctx, struct rps_region *into, __u32 number,
				__u32 extras)
{
	struct returned_call decision = {
		.dev = (struct net_device *)ctx[0],
		.skb = (struct sk_buff *)ctx[1],
		.target = ctx[3],
		.flow = extras & RPS_RFS && flow_of(ctx),
	};

	count(into, number, extras, &decision, true);
	return 0;
}

/* Slow path, Linux 5.12 and newer: RFS, several segments, no shortcut. */
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
 * Fast path, Linux 5.12 and newer, which keep a program from interrupting itself. Counts a packet of one segment whose row has a
 * shortcut; count_looking() counts the rest. It has one branch: reads of kernel memory and branches are nearly all of its cost.
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

/* Counts a call as count_all() does if its packet matches the filter. */
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
 * Before Linux 5.12 a program may interrupt itself. Interrupts nest: each ends before the one it interrupted goes on, so `depth` needs
 * no atomics.
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
	/* Hard interrupts do not interrupt each other, so there is no third region. */
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

#endif
