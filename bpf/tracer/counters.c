// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "base/memory.h"
#include "tracer/counters.h"

/* Unless told otherwise, the counters take about this much memory, within these bounds. */
#define COUNTER_MEMORY (24 << 20)
#define ROWS_LEAST 1024
#define ROWS_MOST 4096

_Static_assert(sizeof(struct rps_region) + RPS_NEAR * sizeof(struct rps_row) <= RPS_PAGE,
	       "counting touches one page");

size_t region_size(unsigned int far)
{
	size_t size = sizeof(struct rps_region) +
		      (RPS_NEAR + far) * (sizeof(struct rps_row) + sizeof(__u32));

	return (size + RPS_PAGE - 1) / RPS_PAGE * RPS_PAGE;
}

unsigned int counters_rows(unsigned int cpus)
{
	unsigned int rows = ROWS_LEAST;

	while (rows < ROWS_MOST && region_size(counters_far(rows * 2)) * cpus <= COUNTER_MEMORY)
		rows *= 2;
	return rows;
}

unsigned int counters_far(unsigned int rows)
{
	unsigned int far = 2;

	while (far < 2 * rows)
		far *= 2;
	return far;
}

int counters_map(struct counters *counters, int fd, unsigned int far, unsigned int regions,
		 unsigned int cpus)
{
	*counters = (struct counters){
		.stride = region_size(far),
		.rows = RPS_NEAR + far,
		.regions = regions,
		.cpus = cpus,
		.found = calloc(regions, sizeof(*counters->found)),
	};
	if (!counters->found)
		return -ENOMEM;
	counters->memory =
		mmap(NULL, counters->stride * regions, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return counters->memory == MAP_FAILED ? -errno : 0;
}

void counters_unmap(struct counters *counters)
{
	if (counters->memory && counters->memory != MAP_FAILED)
		munmap(counters->memory, counters->stride * counters->regions);
	free(counters->found);
	free(counters->list);
	*counters = (struct counters){0};
}

static struct rps_region *region_of(const struct counters *counters, unsigned int number)
{
	return (struct rps_region *)(counters->memory + number * counters->stride);
}

void counters_set_extra(struct counters *counters, __u32 extra, bool on)
{
	for (unsigned int i = 0; i < counters->regions; i++) {
		__u32 *extras = &region_of(counters, i)->extras;

		if (on)
			__atomic_or_fetch(extras, extra, __ATOMIC_RELEASE);
		else
			__atomic_and_fetch(extras, ~extra, __ATOMIC_RELEASE);
	}
}

void counters_trust_addresses(struct counters *counters)
{
	/* What came before it was told is not to be relied on. */
	counters_set_extra(counters, RPS_MOVED, true);
	counters_set_extra(counters, RPS_UNTOLD, false);
}

void counters_distrust_addresses(struct counters *counters)
{
	counters_set_extra(counters, RPS_MOVED | RPS_UNTOLD, true);
}

/* A row of an interrupting call joins the counter of the CPU it interrupted, and the other way round. */
static bool join(struct counters *counters, const struct rps_row *row, unsigned int cpu)
{
	for (size_t i = 0; i < counters->total; i++) {
		struct counter *counter = &counters->list[i];

		if (counter->cpu == cpu && counter->row->device == row->device &&
		    counter->row->path == row->path) {
			counter->nested = row;
			return true;
		}
	}
	return false;
}

static void add(struct counters *counters, const struct rps_row *row, unsigned int cpu)
{
	/* Grown in powers of two. */
	if (!(counters->total & (counters->total - 1))) {
		size_t room = counters->total ? counters->total * 2 : 1;

		counters->list = must(realloc(counters->list, room * sizeof(*counters->list)));
	}
	counters->list[counters->total++] = (struct counter){.row = row, .cpu = cpu};
	if (!counters->selective)
		counters->count = counters->total;
}

void counters_reveal(struct counters *counters, size_t index)
{
	struct counter revealed = counters->list[index];

	counters->list[index] = counters->list[counters->count];
	counters->list[counters->count++] = revealed;
}

static void find_in_region(struct counters *counters, unsigned int number)
{
	const struct rps_region *region = region_of(counters, number);
	const __u32 *order = (const __u32 *)&region->rows[counters->rows];
	unsigned int other =
		number < counters->cpus ? number + counters->cpus : number - counters->cpus;
	bool twofold = other < counters->regions && counters->found[other];

	while (counters->found[number] < LOAD(region->claimed)) {
		__u32 slot = LOAD(order[counters->found[number]]);
		const struct rps_row *row;

		/* The program's stores become visible in any order: what is not there yet is there next time. */
		if (!slot)
			return;
		row = &region->rows[slot - 1];
		if (!LOAD(row->device) || !LOAD(row->path))
			return;
		counters->found[number]++;
		if (!twofold || !join(counters, row, number % counters->cpus))
			add(counters, row, number % counters->cpus);
	}
}

void counters_find(struct counters *counters)
{
	for (unsigned int i = 0; i < counters->regions; i++)
		find_in_region(counters, i);
}

__u64 counters_sum(const struct counters *counters)
{
	__u64 sum = counters_lost(counters);

	for (size_t i = 0; i < counters->total; i++)
		sum += counter_values(&counters->list[i]).skbs;
	return sum;
}

__u64 counters_lost(const struct counters *counters)
{
	__u64 lost = 0;

	for (unsigned int i = 0; i < counters->regions; i++)
		lost += LOAD(region_of(counters, i)->lost);
	return lost;
}

__u64 counters_unpaired(const struct counters *counters)
{
	__u64 unpaired = 0;

	for (unsigned int i = 0; i < counters->regions; i++)
		unpaired += LOAD(region_of(counters, i)->unpaired);
	return unpaired;
}

void counters_forget_unpaired(struct counters *counters)
{
	for (unsigned int i = 0; i < counters->regions; i++)
		__atomic_store_n(&region_of(counters, i)->unpaired, 0, __ATOMIC_RELAXED);
}
