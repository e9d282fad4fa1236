// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"
#include "base/grow.h"
#include "devices/kernel_threads.h"

/* From include/linux/sched.h. */
#define PF_KTHREAD 0x00200000

/* kthreadd, the parent of all others, is process 2, unless this is a PID namespace of its own. */
static bool kthreadd_is_here(void)
{
	char line[512];
	const char *behind_name;
	unsigned int flags;

	return read_line("/proc/2/stat", line, sizeof(line)) &&
	       (behind_name = strrchr(line, ')')) &&
	       sscanf(behind_name, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       flags & PF_KTHREAD;
}

static int by_number(const void *a, const void *b)
{
	unsigned int one = *(const unsigned int *)a, other = *(const unsigned int *)b;

	return one < other ? -1 : one > other;
}

void kernel_threads_read(struct kernel_threads *threads)
{
	/* Since Linux 4.2, see proc_pid_task(5) for children; with CONFIG_PROC_CHILDREN. */
	FILE *children = kthreadd_is_here() ? fopen("/proc/2/task/2/children", "re") : NULL;
	unsigned int pid;

	*threads = (struct kernel_threads){0};
	while (children && fscanf(children, "%u", &pid) == 1) {
		threads->pids = grow(threads->pids, threads->count, sizeof(*threads->pids));
		threads->pids[threads->count++] = pid;
	}
	if (children)
		fclose(children);
	if (threads->count)
		qsort(threads->pids, threads->count, sizeof(*threads->pids), by_number);
}

bool is_kernel_thread(const struct kernel_threads *threads, unsigned int pid)
{
	return threads->count &&
	       bsearch(&pid, threads->pids, threads->count, sizeof(*threads->pids), by_number);
}

void kernel_threads_free(struct kernel_threads *threads)
{
	free(threads->pids);
}
