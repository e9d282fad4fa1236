// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/memory.h"
#include "terminal/what_if.h"

#define LABEL 24
#define CELL 14

static struct spread spread_open(const struct what_if *what_if)
{
	struct spread spread = {
		.targets = must(calloc(what_if->topology->count + 1, sizeof(*spread.targets))),
	};

	return spread;
}

static void take(const struct what_if *what_if, struct spread *spread, unsigned int cpu, int target,
		 uint64_t skbs)
{
	const struct topology *topology = what_if->topology;

	spread->total += skbs;
	if (target == PREDICTION_UNKNOWN)
		spread->unknown += skbs;
	else if (target < 0 || (unsigned int)target >= topology->count)
		spread->targets[topology->count] += skbs;
	else
		spread->targets[target] += skbs;
	if (target >= 0 && (unsigned int)target < topology->count && cpu < topology->count &&
	    topology->cpus[target].node != topology->cpus[cpu].node)
		spread->crossing += skbs;
}

static bool in_question(const struct predictions *predictions, const struct decision *decision)
{
	for (size_t i = 0; i < predictions->queue_count; i++)
		if (predictions->queues[i].netns == decision->netns &&
		    predictions->queues[i].ifindex == decision->ifindex &&
		    predictions->queues[i].queue == decision->queue)
			return true;
	return false;
}

/* What the kernel really did with packets of the queues in question, since attach. */
static struct spread counted(const struct what_if *what_if)
{
	struct spread spread = spread_open(what_if);

	counters_find(what_if->counters);
	for (size_t i = 0; i < what_if->counters->total; i++) {
		const struct counter *counter = &what_if->counters->list[i];
		struct decision decision = counter_decision(counter);

		if (in_question(what_if->predictions, &decision))
			take(what_if, &spread, counter->cpu, decision.target,
			     counter_values(counter).skbs);
	}
	return spread;
}

static void subtract(const struct what_if *what_if, struct spread *from, const struct spread *what)
{
	for (unsigned int target = 0; target <= what_if->topology->count; target++)
		from->targets[target] -= what->targets[target];
	from->total -= what->total;
	from->crossing -= what->crossing;
}

struct visit {
	const struct what_if *what_if;
	struct spread *spread;
	unsigned int candidate;
};

static void take_prediction(void *context, const struct prediction *prediction)
{
	struct visit *visit = context;

	/* What RFS chose for queues that this candidate leaves alone is not in its other rows either. */
	if (prediction->queue->candidates[visit->candidate].set)
		take(visit->what_if, visit->spread, prediction->cpu, prediction->target,
		     prediction->values.skbs);
}

static struct spread predicted(const struct what_if *what_if, unsigned int candidate)
{
	struct spread spread = spread_open(what_if);
	struct visit visit = {.what_if = what_if, .spread = &spread, .candidate = candidate};

	predictions_each(what_if->predictions, candidate, false, take_prediction, &visit);
	predictions_each(what_if->predictions, RPS_CANDIDATES, false, take_prediction, &visit);
	return spread;
}

void what_if_begin(struct what_if *what_if, const struct topology *topology,
		   struct counters *counters, struct predictions *predictions)
{
	free(what_if->before.targets);
	*what_if = (struct what_if){
		.topology = topology, .counters = counters, .predictions = predictions};
	what_if->before = counted(what_if);
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

static uint64_t busiest(const struct what_if *what_if, const struct spread *spread)
{
	uint64_t most = 0;

	for (unsigned int cpu = 0; cpu < what_if->topology->count; cpu++)
		if (spread->targets[cpu] > most)
			most = spread->targets[cpu];
	return most;
}

/* Spreads: what is counted now, then the candidates. */
#define SPREADS (1 + RPS_CANDIDATES)

static void draw_targets(const struct what_if *what_if, struct text *text,
			 const struct spread *spreads, unsigned int count, double seconds)
{
	const struct topology *topology = what_if->topology;

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

static void draw_sums(const struct what_if *what_if, struct text *text,
		      const struct spread *spreads, unsigned int count)
{
	text_format(text, "%-*s", LABEL, "the busiest CPU has");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, busiest(what_if, &spreads[i]), spreads[i].total);
	text_format(text, "\n%-*s", LABEL, "to another NUMA node");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, spreads[i].crossing, spreads[i].total);
	text_format(text, "\n%-*s", LABEL, "cannot be predicted");
	for (unsigned int i = 0; i < count; i++)
		add_share(text, spreads[i].unknown, spreads[i].total);
	text_add(text, "\n");
}

static void draw_floor(const struct what_if *what_if, struct text *text, uint64_t total)
{
	uint64_t *largest = must(calloc(what_if->predictions->queue_count + 1, sizeof(*largest))),
		 most = 0;

	predictions_largest(what_if->predictions, largest);
	for (size_t i = 0; i < what_if->predictions->queue_count; i++)
		if (largest[i] > most)
			most = largest[i];
	if (most && total)
		text_format(text,
			    "\nThe largest flow has %.1f %%: no mask gets below that on one CPU.\n",
			    100.0 * most / total);
	free(largest);
}

void what_if_draw(struct what_if *what_if, struct text *text, const char *const *masks, bool asked,
		  uint64_t ns)
{
	double seconds = (ns - what_if->predictions->since_ns) / 1e9;
	unsigned int count = 1 + what_if->predictions->count;
	struct spread spreads[SPREADS];

	for (unsigned int i = 1; i < count; i++)
		spreads[i] = predicted(what_if, i - 1);
	spreads[0] = counted(what_if);
	subtract(what_if, &spreads[0], &what_if->before);
	text_format(text, "In %.1f s, skbs a second:\n\n%-*s%*s", seconds, LABEL, "", CELL, "now");
	for (unsigned int i = 1; i < count; i++)
		text_format(text, "%*s%u", CELL - 1, "what if ", i);
	text_add(text, "\n");
	draw_targets(what_if, text, spreads, count, seconds);
	text_add(text, "\n");
	draw_sums(what_if, text, spreads, count);
	draw_floor(what_if, text, spreads[0].total);
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
