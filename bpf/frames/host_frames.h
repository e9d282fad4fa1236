/* SPDX-License-Identifier: MIT */
/* The frames that need no tracing: `configuration` and `softnet`. */
#ifndef FRAMES_HOST_FRAMES_H
#define FRAMES_HOST_FRAMES_H

#include "base/json.h"
#include "host/host.h"

/* Appends the members "cpus" and "kept_cpus", as hello and configuration have them. */
void frame_add_cpus(struct json *json, const struct topology *topology);

void frame_configuration(struct text *text, const struct topology *topology,
			 const struct settings *settings);

/* `ns`: CLOCK_MONOTONIC of the reading. */
void frame_softnet(struct text *text, const struct softnet *softnet, uint64_t ns);

/* Appends what has changed of the host, and its softnet counters when they are due. `ns`: CLOCK_MONOTONIC. */
void frame_host(struct text *text, struct host *host, uint64_t ns);

#endif
