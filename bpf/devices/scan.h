/* SPDX-License-Identifier: MIT */
/* Reads the devices of network namespaces. */
#ifndef DEVICES_SCAN_H
#define DEVICES_SCAN_H

#include "base/text.h"
#include "devices/namespaces.h"

/*
 * Appends every device and queue to `packed`, see devices/devices.h. `all`: what seldom changes is read again, too. Leaves this
 * process in its own namespace.
 */
void scan_devices(struct namespaces *namespaces, bool all, struct text *packed);

#endif
