/* SPDX-License-Identifier: MIT */
/* Reads the devices of network namespaces. */
#ifndef SCAN_H
#define SCAN_H

#include "namespaces.h"
#include "text.h"

/*
 * Appends every device and queue to `packed`, see devices.h. `all`: what seldom changes is read again, too. Leaves this
 * process in its own namespace.
 */
void scan_devices(struct namespaces *namespaces, bool all, struct text *packed);

#endif
