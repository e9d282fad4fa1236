/* SPDX-License-Identifier: MIT */
/* What can be told of a host without tracing it, kept up to date. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "host/settings.h"
#include "host/softnet.h"
#include "host/topology.h"

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

/* Whether topology or settings changed since this was last asked. */
bool host_take_news(struct host *host);

/* Reads the softnet counters when that is due at `ns`, CLOCK_MONOTONIC. Returns whether they were read and may be told. */
bool host_read_softnet(struct host *host, uint64_t ns);

#endif
