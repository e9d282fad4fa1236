/* SPDX-License-Identifier: MIT */
/* The host's CPUs and their NUMA nodes. */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <stdbool.h>
#include "failure.h"

struct cpu {
	unsigned int node;
	bool present; /* plugged in: what a person calls a CPU of this host */
	bool online;
};

struct topology {
	unsigned int count; /* CPU numbers the kernel can ever use: 0 to count - 1 */
	struct cpu *cpus;
};

/* Reads /sys/devices/system. Returns -1 with `failure` set when that is not there. */
int read_topology(struct topology *topology, struct failure *failure);

#endif
