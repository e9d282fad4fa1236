/* SPDX-License-Identifier: MIT */
/* --interface and --netns: which devices' counters are told. */
#ifndef TRACER_DEVICE_SELECTION_H
#define TRACER_DEVICE_SELECTION_H

#include "devices/devices.h"
#include "tracer/counters.h"

#define CHOICE_INTERFACES 64

/* A device must have one of the names and be in the namespace. Without names, or without a namespace, any will do. */
struct choice {
	const char *interfaces[CHOICE_INTERFACES];
	unsigned int interface_count;
	const char *netns; /* its name or inode, as the devices frame has them; or NULL */
};

bool choice_made(const struct choice *choice);

/* Writes the names to `line`, as a person reads them after "only": "on eth0 eth1, in namespace blue". */
void choice_describe(const struct choice *choice, char *line, size_t size);

/* Reveals the counters of chosen devices. A counter stays, whatever becomes of its device. */
void choice_apply(const struct choice *choice, struct counters *counters,
		  const struct devices *devices);

#endif
