/* SPDX-License-Identifier: MIT */
/* Lets the program that counts know when a device comes or moves, so that it need not look at the device of each packet. */
#ifndef TRACER_DEVICE_EVENTS_H
#define TRACER_DEVICE_EVENTS_H

#include <stdbool.h>
#include "tracer/counters.h"

/*
 * Attaches what tells the program that counts into `counters`, which are the map `regions`. It stays as long as this process's
 * descriptors are open. False when the kernel does not let it: then nothing is attached.
 */
bool device_events_attach(int regions, const struct counters *counters);

#endif
