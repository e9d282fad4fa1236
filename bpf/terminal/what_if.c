// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/memory.h"
#include "terminal/what_if.h"

#define LABEL 24
#define CELL 14

static struct spread spread_open(const struct whatif *whatif)
{
	struct spread spread = {
		.targets = must(calloc(whatif->topology->count + 1, sizeof(*spread.targets))),
	};

	return spread;
}

static void take(const struct whatif *whatif, struct spread *spread, unsigned int cpu, int target,
		 uint64_t skbs)
{
	const struct topology *topology = whatif->topology;

	spread->total += skbs;
	if (target == SHADOW_UNKNOWN)
		spread->unknown += skbs;
	else if (target < 0 || (unsigned int)target >= topology->count)
		spread->targets[topology->count] += skbs;
	else
		spread->targets[target] += skbs;
	if (target >= 0 && (unsigned int)target < topology->count && cpu < topology->count &&
	    topology->cpus[target].node != topology->cpus[cpu].node)
		spread->crossing += skbs;
}

static bool in_question(const struct shadow *shadow, const struct decision *decision)
{
	for (size_t i = 0; i < shadow->queue_count; i++)
		if (shadow->queues[i].netns == decision->netns &&
		    shadow->queues[i].ifindex == decision->ifindex &&
		    shadow->queues[i].queue == decision->queue)
			return true;
	return false;
}

/* What the kernel really did with packets of the queues in question, since attach. */
static struct spread counted(const struct whatif *whatif)
{
	struct spread spread = spread_open(whatif);

	counters_find(whatif->counters);
	for (size_t i = 0; i < whatif->counters->total; i++) {
		const struct counter *counter = &whatif->counters->list[i];
		struct decision decision = counter_decision(counter);

		if (in_question(whatif->shadow, &decision))
			take(whatif, &spread, counter->cpu, decision.target,
			     counter_values(counter).skbs);
	}
	return spread;
}

static void subtract(const struct whatif *whatif, struct spread *from, const struct spread *what)
{
	for (unsigned int target = 0; target <= whatif->topology->count; target++)
		from->targets[target] -= what->targets[target];
	from->total -= what->total;
	from->crossing -= what->crossing;
}

struct visit {
	const struct whatif *whatif;
	struct spread *spread;
	unsigned int candidate;
};

static void take_prediction(void *context, const struct prediction *prediction)
{
	struct visit *visit = context;

	/* What RFS chose for queues that this candidate leaves alone is not in its other rows either. */
	if (prediction->queue->candidates[visit->candidate].set)
		take(visit->whatif, visit->spread, prediction->cpu, prediction->target,
		     prediction->values.skbs);
}

static struct spread predicted(const struct whatif *whatif, unsigned int candidate)
{
	struct spread spread = spread_open(whatif);
	struct visit visit = {.whatif = whatif, .spread = &spread, .candidate = candidate};

	shadow_each(whatif->shadow, candidate, false, take_prediction, &visit);
	shadow_each(whatif->shadow, RPS_CANDIDATES, false, take_prediction, &visit);
	return spread;
}

void whatif_begin(struct whatif *whatif, const struct topology *topology, struct counters *counters,
		  struct shadow *shadow)
{
	*whatif = (struct whatif){.topology = topology, .counters = counters, .shadow = shadow};
	whatif->before = counted(whatif);
}

static void add_count(struct text *text, uint64_t count, double seconds)
{
	char cell[32] = "·";
	int width = CELL + 1; /* two bytes */

	if (count) {
		snprintf(cell, sizeof(cell), "%.0f/s", count / seconds);
		width = CELL;
	}
	text_format(text, "%*s", width, cell);
}

static void add_share(struct text *text, uint64_t part, uint64_t whole)
{
	text_format(text, "%*.1f %%", CELL - 2, whole ? 100.0 * part / whole : 0.0);
}

static uint64_t busiest(const struct whatif *whatif, const struct spread *spread)
{
	uint64_t most = 0;

	for (unsigned int cpu = 0; cpu < whatif->topology->count; cpu++)
		if (spread->targets[cpu] > most)
			most = spread->targets[cpu];
	return most;
}

/* Spreads: what is counted now, then the candidates. */
#define SPREADS (1 + RPS_CANDIDATES)

static void draw_targets(const struct whatif *whatif, struct text *text,
			 const struct spread *spreads, unsigned int count, double seconds)
{
	const struct topology *topology = whatif->topology;

	for (unsigned int target = 0; target <= topology->count; target++) {
		char label[64] = "not steered";
		bool any = false;

		for (unsigned int i = 0; i < count; i++)
			any = any || spreads[i].targets[target];
		if (!any)
			continue;
		if (target < topology->count)
			snprintf(label, sizeof(label), "CPU %u, node %u", target,
				 topology->cpus[target].node);
		text_format(text, "%-*s", LABEL, label);
		for (unsigned int i = 0; i < count; i++)
			add_count(text, spreads[i].targets[target], seconds);
		text_add(text, "\n");
	}
}

static void draw_sums(const struct whatif *whatif, struct text *text, const struct spread *spreads,
		      unsigned int count)
{
	text_format(text, "%-*s", LABEL, "the busiest CPU has");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, busiest(whatif, &spreads[i]), spreads[i].total);
	text_format(text, "\n%-*s", LABEL, "to another NUMA node");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, spreads[i].crossing, spreads[i].total);
	text_format(text, "\n%-*s", LABEL, "cannot be predicted");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, spreads[i].unknown, spreads[i].total);
	text_add(text, "\n");
}

static void draw_floor(const struct whatif *whatif, struct text *text, uint64_t total)
{
	uint64_t *largest = must(calloc(whatif->shadow->queue_count + 1, sizeof(*largest))),
		 most = 0;

	shadow_largest(whatif->shadow, largest);
	for (size_t i = 0; i < whatif->shadow->queue_count; i++)
		if (largest[i] > most)
			most = largest[i];
	if (most && total)
		text_format(text,
			    "\nThe largest flow has %.1f %%: no mask gets below that on one CPU.\n",
			    100.0 * most / total);
	free(largest);
}

void whatif_draw(struct whatif *whatif, struct text *text, const char *const *masks, bool asked,
		 uint64_t ns)
{
	double seconds = (ns - whatif->shadow->since_ns) / 1e9;
	unsigned int count = 1 + whatif->shadow->count;
	struct spread spreads[SPREADS];

	for (unsigned int i = 1; i < count; i++)
		spreads[i] = predicted(whatif, i - 1);
	spreads[0] = counted(whatif);
	subtract(whatif, &spreads[0], &whatif->before);
	text_format(text, "In %.1f s, skbs a second:\n\n%-*s%*s", seconds, LABEL, "", CELL, "now");
	for (unsigned int i = 1; i < count; i++)
		text_format(text, "%*s%u", CELL - 1, "what if ", i);
	text_add(text, "\n");
	draw_targets(whatif, text, spreads, count, seconds);
	text_add(text, "\n");
	draw_sums(whatif, text, spreads, count);
	draw_floor(whatif, text, spreads[0].total);
	text_add(text, "\n");
	for (unsigned int i = 1; i < count; i++)
		text_format(text, "what if %u: %s\n", i, masks[i - 1]);
	if (!asked)
		text_add(text,
			 "\nNo queue has a mask and RFS is off, so the kernel asks for no packet: "
			 "there is nothing to predict\nfrom. A mask on any queue of any device, "
			 "such as lo, makes it ask.\n");
	for (unsigned int i = 0; i < count; i++)
		free(spreads[i].targets);
}
