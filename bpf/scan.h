/* SPDX-License-Identifier: MIT */
/* Reads the devices of network namespaces. */
#ifndef SCAN_H
#define SCAN_H

#include "namespaces.h"
#include "text.h"

/* Appends every device and queue to `packed`, see devices.h. */
void scan_devices(struct namespaces *namespaces, struct text *packed);

#endif
