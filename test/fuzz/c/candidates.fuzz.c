// SPDX-License-Identifier: MIT
/* Candidate masks as stdin brings them, and as --what-if has them, for the devices of a host. */
#include <string.h>
#include "candidates/candidates.h"
#include "fuzz.h"

static struct queue queues[] = {
	{.rx = 0, .rps_cpus = "f", .irq_cpus = ""},
	{.rx = 1, .rps_cpus = "0", .irq_cpus = ""},
};

static struct device list[] = {
	{.netns = 1, .ifindex = 1, .name = "lo", .netns_name = "", .lower = ""},
	{.netns = 1, .ifindex = 2, .name = "eth0", .netns_name = "", .lower = ""},
	{.netns = 4026531840, .ifindex = 2, .name = "eth0", .netns_name = "blue", .lower = ""},
};

static void check_all(const struct candidates *candidates)
{
	HOLDS(candidates->count <= RPS_CANDIDATES);
	for (size_t i = 0; i < candidates->assignments; i++) {
		const struct assignment *assignment = &candidates->list[i];

		HOLDS(assignment->candidate < candidates->count);
		HOLDS(assignment->queue <= 0xffff && assignment->ifindex);
	}
}

static void check_line(const char *line)
{
	struct candidates candidates;
	struct failure failure;
	char *text = strdup(line);

	HOLDS(text);
	if (!candidates_read(&candidates, text, &failure))
		check_all(&candidates);
	candidates_free(&candidates);
	free(text);
}

static void check_what_if(const char *text, const char *netns)
{
	const struct devices devices = {.list = list, .count = sizeof(list) / sizeof(*list)};
	struct candidates candidates = {0};
	struct failure failure;

	for (int i = 0; i <= RPS_CANDIDATES; i++)
		if (candidates_add(&candidates, text, netns, &devices, &failure) < 0)
			break;
	check_all(&candidates);
	candidates_free(&candidates);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		list[i].queues = queues;
		list[i].queue_count = 2;
	}
	check_line(text);
	check_what_if(text, NULL);
	check_what_if(text, "blue");
	free(text);
	return 0;
}
