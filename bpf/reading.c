// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "grow.h"
#include "reading.h"

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void read_times(struct reading *reading)
{
	FILE *file = fopen("/proc/stat", "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		unsigned long long t[8] = {0};
		struct cpu_time *time;
		unsigned int id;

		/* The first line adds all CPUs up. */
		if (!strncmp(line, "cpu ", 4))
			continue;
		/* user, nice, system, idle, iowait, irq, softirq, steal. What follows the CPUs is long. */
		if (sscanf(line, "cpu%u %llu %llu %llu %llu %llu %llu %llu %llu", &id, &t[0], &t[1],
			   &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]) < 9)
			break;
		if (id >= reading->cpus)
			continue;
		time = &reading->times[id];
		for (int i = 0; i < 8; i++)
			time->all += t[i];
		time->idle = t[3] + t[4];
		time->softirq = t[6];
	}
	if (file)
		fclose(file);
}

static bool about(const struct decision *decision, const struct device *device)
{
	return decision->netns == device->netns && decision->ifindex == device->ifindex &&
	       decision->instance == device->instance;
}

static void read_arrivals(struct reading *reading, const struct counters *counters,
			  const struct device *device)
{
	struct arrivals arrivals = {
		.netns = device->netns,
		.ifindex = device->ifindex,
		.instance = device->instance,
		.packets = device->rx_packets,
	};

	for (size_t i = 0; i < counters->total; i++) {
		struct decision decision = counter_decision(&counters->list[i]);

		if (about(&decision, device))
			arrivals.segments += counter_values(&counters->list[i]).segments;
	}
	reading->arrivals =
		grow(reading->arrivals, reading->arrival_count, sizeof(*reading->arrivals));
	reading->arrivals[reading->arrival_count++] = arrivals;
}

void reading_take(struct reading *reading, const struct counters *counters,
		  const struct devices *devices, const struct softnet *softnet)
{
	reading_free(reading);
	*reading = (struct reading){
		.ns = monotonic_ns(),
		.skbs = must(calloc(counters->count + 1, sizeof(*reading->skbs))),
		.counters = counters->count,
		.softnet = must(calloc(softnet->count, sizeof(*reading->softnet))),
		.times = must(calloc(softnet->count, sizeof(*reading->times))),
		.cpus = softnet->count,
	};
	for (size_t i = 0; i < counters->count; i++)
		reading->skbs[i] = counter_values(&counters->list[i]).skbs;
	memcpy(reading->softnet, softnet->cpus, softnet->count * sizeof(*softnet->cpus));
	read_times(reading);
	for (size_t i = 0; i < devices->count; i++)
		if (devices->list[i].xdp)
			read_arrivals(reading, counters, &devices->list[i]);
}

void reading_free(struct reading *reading)
{
	free(reading->skbs);
	free(reading->softnet);
	free(reading->times);
	free(reading->arrivals);
	*reading = (struct reading){0};
}

static int compare(uint32_t one, uint32_t other)
{
	return one < other ? -1 : one > other;
}

static int by_queue(const void *a, const void *b)
{
	const struct decision *one = &((const struct pace *)a)->decision;
	const struct decision *other = &((const struct pace *)b)->decision;

	return compare(one->netns, other->netns)
		       ?: compare(one->ifindex, other->ifindex)
				  ?: compare(one->instance, other->instance)
					     ?: compare(one->queue, other->queue);
}

void paces_between(struct paces *paces, const struct reading *from, const struct reading *to,
		   const struct counters *counters)
{
	*paces = (struct paces){.seconds = from->ns ? (to->ns - from->ns) / 1e9 : 0};
	for (size_t i = 0; paces->seconds > 0 && i < to->counters; i++) {
		uint64_t skbs = to->skbs[i] - (i < from->counters ? from->skbs[i] : 0);

		if (!skbs)
			continue;
		paces->list = grow(paces->list, paces->count, sizeof(*paces->list));
		paces->list[paces->count++] = (struct pace){
			.decision = counter_decision(&counters->list[i]),
			.cpu = counters->list[i].cpu,
			.rate = skbs / paces->seconds,
		};
	}
	if (paces->count)
		qsort(paces->list, paces->count, sizeof(*paces->list), by_queue);
}

const struct pace *paces_of(const struct paces *paces, const struct device *device,
			    unsigned int queue, size_t *count)
{
	const struct pace wanted = {.decision = {
					    .netns = device->netns,
					    .ifindex = device->ifindex,
					    .instance = device->instance,
					    .queue = queue,
				    }};
	size_t low = 0, high = paces->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_queue(&paces->list[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*count = 0; low + *count < paces->count; ++*count)
		if (by_queue(&paces->list[low + *count], &wanted))
			break;
	return paces->list + low;
}
