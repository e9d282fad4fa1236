/* SPDX-License-Identifier: MIT */
/* --what-if in a terminal: what candidate masks would do, beside what happens now. */
#ifndef WHATIF_H
#define WHATIF_H

#include "counters.h"
#include "options.h"
#include "shadow.h"
#include "text.h"
#include "topology.h"

/* Packets of the queues in question by target; the last one is for those that are steered nowhere. */
struct spread {
	uint64_t *targets;
	uint64_t total;
	uint64_t unknown;  /* which CPU would get them cannot be known */
	uint64_t crossing; /* would go, or went, to another NUMA node */
};

struct whatif {
	const struct topology *topology;
	struct counters *counters;
	struct shadow *shadow;
	struct spread before; /* what was counted when the candidates were set */
};

/* Call when the candidates are set. */
void whatif_begin(struct whatif *whatif, const struct topology *topology, struct counters *counters,
		  struct shadow *shadow);

/* Draws what was predicted until `ns`. `asked`: the kernel asks get_rps_cpu() at all. */
void whatif_draw(struct whatif *whatif, struct text *text, const struct options *options,
		 bool asked, uint64_t ns);

#endif
