/* SPDX-License-Identifier: MIT */
/* Work that needs no rights and gets none. */
#ifndef PROCESS_SANDBOX_H
#define PROCESS_SANDBOX_H

#include <stddef.h>
#include <stdio.h>
#include "process/sandbox_calls.h"

/* Limits of the work. To exceed one ends it. */
struct sandbox_limits {
	unsigned int seconds; /* of the clock, and of CPU time */
	size_t memory;	      /* bytes of address space */
	size_t output;	      /* bytes that it writes */
	enum sandbox_calls calls;
};

/*
 * Runs `work` in a process of its own, as nobody where this process is root, without capabilities, children, files to write to
 * or this process's standard streams, and within `limits`, which this process enforces. Returns the bytes that it wrote to its
 * stream, to be freed, with their length, or NULL when it did not end well. The caller checks these bytes: hostile input may
 * have taken the work over.
 */
void *sandbox_run(void (*work)(FILE *out, const void *argument), const void *argument,
		  const struct sandbox_limits *limits, size_t *length);

#endif
