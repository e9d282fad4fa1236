/* SPDX-License-Identifier: MIT */
/* Reads the counters that the BPF program writes; see abi/counters.h. */
#ifndef TRACER_COUNTERS_H
#define TRACER_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include "abi/decision.h"

/* The program writes while this reads. */
#define LOAD(value) __atomic_load_n(&(value), __ATOMIC_RELAXED)

/* A counter that is in use. */
struct counter {
	const struct rps_row *row;
	const struct rps_row *nested; /* the same counter for interrupting calls, or NULL */
	__u64 seen;		      /* sum of the values when it was last taken as changed */
	unsigned int cpu;
};

struct values {
	__u64 skbs;
	__u64 segments;
	__u64 bytes;
};

struct counters {
	char *memory;
	size_t stride;	      /* from region to region */
	unsigned int rows;    /* in each region */
	unsigned int regions; /* one for each CPU, or two */
	unsigned int cpus;
	unsigned int *found; /* for each region, how many rows are in `list` */
	struct counter *list;
	size_t count;	/* counters to be told: the first of the list */
	size_t total;	/* counters in the list */
	bool selective; /* a counter is not told before counters_reveal() */
};

/* The size of a region with `far` far rows. */
size_t region_size(unsigned int far);

/* The rows on each CPU, a power of two, that suit so many CPUs: 1024 to 4096. */
unsigned int counters_rows(unsigned int cpus);

/* How many far rows it takes that so many may be in use: a power of two, twice as many at least. */
unsigned int counters_far(unsigned int rows);

/* Maps the array `fd` of `regions` regions. Returns a negative errno when it cannot. */
int counters_map(struct counters *counters, int fd, unsigned int far, unsigned int regions,
		 unsigned int cpus);

/* Gives back what counters_map() took, whether it succeeded or not. */
void counters_unmap(struct counters *counters);

/* Tells the program whether there is one of the extras to do: RPS_RFS and the like. Several are taken as one. */
void counters_set_extra(struct counters *counters, __u32 extra, bool on);

/* Lets the program know devices by their addresses: from now on it is told when one comes or moves. */
void counters_trust_addresses(struct counters *counters);

/* The opposite: it may have missed one. */
void counters_distrust_addresses(struct counters *counters);

/* Looks for counters that came into use; they are appended to the list. */
void counters_find(struct counters *counters);

/* Makes the counter at `index`, which is not below `count`, the last of those to be told. */
void counters_reveal(struct counters *counters, size_t index);

static inline struct decision counter_decision(const struct counter *counter)
{
	return row_decision(counter->row);
}

/* These are for every counter of every sample, so they are no calls. */
static inline void counter_add_values(struct values *values, const struct rps_row *row)
{
	__u64 skbs = LOAD(row->skbs);

	values->skbs += skbs;
	values->segments += skbs + LOAD(row->more);
	values->bytes += LOAD(row->bytes);
}

static inline struct values counter_values(const struct counter *counter)
{
	struct values values = {0};

	counter_add_values(&values, counter->row);
	if (counter->nested)
		counter_add_values(&values, counter->nested);
	return values;
}

/* Whether a counter has changed since the last time this was asked. */
static inline bool counter_changed(struct counter *counter, const struct values *values)
{
	/* All three only grow, so that their sum changes with any of them. */
	__u64 sum = values->skbs + values->segments + values->bytes;
	bool changed = sum != counter->seen;

	counter->seen = sum;
	return changed;
}

/* Grows with every decision that was seen, as far as its counter has been found. */
__u64 counters_sum(const struct counters *counters);

/* Decisions that found no row. */
__u64 counters_lost(const struct counters *counters);

/* Calls without their return, or the other way round, since the last time they were forgotten. */
__u64 counters_unpaired(const struct counters *counters);
void counters_forget_unpaired(struct counters *counters);

#endif
