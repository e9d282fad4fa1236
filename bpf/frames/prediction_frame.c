// SPDX-License-Identifier: MIT
/* The `predictions` frame. */
#include <stdlib.h>
#include "base/json.h"
#include "base/memory.h"
#include "frames/frames.h"

/* Begins an array with what tells a queue. */
static void begin_queue(struct json *json, const struct prediction_queue *queue)
{
	json_begin_array(json, NULL);
	json_number(json, NULL, queue->netns);
	json_number(json, NULL, queue->ifindex);
	json_number(json, NULL, queue->queue);
}

static void add_row(void *context, const struct prediction *prediction)
{
	struct json *json = context;

	begin_queue(json, prediction->queue);
	json_number(json, NULL, prediction->cpu);
	json_number(json, NULL, prediction->target);
	json_counter(json, NULL, prediction->values.skbs);
	json_counter(json, NULL, prediction->values.segments);
	json_counter(json, NULL, prediction->values.bytes);
	json_end_array(json);
}

static void add_rows(struct json *json, const char *name, struct predictions *predictions,
		     unsigned int candidate)
{
	json_begin_array(json, name);
	predictions_each(predictions, candidate, true, add_row, json);
	json_end_array(json);
}

/* What the kernel would keep of each mask. */
static void add_kept(struct json *json, const struct predictions *predictions,
		     unsigned int candidate)
{
	json_begin_array(json, "queues");
	for (size_t i = 0; i < predictions->queue_count; i++) {
		const struct prediction_queue *queue = &predictions->queues[i];
		struct mask mask = {0};

		if (!queue->candidates[candidate].set)
			continue;
		for (unsigned int j = 0; j < queue->candidates[candidate].count; j++)
			mask_set(&mask, queue->candidates[candidate].cpus[j]);
		begin_queue(json, queue);
		mask_add_list(json_begin_plain(json, NULL), &mask);
		json_end_plain(json);
		json_end_array(json);
	}
	json_end_array(json);
}

static void add_largest(struct json *json, const struct predictions *predictions)
{
	uint64_t *largest = must(calloc(predictions->queue_count + 1, sizeof(*largest)));

	predictions_largest(predictions, largest);
	json_begin_array(json, "largest");
	for (size_t i = 0; i < predictions->queue_count; i++) {
		if (!largest[i])
			continue;
		begin_queue(json, &predictions->queues[i]);
		json_counter(json, NULL, largest[i]);
		json_end_array(json);
	}
	json_end_array(json);
	free(largest);
}

void frame_predictions(struct text *text, struct predictions *predictions, bool asked, uint64_t ns)
{
	struct json json = json_begin_frame(text, "shadow");

	json_counter(&json, "ns", ns);
	json_counter(&json, "since", predictions->since_ns);
	json_bool(&json, "asked", asked);
	json_begin_array(&json, "candidates");
	for (unsigned int i = 0; i < predictions->count; i++) {
		json_begin_object(&json, NULL);
		json_number(&json, "id", predictions->ids[i]);
		if (predictions->new)
			add_kept(&json, predictions, i);
		add_rows(&json, "rows", predictions, i);
		json_end_object(&json);
	}
	json_end_array(&json);
	add_rows(&json, "flow", predictions, RPS_CANDIDATES);
	add_largest(&json, predictions);
	json_counter(&json, "lost", predictions_lost(predictions));
	json_end_frame(&json);
	predictions->new = false;
}

void frame_predictions_refused(struct text *text, const struct failure *failure, uint64_t ns)
{
	struct json json = json_begin_frame(text, "shadow");

	json_counter(&json, "ns", ns);
	json_begin_array(&json, "candidates");
	json_end_array(&json);
	json_string(&json, "error", failure->message);
	json_end_frame(&json);
}
