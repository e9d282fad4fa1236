/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_SECCOMP_H
#define PROCESS_SECCOMP_H

#include <sys/types.h>

/*
 * Refuses this process, with EPERM, every system call but those that reading counters and printing them takes. Of
 * processes it may end `child` only, of files it may only read. A kernel without seccomp leaves it as it is.
 */
void confine(pid_t child);

#endif
