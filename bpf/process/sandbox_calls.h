/* SPDX-License-Identifier: MIT */
/* System calls that are left to a process which parses what others wrote. */
#ifndef PROCESS_SANDBOX_CALLS_H
#define PROCESS_SANDBOX_CALLS_H

enum sandbox_calls {
	SANDBOX_READS,	  /* descriptors that are open already, and memory */
	SANDBOX_LOOKS_UP, /* the same, files that nobody may read, and names over the network */
};

/* Refuses all other calls, with EPERM, from now on. Returns -1 when the kernel has no seccomp(2): then nothing is refused. */
int sandbox_confine(enum sandbox_calls calls);

#endif
