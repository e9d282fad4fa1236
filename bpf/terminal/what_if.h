/* SPDX-License-Identifier: MIT */
/* --what-if in a terminal: what candidate masks would do, beside what happens now. */
#ifndef TERMINAL_WHAT_IF_H
#define TERMINAL_WHAT_IF_H

#include "base/text.h"
#include "candidates/predictions.h"
#include "host/topology.h"
#include "tracer/counters.h"

/* Packets of the queues in question by target; the last one is for those that are steered nowhere. */
struct spread {
	uint64_t *targets;
	uint64_t total;
	uint64_t unknown;  /* which CPU would get them cannot be known */
	uint64_t crossing; /* would go, or went, to another NUMA node */
};

struct what_if {
	const struct topology *topology;
	struct counters *counters;
	struct predictions *predictions;
	struct spread before; /* what was counted when the candidates were set */
};

/* Call when the candidates are set. */
void what_if_begin(struct what_if *what_if, const struct topology *topology,
		   struct counters *counters, struct predictions *predictions);

/*
 * Draws what was predicted until `ns`. `masks`: each candidate as --what-if named it. `asked`: the kernel calls get_rps_cpu()
 * at all.
 */
void what_if_draw(struct what_if *what_if, struct text *text, const char *const *masks, bool asked,
		  uint64_t ns);

#endif
