// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/clock.h"
#include "base/memory.h"
#include "candidates/predictions.h"
#include "tracer/tracer.h"

void predictions_begin(struct predictions *predictions, const struct prediction_maps *maps,
		       const struct kept_cpus *kept)
{
	*predictions = (struct predictions){
		.maps = maps,
		.kept = kept,
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

static void unmap_arrays(struct predictions *predictions)
{
	if (predictions->plan)
		munmap(predictions->plan, sizeof(*predictions->plan));
	if (predictions->memory)
		munmap(predictions->memory, predictions->stride * predictions->regions);
	free(predictions->told);
	predictions->plan = NULL;
	predictions->memory = NULL;
	predictions->told = NULL;
}

/* A process holds in its memory all that it maps of them. */
static int map_arrays(struct predictions *predictions)
{
	if (predictions->plan)
		return 0;
	predictions->plan = map_array(predictions->maps->plan, sizeof(*predictions->plan));
	predictions->memory =
		map_array(predictions->maps->counters, predictions->stride * predictions->regions);
	predictions->told = calloc((size_t)predictions->regions * predictions->room,
				   sizeof(*predictions->told));
	if (predictions->plan && predictions->memory && predictions->told)
		return 0;
	unmap_arrays(predictions);
	return -1;
}

static void forget(struct predictions *predictions)
{
	for (size_t i = 0; i < predictions->queue_count; i++)
		for (int candidate = 0; candidate < RPS_CANDIDATES; candidate++)
			free(predictions->queues[i].candidates[candidate].cpus);
	free(predictions->queues);
	predictions->queues = NULL;
	predictions->queue_count = predictions->count = 0;
}

static struct prediction_queue *queue_for(struct predictions *predictions,
					  const struct assignment *assignment)
{
	struct prediction_queue *queue;

	for (size_t i = 0; i < predictions->queue_count; i++) {
		queue = &predictions->queues[i];
		if (queue->netns == assignment->netns && queue->ifindex == assignment->ifindex &&
		    queue->queue == assignment->queue)
			return queue;
	}
	queue = must(realloc(predictions->queues, (predictions->queue_count + 1) * sizeof(*queue)));
	predictions->queues = queue;
	queue += predictions->queue_count++;
	*queue = (struct prediction_queue){
		.netns = assignment->netns,
		.ifindex = assignment->ifindex,
		.queue = assignment->queue,
	};
	return queue;
}

/* Tells of a mask that the kernel refuses with `error`. */
static int refuse(const struct mask *mask, int error, struct failure *failure)
{
	struct text list = {0};

	mask_add_list(&list, mask);
	text_bytes(&list, "", 1);
	if (error == -EOVERFLOW)
		fail(failure, "TOO_WIDE", "shadow", "Take only CPUs that this host can have.",
		     "the kernel refuses the mask of CPU %.80s: it knows fewer CPUs", list.data);
	else
		fail(failure, "REFUSED", "shadow",
		     "Leave CPUs out that isolcpus= or nohz_full= set apart.",
		     "the kernel refuses the mask of CPU %.80s: isolcpus= or nohz_full= set all of "
		     "them apart",
		     list.data);
	free(list.data);
	return -1;
}

/* Returns -1 with `failure` set for a mask that the kernel refuses. */
static int assign(struct predictions *predictions, const struct assignment *assignment,
		  struct failure *failure)
{
	struct mask mask = assignment->mask;
	int error = kept_cpus_take(predictions->kept, &mask);
	struct prediction_queue *queue;
	unsigned int count = 0;
	uint16_t *cpus;

	if (error)
		return refuse(&mask, error, failure);
	queue = queue_for(predictions, assignment);
	cpus = must(calloc(mask_count(&mask) + 1, sizeof(*cpus)));
	for (unsigned int cpu = 0; cpu < MASK_CPUS; cpu++)
		if (mask_has(&mask, cpu))
			cpus[count++] = cpu;
	free(queue->candidates[assignment->candidate].cpus);
	queue->candidates[assignment->candidate].set = true;
	queue->candidates[assignment->candidate].count = count;
	queue->candidates[assignment->candidate].cpus = cpus;
	return 0;
}

/* Gives a queue its place in the plan. Returns -1 when there is none. */
static int place(struct predictions *predictions, struct prediction_queue *queue)
{
	struct rps_place entry = {
		.device = (uint64_t)queue->netns << 32 | queue->ifindex,
		.queue = queue->queue,
		.counters = predictions->cpus,
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
		if (predictions->plan->places[at].device)
			continue;
		predictions->plan->places[at] = entry;
		queue->place = at;
		return 0;
	}
	return -1;
}

static void clear(struct predictions *predictions)
{
	for (unsigned int region = 0; region < predictions->regions; region++) {
		struct rps_predictions *each = predictions_region(predictions, region);

		if (each->used || each->lost)
			memset(each, 0, predictions->stride);
	}
	memset(predictions->plan, 0, sizeof(*predictions->plan));
	memset(predictions->told, 0,
	       (size_t)predictions->regions * predictions->room * sizeof(*predictions->told));
	forget(predictions);
	candidates_free(&predictions->candidates);
}

int predictions_set(struct predictions *predictions, struct counters *counters,
		    struct candidates *candidates, struct failure *failure)
{
	if (!predictions->regions)
		return fail(failure, "SHADOW_UNAVAILABLE", "shadow",
			    "Use the backend fexit or kretprobe.",
			    "this backend sees too little to predict from");
	if (map_arrays(predictions))
		return fail(failure, "SHADOW_UNAVAILABLE", "shadow",
			    "Free some memory on the host.",
			    "there is no memory to count for candidate masks");
	counters_set_extra(counters, RPS_PREDICT, false);
	tracer_wait_for_calls();
	clear(predictions);
	for (size_t i = 0; i < candidates->assignments; i++) {
		if (!assign(predictions, &candidates->list[i], failure))
			continue;
		clear(predictions);
		return -1;
	}
	for (size_t i = 0; i < predictions->queue_count; i++) {
		if (!place(predictions, &predictions->queues[i]))
			continue;
		clear(predictions);
		return fail(failure, "SHADOW_INVALID", "shadow", "Ask for fewer queues at a time.",
			    "there is no room for the masks of so many queues");
	}
	memcpy(predictions->ids, candidates->ids, sizeof(predictions->ids));
	predictions->count = candidates->count;
	predictions->candidates = *candidates;
	*candidates = (struct candidates){0};
	predictions->rests_on = predictions->kept->kept;
	predictions->since_ns = monotonic_ns();
	predictions->new = true;
	counters_set_extra(counters, RPS_PREDICT, predictions->count);
	return 0;
}

bool predictions_refresh(struct predictions *predictions, struct counters *counters)
{
	struct candidates candidates = predictions->candidates;
	struct failure failure;

	if (!predictions->count || mask_equal(&predictions->rests_on, &predictions->kept->kept))
		return false;
	predictions->candidates = (struct candidates){0};
	/* Nothing refuses what was set before: only CPUs that are online have changed. */
	if (predictions_set(predictions, counters, &candidates, &failure))
		candidates_free(&candidates);
	return true;
}
