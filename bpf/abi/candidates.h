/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What the BPF program and the loader share about candidate masks: masks that are not in use, for which the program
 * counts where they would send the packets. All of it is memory-mapped; the loader writes the plan, and only while
 * RPS_PREDICT is among no region's extras and no call is under way.
 */
#ifndef ABI_CANDIDATES_H
#define ABI_CANDIDATES_H

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

/* The most frequent of the hashes that fall here, by the vote of Boyer and Moore: `skbs` is at most its true number. */
struct rps_flow {
	__u32 hash;
	__u32 place;
	__u64 skbs;
};

/* What a CPU has counted since the plan was made; as with regions, it is the only one to write there. */
struct rps_predictions {
	__u64 lost;   /* calls without counters */
	__u32 used;   /* counters in use */
	__u32 number; /* of the counter that is being added to */
	__u32 first
		[RPS_PLACES]; /* of the queue at a place, its first counter plus 1; 0: none yet */
	struct rps_flow flows[RPS_FLOWS];
	struct rps_prediction counters[];
};

/* Where the search for a queue begins. */
static inline __u32 rps_place_of(__u64 device, __u32 queue)
{
	return (device ^ queue * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL >> 40;
}

#endif
