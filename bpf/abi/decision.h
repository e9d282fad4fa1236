/* SPDX-License-Identifier: MIT */
/* The key of a row of the counters. */
#ifndef ABI_DECISION_H
#define ABI_DECISION_H

#include "abi/counters.h"

struct decision {
	__u32 netns;
	__u32 ifindex;
	__u32 instance; /* see RPS_INSTANCE */
	__u16 queue;
	int target; /* -1: none */
	enum rps_verdict verdict;
};

/* Reads the key of a row in use. */
static inline struct decision row_decision(const struct rps_row *row)
{
	__u64 device = row->device, path = row->path;
	__u16 target = path;

	return (struct decision){
		.netns = device >> 32,
		.ifindex = device,
		.instance = RPS_INSTANCE(path >> RPS_INSTANCE_SHIFT),
		.queue = path >> 16,
		.target = target == RPS_NO_TARGET ? -1 : target,
		.verdict = target == RPS_NO_TARGET ? RPS_NONE
			   : path & RPS_BY_FLOW	   ? RPS_FLOW
						   : RPS_MAP,
	};
}

#endif
