/* SPDX-License-Identifier: MIT */
/* All that moves on a host at one moment, so that two of them make rates. */
#ifndef DOCTOR_EVIDENCE_H
#define DOCTOR_EVIDENCE_H

#include "devices/devices.h"
#include "host/softnet.h"
#include "tracer/counters.h"

/* How a CPU has spent its time since boot, in ticks (/proc/stat, see proc_stat(5)). */
struct cpu_time {
	uint64_t all, idle, softirq;
};

/* What came in at a device that has an XDP program, and what of it reached RPS. */
struct arrivals {
	uint32_t netns, ifindex, instance;
	uint64_t packets, segments;
};

struct reading {
	uint64_t ns;	/* 0: none was taken */
	uint64_t *skbs; /* of the first `counters` of a list of counters */
	size_t counters;
	struct softnet_cpu *softnet; /* `cpus` of them */
	struct cpu_time *times;	     /* `cpus` of them */
	unsigned int cpus;
	struct arrivals *arrivals;
	size_t arrival_count;
};

/* Takes a reading. `softnet` has just been read. */
void reading_take(struct reading *reading, const struct counters *counters,
		  const struct devices *devices, const struct softnet *softnet);
void reading_free(struct reading *reading);

/* One row's decisions a second. */
struct pace {
	struct decision decision;
	unsigned int cpu;
	double rate;
};

/* Rates between two readings. */
struct paces {
	double seconds;	   /* 0: there is nothing to tell yet */
	struct pace *list; /* by device and queue; those that stand still are left out */
	size_t count;
};

void paces_between(struct paces *paces, const struct reading *from, const struct reading *to,
		   const struct counters *counters);

/* The paces of one queue of a device: `*count` of them, from the one returned on. */
const struct pace *paces_of(const struct paces *paces, const struct device *device,
			    unsigned int queue, size_t *count);

#endif
