// SPDX-License-Identifier: MIT
/* The `shadow` frame. */
#include <stdlib.h>
#include "frames/frames.h"

struct rows {
	struct text *text;
	const char *separator;
};

static void add_queue(struct text *text, const struct shadow_queue *queue)
{
	text_add(text, "[");
	text_number(text, queue->netns);
	text_add(text, ",");
	text_number(text, queue->ifindex);
	text_add(text, ",");
	text_number(text, queue->queue);
	text_add(text, ",");
}

static void add_row(void *context, const struct prediction *prediction)
{
	struct rows *rows = context;
	struct text *text = rows->text;

	text_add(text, rows->separator);
	rows->separator = ",";
	add_queue(text, prediction->queue);
	text_number(text, prediction->cpu);
	text_add(text, ",");
	text_number(text, prediction->target);
	text_add(text, ",");
	text_counter(text, prediction->values.skbs);
	text_add(text, ",");
	text_counter(text, prediction->values.segments);
	text_add(text, ",");
	text_counter(text, prediction->values.bytes);
	text_add(text, "]");
}

static void add_rows(struct text *text, struct shadow *shadow, unsigned int candidate)
{
	struct rows rows = {.text = text, .separator = ""};

	text_add(text, "[");
	shadow_each(shadow, candidate, true, add_row, &rows);
	text_add(text, "]");
}

/* What the kernel would keep of each mask. */
static void add_kept(struct text *text, const struct shadow *shadow, unsigned int candidate)
{
	const char *separator = "";

	text_add(text, ",\"queues\":[");
	for (size_t i = 0; i < shadow->queue_count; i++) {
		const struct shadow_queue *queue = &shadow->queues[i];
		struct mask mask = {0};

		if (!queue->candidates[candidate].set)
			continue;
		for (unsigned int j = 0; j < queue->candidates[candidate].count; j++)
			mask_set(&mask, queue->candidates[candidate].cpus[j]);
		text_add(text, separator);
		separator = ",";
		add_queue(text, queue);
		text_add(text, "\"");
		mask_add_list(text, &mask);
		text_add(text, "\"]");
	}
	text_add(text, "]");
}

static void add_largest(struct text *text, const struct shadow *shadow)
{
	uint64_t *largest = calloc(shadow->queue_count + 1, sizeof(*largest));
	const char *separator = "";

	if (!largest)
		abort();
	shadow_largest(shadow, largest);
	text_add(text, ",\"largest\":[");
	for (size_t i = 0; i < shadow->queue_count; i++) {
		if (!largest[i])
			continue;
		text_add(text, separator);
		separator = ",";
		add_queue(text, &shadow->queues[i]);
		text_counter(text, largest[i]);
		text_add(text, "]");
	}
	text_add(text, "]");
	free(largest);
}

void frame_shadow(struct text *text, struct shadow *shadow, bool asked, uint64_t ns)
{
	text_add(text, "{\"type\":\"shadow\",\"ns\":");
	text_counter(text, ns);
	text_add(text, ",\"since\":");
	text_counter(text, shadow->since_ns);
	text_format(text, ",\"asked\":%s,\"candidates\":[", asked ? "true" : "false");
	for (unsigned int i = 0; i < shadow->count; i++) {
		text_format(text, "%s{\"id\":%u", i ? "," : "", shadow->ids[i]);
		if (shadow->new)
			add_kept(text, shadow, i);
		text_add(text, ",\"rows\":");
		add_rows(text, shadow, i);
		text_add(text, "}");
	}
	text_add(text, "],\"flow\":");
	add_rows(text, shadow, RPS_CANDIDATES);
	add_largest(text, shadow);
	text_add(text, ",\"lost\":");
	text_counter(text, shadow_lost(shadow));
	text_add(text, "}\n");
	shadow->new = false;
}

void frame_shadow_refused(struct text *text, const struct failure *failure, uint64_t ns)
{
	text_add(text, "{\"type\":\"shadow\",\"ns\":");
	text_counter(text, ns);
	text_add(text, ",\"candidates\":[],\"error\":");
	text_json(text, failure->message);
	text_add(text, "}\n");
}
