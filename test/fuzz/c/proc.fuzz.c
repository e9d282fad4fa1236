// SPDX-License-Identifier: MIT
/* The small texts of /proc and /sys, each read as whatever it may be. */
#include <string.h>
#include "base/numbers.h"
#include "devices/kernel_threads.h"
#include "devices/mountinfo.h"
#include "fuzz.h"
#include "host/interrupts.h"
#include "host/topology.h"
#include "process/fdinfo.h"

#define QUEUES 4

static void check_mountinfo(char *line)
{
	size_t length = strlen(line);
	uint32_t inode;
	char *path;

	if (mountinfo_netns(line, &inode, &path))
		HOLDS(inode && path >= line && path + strlen(path) <= line + length);
}

static void check_threads(const char *text)
{
	struct kernel_threads threads;

	kernel_threads_is_stat(text);
	kernel_threads_take(&threads, text);
	for (size_t i = 0; i < threads.count; i++)
		HOLDS(kernel_threads_has(&threads, threads.pids[i]));
	kernel_threads_free(&threads);
}

static void check_interrupts(char *actions)
{
	unsigned int *irqs = calloc(QUEUES + 1, sizeof(*irqs));

	HOLDS(irqs);
	interrupts_note(7, actions, "eth0", QUEUES, irqs);
	for (int i = 0; i <= QUEUES; i++)
		HOLDS(!irqs[i] || irqs[i] == 7);
	free(irqs);
}

static void check_numbers(const char *text)
{
	uint64_t number;
	long with_sign;
	char again[32];

	if (number_read(text, 5, UINT32_MAX, &number)) {
		HOLDS(number >= 5 && number <= UINT32_MAX);
		snprintf(again, sizeof(again), "%llu", (unsigned long long)number);
		/* Zeros may stand before it. */
		HOLDS(!strcmp(text + strspn(text, "0"), again));
	}
	if (number_read_signed(text, &with_sign)) {
		snprintf(again, sizeof(again), "%ld", with_sign);
		HOLDS(strlen(text) >= strlen(again) || text[0] == '-');
	}
	fdinfo_number(text, "recursion_misses", (__u64 *)&number);
}

static void visit(void *context, unsigned int id)
{
	bool *visited = context;

	visited[id] = true;
}

static void check_cpus(const char *list)
{
	bool *visited = calloc(100, sizeof(*visited));

	HOLDS(visited);
	each_cpu(list, 100, visit, visited);
	free(visited);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *copy = fuzz_text(data, size);

	check_numbers(text);
	check_cpus(text);
	check_threads(text);
	check_interrupts(copy);
	check_mountinfo(text);
	free(copy);
	free(text);
	return 0;
}
