/* SPDX-License-Identifier: MIT */
/* Candidate masks as they are asked for: on stdin, or by --what-if. */
#ifndef CANDIDATES_CANDIDATES_H
#define CANDIDATES_CANDIDATES_H

#include <stddef.h>
#include <stdint.h>
#include "abi/candidates.h"
#include "base/cpumask.h"
#include "base/failure.h"
#include "devices/devices.h"

/* A mask for a queue. */
struct assignment {
	uint32_t netns;
	uint32_t ifindex;
	unsigned int queue;
	unsigned int candidate; /* index of the candidate it belongs to */
	struct mask mask;
};

struct candidates {
	unsigned int count;
	uint32_t ids[RPS_CANDIDATES];
	struct assignment *list;
	size_t assignments;
};

/*
 * Reads "ID NETNS:IFINDEX:QUEUE=LIST ... ; ID ...", one candidate after the other; "" is none of them. Returns -1 with
 * `failure` set (code SHADOW_INVALID) when it makes no sense.
 */
int candidates_read(struct candidates *candidates, char *text, struct failure *failure);

/*
 * Adds a candidate that is written "NAME:QUEUE=LIST ..." or "NAME=LIST" for all queues of a device; `netns` is the
 * namespace's inode or name, NULL: the host's. Returns -1 with `failure` set (code USAGE) when it makes no sense, or 1,
 * with `failure` set as well, when it names a device or queue that is not among `devices`.
 */
int candidates_add(struct candidates *candidates, const char *written, const char *netns,
		   const struct devices *devices, struct failure *failure);

void candidates_free(struct candidates *candidates);

#endif
