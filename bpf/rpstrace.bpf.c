// SPDX-License-Identifier: MIT OR GPL-2.0
/* Counts what get_rps_cpu() (net/core/dev.c) returns. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "kernel.h"
#include "rpstrace.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* How many slots are tried for a key: enough that a key finds a row until the table is nearly full. */
#define PROBES 64

/* Set before loading, so the verifier sees constants and removes what they switch off. */
const volatile __u32 row_mask = 1023; /* rows in a region, minus 1 */
const volatile __u32 nested_base = 0; /* first region of interrupting calls; 0: the kernel guards */

/* Kept up to date while running: whether RFS may be on, so that telling its choices apart is worth two reads. */
__u8 rfs = 1;

/* The loader sets the real sizes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size,
	       sizeof(struct rps_region) + 1024 * (sizeof(struct rps_row) + sizeof(__u32)));
} regions SEC(".maps");

static __always_inline struct rps_row *claim(struct rps_region *region, __u32 slot, __u64 device,
					     __u64 path)
{
	struct rps_row *row = &region->rows[slot];
	__u32 *order = (__u32 *)&region->rows[row_mask + 1];
	__u32 place = region->claimed & row_mask;

	barrier_var(place);
	row->device = device;
	row->path = path;
	order[place] = slot + 1;
	region->claimed++;
	return row;
}

/* The row of a key, claimed if it is new. NULL, and counted as lost, when there is no room. */
static __always_inline struct rps_row *find_row(struct rps_region *region, __u64 device, __u64 path)
{
	__u64 hash = (device ^ path * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
	__u32 place = hash >> 40;
	__u32 step = (__u32)hash | 1; /* odd: it visits every slot of a power of two */

	for (int i = 0; i < PROBES; i++, place += step) {
		__u32 slot = place & row_mask;
		struct rps_row *row;

		/* Without this, clang merges the mask into the address and the verifier loses the bound. */
		barrier_var(slot);
		row = &region->rows[slot];
		if (row->path == path && row->device == device)
			return row;
		if (!row->path)
			return claim(region, slot, device, path);
	}
	region->lost++;
	return NULL;
}

static __always_inline void add(struct rps_region *region, __u64 device, __u64 path, __u32 segments,
				__u32 bytes)
{
	struct rps_row *row = find_row(region, device, path);

	if (!row)
		return;
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

	if (!rfs)
		return RPS_MAP;
	bpf_probe_read_kernel(&rflowp, sizeof(rflowp), rflowp_argument);
	bpf_probe_read_kernel(&rflow, sizeof(rflow), (void *)rflowp);
	return rflow - rflowp + 4096 < 8192 ? RPS_MAP : RPS_FLOW;
}

static __always_inline void count(struct net_device *dev, struct sk_buff *skb, int target,
				  enum rps_verdict verdict)
{
	__u64 device = (__u64)dev->nd_net.net->ns.inum << 32 | (__u32)dev->ifindex;
	__u32 recorded = skb->queue_mapping;
	__u32 queue = recorded ? recorded - 1 : 0;
	__u64 path = RPS_USED | (__u64)verdict << 32 | queue << 16 | (__u16)target;
	__u32 segments = segments_of(skb);
	__u32 cpu = bpf_get_smp_processor_id();
	struct rps_region *region = bpf_map_lookup_elem(&regions, &cpu);
	struct rps_region *nested;
	__u32 depth;

	if (!region)
		return;
	if (!nested_base) {
		add(region, device, path, segments, skb->len);
		return;
	}
	depth = *(volatile __u32 *)&region->depth;
	*(volatile __u32 *)&region->depth = depth + 1;
	if (!depth) {
		add(region, device, path, segments, skb->len);
	} else if (depth == 1) {
		cpu += nested_base;
		nested = bpf_map_lookup_elem(&regions, &cpu);
		if (nested)
			add(nested, device, path, segments, skb->len);
	} else {
		__sync_fetch_and_add(&region->lost, 1);
	}
	*(volatile __u32 *)&region->depth = depth;
}

SEC("fexit/get_rps_cpu")
int BPF_PROG(fexit_get_rps_cpu, struct net_device *dev, struct sk_buff *skb,
	     struct rps_dev_flow **rflowp, int target)
{
	(void)rflowp; /* the verifier refuses to load a pointer to a pointer: read through ctx */
	count(dev, skb, target, target < 0 ? RPS_NONE : chosen_by(&ctx[2]));
	return 0;
}
