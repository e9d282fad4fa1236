/* SPDX-License-Identifier: MIT */
/* What can be told of a host without tracing it, kept up to date. */
#ifndef HOST_H
#define HOST_H

#include "hostframes.h"

struct host {
	struct topology topology;
	struct settings settings;
	struct softnet softnet;
	uint64_t softnet_ns; /* when it was read last; 0: never */
	bool news;	     /* topology or settings changed since they were told */
};

/* Reads the topology for the first time. Returns -1 with `failure` set when this is no place to look. */
int host_open(struct host *host, struct failure *failure);

/* Looks at what changes seldom; to be called every second or two. */
void host_look(struct host *host);

/* Appends what has changed, and a new reading of the softnet counters. `ns` is CLOCK_MONOTONIC. */
void host_tell(struct host *host, struct text *text, uint64_t ns);

#endif
