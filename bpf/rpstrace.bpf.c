// SPDX-License-Identifier: MIT OR GPL-2.0
/* Counts what get_rps_cpu() (net/core/dev.c) returns. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "filter.bpf.h"
#include "kernel.h"
#include "registers.h"
#include "rpstrace.h"
#include "shadow.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* How many slots are tried for a key: near, a few; far, enough to find a row until the table is nearly full. */
#define NEAR_PROBES 4
#define FAR_PROBES 64

/* Set before loading, and looked at only off the common way: each is one more page of memory to touch. */
const volatile __u32 far_mask = 1023;  /* far rows in a region, minus 1 */
const volatile __u32 row_limit = 1024; /* rows that may be in use in a region */
const volatile __u32 nested_base = 1;  /* first region of interrupting calls */

/* Set before loading: with false, the verifier removes all that has to do with filters. */
const volatile bool filtering = false;

/* The loader sets the real sizes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 16 * RPS_PAGE);
} regions SEC(".maps");

static __always_inline struct rps_row *claim(struct rps_region *region, __u32 slot, __u64 device,
					     __u64 path)
{
	struct rps_row *row = &region->rows[slot];
	__u32 *order = (__u32 *)&region->rows[RPS_NEAR + far_mask + 1];
	__u32 place = region->claimed;

	if (place >= row_limit)
		return NULL;
	/* The limit is not above the far rows; the mask is for the verifier. */
	place &= far_mask;
	barrier_var(place);
	row->device = device;
	row->path = path;
	order[place] = slot + 1;
	region->claimed++;
	return row;
}

/* The row of a key among `mask` + 1 rows from `first`, claimed if it is new. NULL when it is not there. */
static __always_inline struct rps_row *probe(struct rps_region *region, __u32 first, __u32 mask,
					     int probes, __u64 device, __u64 path)
{
	__u64 hash = (device ^ path * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
	__u32 place = hash >> 40;
	__u32 step = (__u32)hash | 1; /* odd: it visits every slot of a power of two */

	for (int i = 0; i < probes; i++, place += step) {
		__u32 slot = place & mask;
		struct rps_row *row;

		/* Without this, clang merges the mask into the address and the verifier loses the bound. */
		barrier_var(slot);
		slot += first;
		row = &region->rows[slot];
		if (row->path == path && row->device == device)
			return row;
		if (!row->path)
			return claim(region, slot, device, path);
	}
	return NULL;
}

static __always_inline void add(struct rps_region *region, __u64 device, __u64 path, __u32 segments,
				__u32 bytes)
{
	struct rps_row *row = probe(region, 0, RPS_NEAR - 1, NEAR_PROBES, device, path);

	if (!row)
		row = probe(region, RPS_NEAR, far_mask, FAR_PROBES, device, path);
	if (!row) {
		region->lost++;
		return;
	}
	row->skbs++;
	row->segments += segments;
	row->bytes += bytes;
}

static __always_inline __u64 device_key(__u32 netns, __u32 ifindex)
{
	return (__u64)netns << 32 | ifindex;
}

/* `recorded` is the receive queue, plus 1, if the driver recorded any. */
static __always_inline __u32 queue_of(__u32 recorded)
{
	return recorded ? recorded - 1 : 0;
}

/* `inode` is that of the device's directory. */
static __always_inline __u64 path_key(__u64 inode, __u32 recorded, int target,
				      enum rps_verdict verdict)
{
	return RPS_USED | RPS_INSTANCE(inode) << RPS_INSTANCE_SHIFT | (__u64)verdict << 32 |
	       queue_of(recorded) << 16 | (__u16)target;
}

static __always_inline __u32 segments_of(struct sk_buff *skb)
{
	struct skb_shared_info *shared;
	__u16 segments;

	/* Merged or to be split means pages beyond the head; the rest needs no look at skb_shared_info. */
	if (!skb->data_len)
		return 1;
	shared = (struct skb_shared_info *)(skb->head + skb->end);
	segments = BPF_CORE_READ(shared, gso_segs);
	return segments ?: 1;
}

/*
 * RFS lets *rflowp point into its flow table, which is vmalloc'ed. Otherwise it still points at a variable of the
 * caller, in the same stack frame as the pointer itself.
 */
static __always_inline enum rps_verdict chosen_by(__u64 rflowp)
{
	__u64 rflow = 0;

	bpf_probe_read_kernel(&rflow, sizeof(rflow), (void *)rflowp);
	return rflow - rflowp + 4096 < 8192 ? RPS_MAP : RPS_FLOW;
}

static __always_inline struct rps_region *region_of(__u32 number)
{
	return bpf_map_lookup_elem(&regions, &number);
}

/* One call of get_rps_cpu(). `region` says what to look at, `into`, which is `number`, is where it counts. */
static __always_inline void count(const struct rps_region *region, struct rps_region *into,
				  __u32 number, struct net_device *dev, struct sk_buff *skb,
				  void *rflowp_argument, int target)
{
	__u64 device = device_key(dev->nd_net.net->ns.inum, dev->ifindex);
	enum rps_verdict verdict = RPS_MAP;
	__u64 rflowp = 0;
	__u32 segments;

	if (filtering && !matches(&into->packet, dev, skb))
		return;
	if (target < 0) {
		verdict = RPS_NONE;
	} else if (region->rfs) {
		bpf_probe_read_kernel(&rflowp, sizeof(rflowp), rflowp_argument);
		verdict = chosen_by(rflowp);
	}
	segments = segments_of(skb);
	add(into, device, path_key(dev->dev.kobj.sd->id, skb->queue_mapping, target, verdict),
	    segments, skb->len);
	if (region->shadow) {
		const struct packet packet = {
			.device = device,
			.queue = queue_of(skb->queue_mapping),
			.hash = skb->hash,
			.counted = {.skbs = 1, .segments = segments, .bytes = skb->len},
			.target = target,
			.flow = verdict == RPS_FLOW,
			.certain = BPF_CORE_READ_BITFIELD(skb, l4_hash) ||
				   BPF_CORE_READ_BITFIELD(skb, sw_hash),
		};

		shadow(number, &packet);
	}
}

/* For kernels that keep a program from interrupting itself. */
SEC("fexit/get_rps_cpu")
int BPF_PROG(get_rps_cpu, struct net_device *dev, struct sk_buff *skb, struct rps_dev_flow **rflowp,
	     int target)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);

	(void)rflowp; /* the verifier refuses to load a pointer to a pointer: it is read through ctx */
	if (region)
		count(region, region, cpu, dev, skb, &ctx[2], target);
	return 0;
}

/* For those that do not. Interrupts end in the order opposite to how they began, so `depth` needs no atomics. */
SEC("fexit/get_rps_cpu")
int BPF_PROG(get_rps_cpu_old, struct net_device *dev, struct sk_buff *skb,
	     struct rps_dev_flow **rflowp, int target)
{
	__u32 cpu = bpf_get_smp_processor_id(), number = cpu;
	struct rps_region *region = region_of(cpu), *into = region;
	volatile __u32 *running;
	__u32 depth;

	(void)rflowp;
	if (!region)
		return 0;
	running = &region->depth;
	depth = *running;
	*running = depth + 1;
	if (depth) {
		number = cpu + nested_base;
		into = region_of(number);
	}
	/* Hard interrupts do not interrupt each other: there is no third level to count for. */
	if (into && depth < 2)
		count(region, into, number, dev, skb, &ctx[2], target);
	else
		__sync_fetch_and_add(&region->lost, 1);
	*running = depth;
	return 0;
}

/*
 * Kprobes see registers, and memory only through bpf_probe_read_kernel(). The kernel runs one kprobe program at a time
 * on a CPU (trace_call_bpf() in kernel/trace/bpf_trace.c), so one region is enough on every version. `complete`: all
 * decisions are seen, so that it makes sense to predict others.
 */
static __always_inline void count_unchecked(struct rps_region *region, struct net_device *dev,
					    struct sk_buff *skb, int target,
					    enum rps_verdict verdict, bool complete)
{
	__u64 device =
		device_key(BPF_CORE_READ(dev, nd_net.net, ns.inum), BPF_CORE_READ(dev, ifindex));
	__u64 path = path_key(BPF_CORE_READ(dev, dev.kobj.sd, id),
			      BPF_CORE_READ(skb, queue_mapping), target, verdict);
	__u16 segments = 0;

	if (filtering && !matches(&region->packet, dev, skb))
		return;
	if (BPF_CORE_READ(skb, data_len)) {
		unsigned char *shared = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end);

		segments = BPF_CORE_READ((struct skb_shared_info *)shared, gso_segs);
	}
	add(region, device, path, segments ?: 1, BPF_CORE_READ(skb, len));
	if (complete && region->shadow) {
		const struct packet packet = {
			.device = device,
			.queue = queue_of(BPF_CORE_READ(skb, queue_mapping)),
			.hash = BPF_CORE_READ(skb, hash),
			.counted = {.skbs = 1,
				    .segments = segments ?: 1,
				    .bytes = BPF_CORE_READ(skb, len)},
			.target = target,
			.flow = verdict == RPS_FLOW,
			.certain = BPF_CORE_READ_BITFIELD_PROBED(skb, l4_hash) ||
				   BPF_CORE_READ_BITFIELD_PROBED(skb, sw_hash),
		};

		shadow(bpf_get_smp_processor_id(), &packet);
	}
}

/*
 * enqueue_to_backlog(skb, cpu, qtail) is where steered packets go. netif_rx() sends those that stay on their CPU there
 * as well, whoever decided that: they are left out. `qtail` points into the flow that chose, which is a variable of
 * the caller unless RFS found one in its table.
 */
SEC("kprobe/enqueue_to_backlog")
int enqueue_to_backlog(struct registers *ctx)
{
	struct sk_buff *skb = (struct sk_buff *)ARGUMENT_1(ctx);
	int target = ARGUMENT_2(ctx);
	__u64 above_caller = ARGUMENT_3(ctx) - CALLER_AT_ENTRY(ctx);
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu);

	if (!region || target == (int)cpu)
		return 0;
	count_unchecked(region, BPF_CORE_READ(skb, dev), skb, target,
			above_caller < 4096 ? RPS_MAP : RPS_FLOW, false);
	return 0;
}

/*
 * A call of get_rps_cpu() that has not returned. Calls on a CPU have different callers' stack pointers, on interrupts'
 * stacks as well: that is what a return is recognised by. A task's id would not do, it is 0 on every idle CPU.
 */
struct call {
	__u64 caller; /* stack pointer; 0: none */
	struct net_device *dev;
	struct sk_buff *skb;
	__u64 rflowp;
};

/* Task, soft interrupt, hard interrupt, and one to spare. */
#define CALLS 4

struct calls {
	struct call list[CALLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct calls);
} calls SEC(".maps");

/* The call with this caller, or else a free place when `caller` may take one. */
static __always_inline struct call *call_of(struct calls *open, __u64 caller, bool take)
{
	struct call *free = NULL;

	for (int i = 0; i < CALLS; i++) {
		if (open->list[i].caller == caller)
			return &open->list[i];
		if (!open->list[i].caller)
			free = &open->list[i];
	}
	return take ? free ?: &open->list[0] : NULL;
}

SEC("kprobe/get_rps_cpu")
int get_rps_cpu_called(struct registers *ctx)
{
	struct rps_region *region = region_of(bpf_get_smp_processor_id());
	__u32 only = 0;
	struct calls *open = bpf_map_lookup_elem(&calls, &only);
	struct call *call;

	if (!region || !open)
		return 0;
	call = call_of(open, CALLER_AT_ENTRY(ctx), true);
	/* Whose place this takes has returned without being seen. */
	if (call->caller)
		region->unpaired++;
	call->caller = CALLER_AT_ENTRY(ctx);
	call->dev = (struct net_device *)ARGUMENT_1(ctx);
	call->skb = (struct sk_buff *)ARGUMENT_2(ctx);
	call->rflowp = ARGUMENT_3(ctx);
	return 0;
}

SEC("kretprobe/get_rps_cpu")
int get_rps_cpu_returned(struct registers *ctx)
{
	struct rps_region *region = region_of(bpf_get_smp_processor_id());
	__u32 only = 0;
	struct calls *open = bpf_map_lookup_elem(&calls, &only);
	int target = RETURNED(ctx);
	enum rps_verdict verdict = RPS_MAP;
	struct call *call;

	if (!region || !open)
		return 0;
	call = call_of(open, CALLER_AT_RETURN(ctx), false);
	if (!call) {
		region->unpaired++;
		return 0;
	}
	call->caller = 0;
	if (target < 0)
		verdict = RPS_NONE;
	else if (region->rfs)
		verdict = chosen_by(call->rflowp);
	count_unchecked(region, call->dev, call->skb, target, verdict, true);
	return 0;
}
