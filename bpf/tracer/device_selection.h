/* SPDX-License-Identifier: MIT */
/* --interface and --netns: which devices' counters are told. */
#ifndef TRACER_DEVICE_SELECTION_H
#define TRACER_DEVICE_SELECTION_H

#include "devices/devices.h"
#include "tracer/counters.h"

#define SELECTION_INTERFACES 64

/* A device must have one of the names and be in the namespace. Without names, or without a namespace, any will do. */
struct device_selection {
	const char *interfaces[SELECTION_INTERFACES];
	unsigned int interface_count;
	const char *netns; /* its name or inode, as the devices frame has them; or NULL */
};

bool selection_made(const struct device_selection *selection);

/* Writes the names to `line`, as a person reads them after "only": "on eth0 eth1, in namespace blue". */
void selection_describe(const struct device_selection *selection, char *line, size_t size);

/* Reveals the counters of chosen devices. A counter stays, whatever becomes of its device. */
void selection_apply(const struct device_selection *selection, struct counters *counters,
		     const struct devices *devices);

#endif
