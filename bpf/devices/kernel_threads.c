// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"
#include "base/grow.h"
#include "base/numbers.h"
#include "devices/kernel_threads.h"

/* From include/linux/sched.h. */
#define PF_KTHREAD 0x00200000
/* State, parent, group, session, terminal and its group stand between the name and the flags: proc_pid_stat(5). */
#define BLANKS_BEFORE_FLAGS 7

bool kernel_threads_is_stat(const char *line)
{
	/* A name may have blanks and parentheses. */
	const char *at = strrchr(line, ')');
	uint64_t flags;

	for (int field = 0; field < BLANKS_BEFORE_FLAGS && at; field++)
		at = strchr(at + 1, ' ');
	return at && number_take_behind(&at, ' ', UINT32_MAX, &flags) && flags & PF_KTHREAD;
}

/* kthreadd, the parent of all others, is process 2, unless this is a PID namespace of its own. */
static bool kthreadd_is_here(void)
{
	char line[512];

	return file_read_line("/proc/2/stat", line, sizeof(line)) && kernel_threads_is_stat(line);
}

static int by_number(const void *a, const void *b)
{
	unsigned int one = *(const unsigned int *)a, other = *(const unsigned int *)b;

	return one < other ? -1 : one > other;
}

void kernel_threads_take(struct kernel_threads *threads, const char *list)
{
	uint64_t pid;

	*threads = (struct kernel_threads){0};
	for (; number_take(&list, INT32_MAX, &pid); list += *list == ' ') {
		threads->pids = grow(threads->pids, threads->count, sizeof(*threads->pids));
		threads->pids[threads->count++] = pid;
	}
	if (threads->count)
		qsort(threads->pids, threads->count, sizeof(*threads->pids), by_number);
}

void kernel_threads_read(struct kernel_threads *threads)
{
	/* Since Linux 4.2, see proc_pid_task(5) for children; with CONFIG_PROC_CHILDREN. */
	FILE *children = kthreadd_is_here() ? fopen("/proc/2/task/2/children", "re") : NULL;
	char *list = NULL;
	size_t room = 0;

	kernel_threads_take(threads, children && getline(&list, &room, children) > 0 ? list : "");
	free(list);
	if (children)
		fclose(children);
}

bool kernel_threads_has(const struct kernel_threads *threads, unsigned int pid)
{
	return threads->count &&
	       bsearch(&pid, threads->pids, threads->count, sizeof(*threads->pids), by_number);
}

void kernel_threads_free(struct kernel_threads *threads)
{
	free(threads->pids);
}
