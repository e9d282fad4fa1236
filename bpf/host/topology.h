/* SPDX-License-Identifier: MIT */
/* The host's CPUs: where they are in the machine, and which of them work. */
#ifndef HOST_TOPOLOGY_H
#define HOST_TOPOLOGY_H

#include <stdbool.h>
#include "base/failure.h"
#include "host/kept_cpus.h"

/* Numbers of nodes are below this, which no kernel is built beyond (CONFIG_NODES_SHIFT). */
#define NODES_MAX 1024

struct cpu {
	unsigned int node;
	bool present; /* plugged in: what a person calls a CPU of this host */
	bool online;
	bool isolated; /* by isolcpus= or a cpuset partition; masks may keep it, see `kept` */
	/* -1: the kernel does not tell, as of CPUs that are offline. */
	int package;
	int core; /* in its package */
	int llc;  /* the lowest CPU of those that share the last-level cache */
};

/* Lists of CPUs are as long as a page of sysfs at most. */
#define CPU_LIST 4096

struct topology {
	unsigned int count; /* CPU numbers the kernel can ever use: 0 to count - 1 */
	struct cpu *cpus;
	char online[CPU_LIST], isolated[CPU_LIST]; /* the lists this was read with */
	struct kept_cpus kept;
};

/* Reads /sys/devices/system. Returns -1 with `failure` set when that is not there. */
int topology_read(struct topology *topology, struct failure *failure);

/* Reads it again when CPUs went offline, came back or were isolated since; true when they did. */
bool topology_refresh(struct topology *topology);

/* The list of CPUs that are online, as the kernel prints it; "" when it cannot be read. */
void topology_read_online(char list[CPU_LIST]);

/*
 * Calls `visit` for each number below `end` of a list such as "0-3,8" (Documentation/admin-guide/cputopology.rst), up to
 * what is none.
 */
void each_cpu(const char *list, unsigned int end, void (*visit)(void *context, unsigned int id),
	      void *context);

#endif
