/* SPDX-License-Identifier: MIT */
/* What system calls a process may make. */
#ifndef PROCESS_SECCOMP_H
#define PROCESS_SECCOMP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>

/* A system call that is allowed, and what the lower half of one of its arguments must be. */
struct call_rule {
	unsigned short number;
	unsigned char argument;
	enum { ARGUMENT_ANY, ARGUMENT_IS, ARGUMENT_WITHOUT } test;
	uint32_t value; /* that the argument is, or bits that it is without */
};

/* A rule for a call whatever its arguments. */
#define CALL(name)                   \
	{                            \
		.number = SYS_##name \
	}

/*
 * Refuses this process, with EPERM, every system call but those of the rules and what memory, time, open descriptors, waiting
 * and ending take. Returns -1 where the kernel has no seccomp.
 */
int seccomp_confine_to(const struct call_rule *rules, size_t count);

/*
 * Does so for a process that reads counters and prints them. Of processes it may end `child` only, of files it may only read.
 * A kernel without seccomp leaves it as it is.
 */
void seccomp_confine(pid_t child);

#endif
