/* SPDX-License-Identifier: MIT */
/* Counters per second, and what they add up to for each pair of CPUs. */
#ifndef TERMINAL_RATES_H
#define TERMINAL_RATES_H

#include <stdint.h>
#include "tracer/counters.h"

struct rates {
	uint64_t *last; /* skbs of each counter, in the order of the counters' list */
	uint64_t *rate; /* skbs a second of each counter */
	size_t count;
	uint64_t first_ns, last_ns;
};

/* Computes the rates since the last time, 0 the first time. */
void rates_update(struct rates *rates, const struct counters *counters, uint64_t ns);

/* Makes the next update compute the rates over the whole time. Returns that time until `ns` in seconds. */
double rates_from_start(struct rates *rates, uint64_t ns);

struct matrix {
	unsigned int *cpus; /* the CPUs that decide or are chosen, in order */
	unsigned int count;
	uint64_t *cells; /* skbs a second: `count` rows of `count` targets and one for none */
	uint64_t steered, self, none;
};

/* Adds up the rates of all interfaces, for CPU numbers below `cpus`. */
struct matrix matrix_of(const struct rates *rates, const struct counters *counters,
			unsigned int cpus);
void matrix_free(struct matrix *matrix);

static inline uint64_t *matrix_cell(const struct matrix *matrix, unsigned int row,
				    unsigned int column)
{
	return &matrix->cells[(size_t)row * (matrix->count + 1) + column];
}

#endif
