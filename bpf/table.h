/* SPDX-License-Identifier: MIT */
/* --format table: rates as a person reads them in a terminal. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include "auditrecord.h"
#include "devices.h"
#include "findings.h"
#include "options.h"
#include "rates.h"
#include "text.h"
#include "topology.h"
#include "tracer.h"

struct table {
	const struct topology *topology;
	const struct tracer *tracer;
	const struct options *options;	 /* a filter and a choice of devices are told */
	const struct findings *findings; /* told while there is nothing else */
	struct rates rates;
	bool terminal;
	bool drawn;		    /* something is on the terminal already */
	struct rps_write write;	    /* the last to rps_cpus; at 0 ns: none */
	double seconds;		    /* how long the whole run took, when it is over */
	unsigned int width, height; /* of the terminal, in characters */
};

void table_open(struct table *table, const struct topology *topology, const struct tracer *tracer,
		const struct options *options, const struct findings *findings);

/* Takes note of a write to rps_cpus, to be drawn. */
void table_note(void *table, const struct rps_write *write);

/* Draws the state at `ns`: over the last one on a terminal, below it elsewhere. */
void table_draw(struct table *table, struct text *text, struct counters *counters,
		const struct devices *devices, const struct health *health, uint64_t ns);

/* Draws the whole run, which was over at `ns`, as averages, and leaves the terminal as it was found. */
void table_end(struct table *table, struct text *text, struct counters *counters,
	       const struct devices *devices, const struct health *health, uint64_t ns);

#endif
