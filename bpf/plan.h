/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What the BPF program and the loader share about candidate masks: masks that are not in use, for which the program
 * counts where they would send the packets. All of it is memory-mapped; the loader writes the plan, and only while
 * rps_region.shadow is 0 everywhere and no call is under way.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <linux/types.h>

#define RPS_CANDIDATES 4
#define RPS_PLACES 512 /* for queues in the plan, a power of two */
#define RPS_PLACE_PROBES 8
#define RPS_NO_CANDIDATE 0xffff
#define RPS_FLOWS 1024 /* a power of two */

/*
 * A queue's counters on a CPU: one for each CPU that RFS may choose, then for each candidate one for each CPU of its mask
 * in ascending order, one for packets that it would steer nowhere, and one for those whose hash is not known yet.
 */
struct rps_place {
	__u64 device; /* netns inode << 32 | ifindex; 0: free */
	__u32 queue;
	__u32 counters; /* how many there are */
	struct {
		__u16 first; /* its first counter among the queue's */
		__u16 cpus;  /* in its mask; RPS_NO_CANDIDATE: it leaves this queue as it is */
	} candidates[RPS_CANDIDATES];
};

struct rps_plan {
	struct rps_place places[RPS_PLACES];
};

struct rps_prediction {
	__u64 skbs;
	__u64 segments;
	__u64 bytes;
};

/*
 * The flow that comes here most, by the vote of Boyer and Moore. Its packets are counted here, once instead of for each
 * candidate; when another flow takes its place, they are added to the candidates' counters. Whoever reads adds them, too.
 */
struct rps_flow {
	__u64 key;    /* see rps_flow_key(); 0: none yet */
	__u64 others; /* packets of other flows that have come here since */
	struct rps_prediction counted;
};

/* What a CPU has counted since the plan was made; as with regions, it is the only one to write there. */
struct rps_shadow {
	__u64 lost;  /* calls without counters */
	__u32 used;  /* counters in use */
	__u32 moves; /* odd while counts are on their way from a flow to the candidates */
	__u32 first
		[RPS_PLACES]; /* of the queue at a place, its first counter plus 1; 0: none yet */
	struct rps_flow flows[RPS_FLOWS];
	struct rps_prediction counters[];
};

/* All that candidates need to know of a packet. `certain`: the kernel steers by this hash; otherwise it has not computed it. */
static inline __u64 rps_flow_key(__u32 hash, __u32 place, bool certain)
{
	return (__u64)hash << 32 | place << 2 | certain << 1 | 1;
}

#define RPS_FLOW_HASH(key) ((__u32)((key) >> 32))
#define RPS_FLOW_PLACE(key) ((__u32)(key) >> 2 & (RPS_PLACES - 1))
#define RPS_FLOW_CERTAIN(key) ((key)&2)

/* Which counter of a candidate with so many CPUs: see struct rps_place. As get_rps_cpu() in the kernel's net/core/dev.c. */
static inline __u32 rps_choice(__u32 cpus, __u64 key)
{
	if (!cpus || (RPS_FLOW_CERTAIN(key) && !RPS_FLOW_HASH(key)))
		return cpus;
	if (cpus == 1)
		return 0;
	if (!RPS_FLOW_CERTAIN(key))
		return cpus + 1;
	return (__u64)RPS_FLOW_HASH(key) * cpus >> 32; /* reciprocal_scale() */
}

/* Where the search for a queue begins. */
static inline __u32 rps_place_of(__u64 device, __u32 queue)
{
	return (device ^ queue * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL >> 40;
}

#endif
