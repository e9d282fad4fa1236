/* SPDX-License-Identifier: MIT */
/* What each CPU did with packets: /proc/net/softnet_stat (softnet_seq_show() in the kernel's net/core/net-procfs.c). */
#ifndef HOST_SOFTNET_H
#define HOST_SOFTNET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"
#include "host/topology.h"

enum softnet_value {
	SOFTNET_PROCESSED,
	SOFTNET_DROPPED,
	SOFTNET_SQUEEZED,
	SOFTNET_IPIS, /* wake-ups by other CPUs, not packets */
	SOFTNET_FLOW_LIMIT,
	SOFTNET_VALUES,
};

struct softnet_cpu {
	bool known;			 /* it was online at some time since the start */
	bool online;			 /* in the last reading */
	uint64_t values[SOFTNET_VALUES]; /* since boot; past 32 bits while they are read */
	uint32_t shown[SOFTNET_VALUES];	 /* what the kernel showed last: it counts in 32 bits */
	int64_t backlog;		 /* packets that wait; -1: the kernel does not tell */
};

struct softnet {
	int fd;
	struct softnet_cpu *cpus;
	unsigned int count;
	bool ids;	  /* the kernel names the CPU in each line */
	bool moved;	  /* the last reading differs from the one before */
	struct text text; /* as read last */
};

void softnet_open(struct softnet *softnet, const struct topology *topology);

/*
 * Takes a reading, a text. `online` is the list of CPUs that its lines are about where it does not name them, "" when that is
 * not sure. False when it cannot be told which CPU a line is about: then all is as it was.
 */
bool softnet_take(struct softnet *softnet, const char *text, const char *online);

/* Reads every CPU that is online. False when that was not possible: then all is as it was. */
bool softnet_read(struct softnet *softnet);

#endif
