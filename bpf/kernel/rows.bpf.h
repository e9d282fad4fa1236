/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The counters, as abi/counters.h lays them out. */
#ifndef KERNEL_ROWS_BPF_H
#define KERNEL_ROWS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "abi/counters.h"
#include "kernel/reads.bpf.h"
#include "kernel/regions.bpf.h"

/*
 * How many slots are tried for a key. Of the far ones half are in use at most, so that a key finds none in one of 2^24
 * cases. The verifier goes through each try, which takes most of the time that loading does.
 */
#define NEAR_PROBES 4
#define FAR_PROBES 24

/*
 * For a branch that the verifier may know is never taken: it removes the branch where nobody else comes to what follows, and so
 * not even the compiler may join it with anything.
 */
#define UNLIKE_ANY_OTHER asm volatile("r1 = 0" ::: "r1")

/* bpf_get_smp_processor_id() returns no more than 32 bits, but clang would make sure of it. */
static __u64 (*const this_cpu)(void) = (void *)BPF_FUNC_get_smp_processor_id;

/* A function, so that who need not look it up carries none of this along. */
static __noinline struct rps_region *look_up(__u32 number)
{
	return bpf_map_lookup_elem(&regions, &number);
}

/*
 * False when there is no such region. An address that is known when the program is loaded costs less than half of what a
 * lookup does.
 */
static __always_inline bool find_region(__u64 number, struct rps_region **region)
{
	__u64 all = (__u64)RPS_REGIONS_MARK << 32;

	if (!CONSTANT(RPS_REGIONS)) {
		*region = look_up(number);
		return *region;
	}
	/* The verifier knows better from Linux 6.8 on (f42bcd168d03). */
	if (number >= CONSTANT(RPS_REGIONS)) {
		UNLIKE_ANY_OTHER;
		return false;
	}
	barrier_var(all);
	*region = (struct rps_region *)(all + number * CONSTANT(RPS_STRIDE));
	return true;
}

/* The same, or NULL. */
static __always_inline struct rps_region *region_of(__u32 number)
{
	struct rps_region *region;

	return find_region(number, &region) ? region : NULL;
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

/* What there is to do beyond counting, once shortcuts that may lead to another device's row are forgotten. */
static __always_inline __u32 extras_of(struct rps_region *region)
{
	__u32 extras = region->extras;

	if (!(extras & RPS_MOVED))
		return extras;
	/* Before that: what moves after it is told again. It also keeps the looks at devices that follow behind it. */
	extras = __sync_fetch_and_and(&region->extras, ~RPS_MOVED);
	for (int i = 0; i < RPS_SHORTCUTS; i++)
		region->shortcuts[i].device = 0;
	return extras;
}

static __always_inline struct rps_shortcut *shortcut_of(struct rps_region *region, __u64 device,
							__u32 steering)
{
	__u32 mixed = ((__u32)device ^ steering) * 0x9e3779b1U;

	return &region->shortcuts[mixed >> (32 - RPS_SHORTCUT_BITS)];
}

/* A queue as it was recorded, and a target. Each pair makes another number, as a target is below 65535 or -1. */
static __always_inline __u32 steering_of(__u32 recorded, int target)
{
	return recorded << 16 ^ target;
}

/*
 * The row of a device, and what RFS chose for it or not. False when there is no shortcut to it, or `otherwise` is not 0. Wherever
 * the row is, it is within the page, which is all that the verifier wants to know.
 */
static __always_inline bool find_shortcut(struct rps_region *region, __u64 device, bool flow,
					  __u32 steering, __u32 otherwise, struct rps_row **row)
{
	const struct rps_shortcut *shortcut = shortcut_of(region, device, steering);
	__u64 difference = shortcut->device ^ device ^ flow, found = shortcut->row;

	/* Without this, clang makes branches of it. */
	barrier_var(difference);
	difference |= (__u32)found ^ steering;
	difference |= otherwise;
	*row = (void *)region + (found >> RPS_OFFSET_SHIFT);
	return !difference;
}

/* Lets a row be found by where its device is. */
static __always_inline void remember(struct rps_region *region, __u64 device, bool flow,
				     __u32 steering, const struct rps_row *row)
{
	struct rps_shortcut *shortcut = shortcut_of(region, device, steering);
	__u64 offset = (__u64)row - (__u64)region;

	shortcut->device = device ^ flow;
	shortcut->row = offset << RPS_OFFSET_SHIFT | steering;
}

/* `instance` is the inode of the device's directory, `target` negative for none. */
static __always_inline __u64 path_key(__u64 instance, __u32 queue, int target, bool flow)
{
	return RPS_USED | instance << RPS_INSTANCE_SHIFT | (flow ? RPS_BY_FLOW : 0) | queue << 16 |
	       (__u16)target;
}

#endif
