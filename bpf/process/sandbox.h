/* SPDX-License-Identifier: MIT */
/* Work that needs no rights and gets none. */
#ifndef PROCESS_SANDBOX_H
#define PROCESS_SANDBOX_H

#include <stddef.h>
#include <stdio.h>

/*
 * Runs `work` in a process of its own, as nobody where this process is root, without capabilities, and for `seconds` at
 * most. Returns what it wrote to its stream, to be freed, with the length, or NULL when it did not end well.
 */
void *run_apart(void (*work)(FILE *out, const void *argument), const void *argument,
		unsigned int seconds, size_t *length);

#endif
