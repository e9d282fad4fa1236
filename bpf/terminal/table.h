/* SPDX-License-Identifier: MIT */
/* --format table: rates as a person reads them in a terminal. */
#ifndef TERMINAL_TABLE_H
#define TERMINAL_TABLE_H

#include <stdbool.h>
#include "abi/mask_write.h"
#include "base/text.h"
#include "devices/devices.h"
#include "doctor/findings.h"
#include "host/topology.h"
#include "terminal/rates.h"
#include "tracer/device_selection.h"
#include "tracer/tracer.h"

struct table {
	const struct topology *topology;
	const struct tracer *tracer;
	const char *filter; /* NULL: every packet counts */
	const struct device_selection *selection;
	const struct findings *findings; /* told while there is nothing else */
	struct rates rates;
	bool terminal;
	bool drawn;		    /* something is on the terminal already */
	struct rps_write write;	    /* the last to rps_cpus; at 0 ns: none */
	double seconds;		    /* how long the whole run took, when it is over */
	unsigned int width, height; /* of the terminal, in characters */
};

void table_open(struct table *table, const struct topology *topology, const struct tracer *tracer,
		const char *filter, const struct device_selection *selection,
		const struct findings *findings);

/* Takes note of a write to rps_cpus, to be drawn. */
void table_note(void *table, const struct rps_write *write);

/* Draws the state at `ns`: over the last one on a terminal, below it elsewhere. */
void table_draw(struct table *table, struct text *text, struct counters *counters,
		const struct devices *devices, const struct health *health, uint64_t ns);

/* Draws the whole run, which was over at `ns`, as averages, and leaves the terminal as it was found. */
void table_end(struct table *table, struct text *text, struct counters *counters,
	       const struct devices *devices, const struct health *health, uint64_t ns);

#endif
