// SPDX-License-Identifier: MIT OR GPL-2.0
/* Counts what get_rps_cpu() (net/core/dev.c) returns. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "kernel.h"
#include "rpstrace.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* How many slots are tried for a key: near, a few; far, enough to find a row until the table is nearly full. */
#define NEAR_PROBES 4
#define FAR_PROBES 64

/* Set before loading, and looked at only off the common way: each is one more page of memory to touch. */
const volatile __u32 far_mask = 1023;  /* far rows in a region, minus 1 */
const volatile __u32 row_limit = 1024; /* rows that may be in use in a region */
const volatile __u32 nested_base = 1;  /* first region of interrupting calls */

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
static __always_inline enum rps_verdict chosen_by(void *rflowp_argument)
{
	__u64 rflowp = 0, rflow = 0;

	bpf_probe_read_kernel(&rflowp, sizeof(rflowp), rflowp_argument);
	bpf_probe_read_kernel(&rflow, sizeof(rflow), (void *)rflowp);
	return rflow - rflowp + 4096 < 8192 ? RPS_MAP : RPS_FLOW;
}

static __always_inline struct rps_region *region_of(__u32 number)
{
	return bpf_map_lookup_elem(&regions, &number);
}

/* One call of get_rps_cpu(). `region` says what to look at, `into` is where it counts. */
static __always_inline void count(const struct rps_region *region, struct rps_region *into,
				  struct net_device *dev, struct sk_buff *skb,
				  void *rflowp_argument, int target)
{
	__u64 device = (__u64)dev->nd_net.net->ns.inum << 32 | (__u32)dev->ifindex;
	__u32 recorded = skb->queue_mapping;
	__u32 queue = recorded ? recorded - 1 : 0;
	__u64 path = RPS_USED | queue << 16 | (__u16)target;

	if (target < 0)
		path |= (__u64)RPS_NONE << 32;
	else if (region->rfs)
		path |= (__u64)chosen_by(rflowp_argument) << 32;
	add(into, device, path, segments_of(skb), skb->len);
}

/* For kernels that keep a program from interrupting itself. */
SEC("fexit/get_rps_cpu")
int BPF_PROG(get_rps_cpu, struct net_device *dev, struct sk_buff *skb, struct rps_dev_flow **rflowp,
	     int target)
{
	struct rps_region *region = region_of(bpf_get_smp_processor_id());

	(void)rflowp; /* the verifier refuses to load a pointer to a pointer: it is read through ctx */
	if (region)
		count(region, region, dev, skb, &ctx[2], target);
	return 0;
}

/* For those that do not. Interrupts end in the order opposite to how they began, so `depth` needs no atomics. */
SEC("fexit/get_rps_cpu")
int BPF_PROG(get_rps_cpu_old, struct net_device *dev, struct sk_buff *skb,
	     struct rps_dev_flow **rflowp, int target)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = region_of(cpu), *into = region;
	volatile __u32 *running;
	__u32 depth;

	(void)rflowp;
	if (!region)
		return 0;
	running = &region->depth;
	depth = *running;
	*running = depth + 1;
	if (depth)
		into = region_of(cpu + nested_base);
	/* Hard interrupts do not interrupt each other: there is no third level to count for. */
	if (into && depth < 2)
		count(region, into, dev, skb, &ctx[2], target);
	else
		__sync_fetch_and_add(&region->lost, 1);
	*running = depth;
	return 0;
}
