/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The counters, as rpstrace.h lays them out. */
#ifndef ROWS_BPF_H
#define ROWS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "reads.bpf.h"
#include "rpstrace.h"

/*
 * How many slots are tried for a key. Of the far ones half are in use at most, so that a key finds none in one of 2^24
 * cases. The verifier goes through each try, which takes most of the time that loading does.
 */
#define NEAR_PROBES 4
#define FAR_PROBES 24

/* The loader sets the real sizes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 16 * RPS_PAGE);
} regions SEC(".maps");

static __always_inline struct rps_region *region_of(__u32 number)
{
	return bpf_map_lookup_elem(&regions, &number);
}

static __always_inline struct rps_row *claim(struct rps_region *region, __u32 slot, __u64 device,
					     __u64 path)
{
	__u32 far_mask = CONSTANT(RPS_FAR_MASK);
	struct rps_row *row = &region->rows[slot];
	__u32 *order = (__u32 *)&region->rows[RPS_NEAR + far_mask + 1];
	__u32 place = region->claimed;

	if (place >= CONSTANT(RPS_ROW_LIMIT))
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

/* Neighbouring targets and queues come to lie apart by it: multiplication by the golden ratio. */
static __always_inline __u64 hash_of(__u64 device, __u64 path)
{
	return (device ^ path) * 0x9e3779b97f4a7c15ULL;
}

/*
 * The row of a key among `mask` + 1 rows from `first`, claimed if it is new. NULL when it is not there. What is found is
 * looked at behind the loop, so that the verifier does that once.
 */
static __always_inline struct rps_row *probe(struct rps_region *region, __u32 first, __u32 mask,
					     __u32 place, int probes, __u64 device, __u64 path)
{
	__u32 step =
		(__u32)hash_of(device, path) | 1; /* odd: it visits every slot of a power of two */
	struct rps_row *row = NULL;
	__u32 slot = 0;

	for (int i = 0; i < probes; i++, place += step) {
		slot = place & mask;
		/* Without this, clang merges the mask into the address and the verifier loses the bound. */
		barrier_var(slot);
		slot += first;
		row = &region->rows[slot];
		if (!row->path || (row->path == path && row->device == device))
			break;
		row = NULL;
	}
	if (row && !row->path)
		return claim(region, slot, device, path);
	return row;
}

/* The number of the first near row that is tried: the highest bits, which need no mask. */
static __always_inline __u32 near_place(__u64 device, __u64 path)
{
	return hash_of(device, path) >> (64 - RPS_NEAR_BITS);
}

static __always_inline void add(struct rps_row *row, __u32 bytes, __u32 segments)
{
	row->skbs++;
	row->bytes += bytes;
	row->more += segments - 1;
}

/*
 * Counts in a row that is not at its first place, or nowhere yet; lost when all is full. A global function, which the
 * verifier goes through once and not again for each way that leads here: that was nearly a third of what starting takes.
 */
__noinline int search(__u32 number, __u64 device, __u64 path, __u32 bytes, __u32 segments)
{
	struct rps_region *region = region_of(number);
	struct rps_row *row;

	if (!region)
		return 0;
	row = probe(region, 0, RPS_NEAR - 1, near_place(device, path), NEAR_PROBES, device, path);
	if (!row)
		row = probe(region, RPS_NEAR, CONSTANT(RPS_FAR_MASK), hash_of(device, path) >> 40,
			    FAR_PROBES, device, path);
	if (row)
		add(row, bytes, segments);
	else
		region->lost++;
	return 0;
}

/* The row where a key is looked for first. */
static __always_inline struct rps_row *first_row(struct rps_region *region, __u64 device,
						 __u64 path)
{
	return &region->rows[near_place(device, path)];
}

/* Not 0 when a row is another key's, or nobody's. One branch of the caller instead of the two that clang would make of it. */
static __always_inline __u64 unlike(const struct rps_row *row, __u64 device, __u64 path)
{
	__u64 difference = row->path ^ path;

	barrier_var(difference);
	return difference | (row->device ^ device);
}

/* `instance` is the inode of the device's directory, `target` negative for none. */
static __always_inline __u64 path_key(__u64 instance, __u32 queue, int target, bool flow)
{
	return RPS_USED | instance << RPS_INSTANCE_SHIFT | (flow ? RPS_BY_FLOW : 0) | queue << 16 |
	       (__u16)target;
}

#endif
