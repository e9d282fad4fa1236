/* SPDX-License-Identifier: MIT */
/*
 * A process of its own that looks at the host's devices again and again. Entering network namespaces takes
 * CAP_SYS_ADMIN: this process keeps it and talks to nobody, so that the one that talks can give everything up. And a
 * host with thousands of devices does not hold up the samples.
 */
#ifndef DEVICES_SCANNER_H
#define DEVICES_SCANNER_H

#include <stdbool.h>
#include <sys/types.h>
#include "devices/devices.h"

struct scanner {
	pid_t pid;
	int fd; /* readable when something came */
	struct text received;
};

/* Starts the process. It dies with this one. */
int scanner_start(struct scanner *scanner);

/* Reads what came; true when `devices` is a new list that differs by more than statistics. */
bool scanner_read(struct scanner *scanner, struct devices *devices);

void scanner_stop(struct scanner *scanner);

#endif
