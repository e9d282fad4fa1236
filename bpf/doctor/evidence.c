// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/grow.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "doctor/evidence.h"

/* What the line of a CPU in /proc/stat takes at most: its name and ten numbers. */
#define LINE_MOST 256

static void take_time(struct cpu_time *time, const char *numbers)
{
	/* user, nice, system, idle, iowait, irq, softirq, steal. */
	enum { IDLE = 3, IOWAIT, IRQ, SOFTIRQ, STEAL };

	for (int i = 0; i <= STEAL; i++) {
		uint64_t ticks;

		numbers += strspn(numbers, " ");
		if (!number_take(&numbers, UINT64_MAX, &ticks))
			return;
		time->all += ticks;
		if (i == IDLE || i == IOWAIT)
			time->idle += ticks;
		if (i == SOFTIRQ)
			time->softirq = ticks;
	}
}

/* What follows the CPUs is long, and is not asked for. */
static void read_times(struct reading *reading)
{
	static int stat;
	const size_t room = (reading->cpus + 1) * LINE_MOST;
	char *text = must(malloc(room + 1));
	const char *line = text;
	ssize_t length;

	if (stat <= 0)
		stat = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	length = pread(stat, text, room, 0);
	text[length > 0 ? length : 0] = '\0';
	/* The first line adds all CPUs up. */
	while ((line = strstr(line, "\ncpu"))) {
		uint64_t id;

		line += strlen("\ncpu");
		if (reading->cpus && number_take(&line, reading->cpus - 1, &id))
			take_time(&reading->times[id], line);
	}
	free(text);
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
