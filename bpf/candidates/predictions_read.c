// SPDX-License-Identifier: MIT
#include <string.h>
#include "candidates/predictions.h"

/* The program writes while this reads. */
#define LOAD(value) __atomic_load_n(&(value), __ATOMIC_RELAXED)

/* Adds a counter of a queue on a CPU to `values`, and its place among those told. NULL: that CPU has none. */
static uint64_t *add(const struct predictions *predictions, unsigned int region, unsigned int place,
		     unsigned int number, struct rps_prediction *values)
{
	const struct rps_predictions *each = predictions_region(predictions, region);
	unsigned int first = LOAD(each->first[place]);
	const struct rps_prediction *counter;

	if (!first)
		return NULL;
	number += first - 1;
	counter = &each->counters[number];
	values->skbs += LOAD(counter->skbs);
	values->segments += LOAD(counter->segments);
	values->bytes += LOAD(counter->bytes);
	return &predictions->told[(size_t)region * predictions->room + number];
}

static void visit_counter(struct predictions *predictions, struct prediction *prediction,
			  unsigned int number, bool changed, prediction_fn visit, void *context)
{
	unsigned int place = prediction->queue->place;
	uint64_t *told, *nested = NULL;

	prediction->values = (struct rps_prediction){0};
	told = add(predictions, prediction->cpu, place, number, &prediction->values);
	if (predictions->regions > predictions->cpus)
		nested = add(predictions, prediction->cpu + predictions->cpus, place, number,
			     &prediction->values);
	told = told ?: nested;
	if (!prediction->values.skbs || (changed && *told == prediction->values.skbs))
		return;
	if (changed)
		*told = prediction->values.skbs;
	visit(context, prediction);
}

static void visit_cpu(struct predictions *predictions, struct prediction *prediction, bool changed,
		      prediction_fn visit, void *context)
{
	const struct prediction_queue *queue = prediction->queue;
	unsigned int candidate = prediction->candidate;
	unsigned int count;

	if (candidate == RPS_CANDIDATES) {
		for (unsigned int target = 0; target < predictions->cpus; target++) {
			prediction->target = target;
			visit_counter(predictions, prediction, target, changed, visit, context);
		}
		return;
	}
	count = queue->candidates[candidate].count;
	for (unsigned int i = 0; i < count + 2; i++) {
		prediction->target = i < count	  ? queue->candidates[candidate].cpus[i]
				     : i == count ? -1
						  : PREDICTION_UNKNOWN;
		visit_counter(predictions, prediction, queue->candidates[candidate].first + i,
			      changed, visit, context);
	}
}

void predictions_each(struct predictions *predictions, unsigned int candidate, bool changed,
		      prediction_fn visit, void *context)
{
	for (size_t i = 0; i < predictions->queue_count; i++) {
		struct prediction prediction = {
			.queue = &predictions->queues[i],
			.candidate = candidate,
		};

		if (candidate < RPS_CANDIDATES && !prediction.queue->candidates[candidate].set)
			continue;
		for (; prediction.cpu < predictions->cpus; prediction.cpu++)
			visit_cpu(predictions, &prediction, changed, visit, context);
	}
}

static size_t queue_at(const struct predictions *predictions, unsigned int place)
{
	size_t queue = 0;

	while (queue < predictions->queue_count && predictions->queues[queue].place != place)
		queue++;
	return queue;
}

void predictions_largest(const struct predictions *predictions, uint64_t *largest)
{
	memset(largest, 0, predictions->queue_count * sizeof(*largest));
	/* A flow is at the same place of the table on every CPU that it comes through. */
	for (size_t at = 0; at < RPS_FLOWS * (size_t)predictions->regions; at++) {
		unsigned int region = at / RPS_FLOWS;
		const struct rps_flow *flow =
			&predictions_region(predictions, region)->flows[at % RPS_FLOWS];
		uint64_t skbs = LOAD(flow->skbs);
		size_t queue =
			skbs ? queue_at(predictions, LOAD(flow->place)) : predictions->queue_count;

		if (queue == predictions->queue_count)
			continue;
		for (unsigned int other = region + 1; other < predictions->regions; other++) {
			const struct rps_flow *same =
				&predictions_region(predictions, other)->flows[at % RPS_FLOWS];

			if (LOAD(same->skbs) && LOAD(same->hash) == LOAD(flow->hash) &&
			    LOAD(same->place) == LOAD(flow->place))
				skbs += LOAD(same->skbs);
		}
		if (skbs > largest[queue])
			largest[queue] = skbs;
	}
}

uint64_t predictions_lost(const struct predictions *predictions)
{
	uint64_t lost = 0;

	for (unsigned int region = 0; region < predictions->regions; region++)
		lost += LOAD(predictions_region(predictions, region)->lost);
	return lost;
}
