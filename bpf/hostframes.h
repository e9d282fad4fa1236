/* SPDX-License-Identifier: MIT */
/* The frames that need no tracing, see frames.h. */
#ifndef HOSTFRAMES_H
#define HOSTFRAMES_H

#include "settings.h"
#include "softnet.h"
#include "text.h"
#include "topology.h"

/* Appends the member "cpus", as hello and configuration have it. */
void add_cpus(struct text *text, const struct topology *topology);

void frame_configuration(struct text *text, const struct topology *topology,
			 const struct settings *settings);

/* `ns`: CLOCK_MONOTONIC when it was read. */
void frame_softnet(struct text *text, const struct softnet *softnet, uint64_t ns);

#endif
