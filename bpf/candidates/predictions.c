// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/memory.h"
#include "candidates/predictions.h"
#include "tracer/tracer.h"

#define CPU_DIRECTORY "/sys/devices/system/cpu/"
void shadow_begin(struct shadow *shadow, const struct prediction_maps *maps)
{
	*shadow = (struct shadow){
		.maps = maps,
		.room = prediction_room(maps->cpus),
		.stride = prediction_size(prediction_room(maps->cpus)),
		.regions = maps->regions,
		.cpus = maps->cpus,
	};
}

static void *map_array(int map, size_t size)
{
	void *array = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);

	return array == MAP_FAILED ? NULL : array;
}

static void unmap_arrays(struct shadow *shadow)
{
	if (shadow->plan)
		munmap(shadow->plan, sizeof(*shadow->plan));
	if (shadow->memory)
		munmap(shadow->memory, shadow->stride * shadow->regions);
	free(shadow->told);
	shadow->plan = NULL;
	shadow->memory = NULL;
	shadow->told = NULL;
}

/* A process holds in its memory all that it maps of them. */
static int map_arrays(struct shadow *shadow)
{
	if (shadow->plan)
		return 0;
	shadow->plan = map_array(shadow->maps->plan, sizeof(*shadow->plan));
	shadow->memory = map_array(shadow->maps->counters, shadow->stride * shadow->regions);
	shadow->told = calloc((size_t)shadow->regions * shadow->room, sizeof(*shadow->told));
	if (shadow->plan && shadow->memory && shadow->told)
		return 0;
	unmap_arrays(shadow);
	return -1;
}

static void forget(struct shadow *shadow)
{
	for (size_t i = 0; i < shadow->queue_count; i++)
		for (int candidate = 0; candidate < RPS_CANDIDATES; candidate++)
			free(shadow->queues[i].candidates[candidate].cpus);
	free(shadow->queues);
	shadow->queues = NULL;
	shadow->queue_count = shadow->count = 0;
}

/* Reads a list of CPUs from sysfs; what is not there, or "(null)", is an empty one. */
static struct mask read_cpus(const char *path)
{
	char list[8192];
	struct mask mask;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, list, sizeof(list) - 1);

	if (fd >= 0)
		close(fd);
	list[length > 0 ? length : 0] = '\0';
	list[strcspn(list, "\n")] = '\0';
	if (mask_read_list(&mask, list))
		mask = (struct mask){0};
	return mask;
}

/*
 * The CPUs that the kernel keeps of a mask for rps_cpus: those online that are not set apart by isolcpus= or nohz_full=
 * (rps_cpumask_housekeeping() and netdev_rx_queue_set_rps_mask() in net/core/net-sysfs.c).
 */
static struct mask kept_cpus(void)
{
	struct mask online = read_cpus(CPU_DIRECTORY "online");
	struct mask isolated = read_cpus(CPU_DIRECTORY "isolated");
	struct mask tickless = read_cpus(CPU_DIRECTORY "nohz_full");

	for (int word = 0; word < MASK_WORDS; word++)
		online.words[word] &= ~(isolated.words[word] | tickless.words[word]);
	return online;
}

static struct shadow_queue *queue_for(struct shadow *shadow, const struct assignment *assignment)
{
	struct shadow_queue *queue;

	for (size_t i = 0; i < shadow->queue_count; i++) {
		queue = &shadow->queues[i];
		if (queue->netns == assignment->netns && queue->ifindex == assignment->ifindex &&
		    queue->queue == assignment->queue)
			return queue;
	}
	queue = must(realloc(shadow->queues, (shadow->queue_count + 1) * sizeof(*queue)));
	shadow->queues = queue;
	queue += shadow->queue_count++;
	*queue = (struct shadow_queue){
		.netns = assignment->netns,
		.ifindex = assignment->ifindex,
		.queue = assignment->queue,
	};
	return queue;
}

static void assign(struct shadow *shadow, const struct assignment *assignment,
		   const struct mask *kept)
{
	struct shadow_queue *queue = queue_for(shadow, assignment);
	struct mask mask = mask_and(&assignment->mask, kept);
	uint16_t *cpus = must(calloc(mask_count(&mask) + 1, sizeof(*cpus)));
	unsigned int count = 0;

	for (unsigned int cpu = 0; cpu < MASK_CPUS; cpu++)
		if (mask_has(&mask, cpu))
			cpus[count++] = cpu;
	free(queue->candidates[assignment->candidate].cpus);
	queue->candidates[assignment->candidate].set = true;
	queue->candidates[assignment->candidate].count = count;
	queue->candidates[assignment->candidate].cpus = cpus;
}

/* Gives a queue its place in the plan. Returns -1 when there is none. */
static int place(struct shadow *shadow, struct shadow_queue *queue)
{
	struct rps_place entry = {
		.device = (uint64_t)queue->netns << 32 | queue->ifindex,
		.queue = queue->queue,
		.counters = shadow->cpus,
	};
	unsigned int at = rps_place_of(entry.device, entry.queue);

	for (int i = 0; i < RPS_CANDIDATES; i++) {
		entry.candidates[i].first = entry.counters;
		entry.candidates[i].cpus = RPS_NO_CANDIDATE;
		if (!queue->candidates[i].set)
			continue;
		queue->candidates[i].first = entry.counters;
		entry.candidates[i].cpus = queue->candidates[i].count;
		entry.counters += queue->candidates[i].count + 2;
	}
	for (int probe = 0; probe < RPS_PLACE_PROBES; probe++, at++) {
		at %= RPS_PLACES;
		if (shadow->plan->places[at].device)
			continue;
		shadow->plan->places[at] = entry;
		queue->place = at;
		return 0;
	}
	return -1;
}

static void clear(struct shadow *shadow)
{
	for (unsigned int region = 0; region < shadow->regions; region++) {
		struct rps_shadow *each = shadow_of(shadow, region);

		if (each->used || each->lost)
			memset(each, 0, shadow->stride);
	}
	memset(shadow->plan, 0, sizeof(*shadow->plan));
	memset(shadow->told, 0, (size_t)shadow->regions * shadow->room * sizeof(*shadow->told));
	forget(shadow);
}

int shadow_set(struct shadow *shadow, struct counters *counters,
	       const struct candidates *candidates, struct failure *failure)
{
	const struct mask kept = kept_cpus();

	if (!shadow->regions)
		return fail(failure, "SHADOW_UNAVAILABLE", "shadow",
			    "Use the backend fexit or kretprobe.",
			    "this backend sees too little to predict from");
	if (map_arrays(shadow))
		return fail(failure, "SHADOW_UNAVAILABLE", "shadow",
			    "Free some memory on the host.",
			    "there is no memory to count for candidate masks");
	counters_set_extra(counters, RPS_SHADOW, false);
	wait_for_calls();
	clear(shadow);
	for (size_t i = 0; i < candidates->assignments; i++)
		assign(shadow, &candidates->list[i], &kept);
	for (size_t i = 0; i < shadow->queue_count; i++) {
		if (!place(shadow, &shadow->queues[i]))
			continue;
		clear(shadow);
		return fail(failure, "SHADOW_INVALID", "shadow", "Ask for fewer queues at a time.",
			    "there is no room for the masks of so many queues");
	}
	memcpy(shadow->ids, candidates->ids, sizeof(shadow->ids));
	shadow->count = candidates->count;
	shadow->since_ns = monotonic_ns();
	shadow->new = true;
	counters_set_extra(counters, RPS_SHADOW, candidates->count);
	return 0;
}
