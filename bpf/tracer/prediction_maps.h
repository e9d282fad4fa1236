/* SPDX-License-Identifier: MIT */
/* The maps in which the BPF program counts for candidate masks, see abi/candidates.h. */
#ifndef TRACER_PREDICTION_MAPS_H
#define TRACER_PREDICTION_MAPS_H

#include <stddef.h>

struct prediction_maps {
	int plan, counters; /* descriptors; 0: none */
	unsigned int
		regions; /* of `counters`: one for each CPU, or two; 0: the backend cannot predict */
	unsigned int cpus;
};

/* Counters in a region on a host of `cpus` CPUs, a power of two. */
unsigned int prediction_room(unsigned int cpus);

/* The size of a region with `room` counters, in bytes. */
size_t prediction_size(unsigned int room);

/* Duplicates the descriptors of both maps, which are closed with the skeleton. Returns a negative errno when it cannot. */
int prediction_maps_open(struct prediction_maps *maps, int plan, int counters, unsigned int regions,
			 unsigned int cpus);
void prediction_maps_close(struct prediction_maps *maps);

#endif
