/* SPDX-License-Identifier: MIT */
/* The kernel's own threads, most of the processes of an idle host: all of them are in the network namespace of process 1. */
#ifndef DEVICES_KERNEL_THREADS_H
#define DEVICES_KERNEL_THREADS_H

#include <stdbool.h>
#include <stddef.h>

struct kernel_threads {
	unsigned int *pids; /* in ascending order */
	size_t count;
};

/* Whether a line of /proc/PID/stat is a kernel thread's. */
bool kernel_threads_is_stat(const char *line);

/* Takes a list as in /proc/PID/task/TID/children: numbers with a blank behind each. */
void kernel_threads_take(struct kernel_threads *threads, const char *list);

/* Lists them; none where the kernel does not tell. */
void kernel_threads_read(struct kernel_threads *threads);
bool kernel_threads_has(const struct kernel_threads *threads, unsigned int pid);
void kernel_threads_free(struct kernel_threads *threads);

#endif
