/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The programs of the backends kprobe and kretprobe. */
#ifndef KERNEL_KPROBES_BPF_H
#define KERNEL_KPROBES_BPF_H

#include "kernel/calls.bpf.h"
#include "kernel/count.bpf.h"
#include "kernel/filter.bpf.h"
#include "kernel/pt_regs.h"

/*
 * Counts a call that kprobes saw. They get registers and read memory by a helper, or by a cast where the kernel has it. The kernel runs one kprobe program at a time on a CPU
 * (trace_call_bpf() in kernel/trace/bpf_trace.c), so one region is enough on every version.
 */
static __always_inline void count_probed(struct rps_region *region, __u32 cpu, __u32 extras,
					 struct returned_call *decision, bool filtered)
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
 * Counts a call of enqueue_to_backlog(skb, cpu, qtail), where steered packets go. netif_rx() also calls it for packets that stay on
 * their CPU; those are left out. `qtail` points into the flow table if RFS chose the target, else into a variable of the caller.
 */
static __always_inline int count_enqueued(struct registers *ctx, bool filtered)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);
	__u64 above_caller = ARGUMENT_3(ctx) - CALLER_AT_ENTRY(ctx);
	struct returned_call decision = {
		.skb = (struct sk_buff *)ARGUMENT_1(ctx),
		.target = ARGUMENT_2(ctx),
		.flow = above_caller >= 4096,
	};

	if (!region || decision.target == (int)cpu)
		return 0;
	decision.dev = (void *)word_at(&decision.skb->dev);
	/* No RPS_RFS, as `flow` is known; no RPS_PREDICT, as decisions without a target are not seen. */
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
	/* The call that held this place has returned unseen. */
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
	struct returned_call decision = {.target = RETURNED(ctx)};
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

#endif
