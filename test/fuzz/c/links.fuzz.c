// SPDX-License-Identifier: MIT
/* The kernel's reply to a request for links: rtnetlink(7). */
#include <string.h>
#include "devices/links.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Aligned, and no longer than what was received. */
	void *reply = malloc(size ? size : 1);
	struct text lower = {0};
	struct links links = {0};
	bool whole = true;

	HOLDS(reply);
	if (size)
		memcpy(reply, data, size);
	links_take(&links, reply, size, &whole);
	links_sort(&links);
	for (size_t i = 0; i < links.count; i++) {
		const struct link *link = &links.list[i];

		HOLDS(link->kind < KIND_COUNT);
		HOLDS(!link->below || link->below != link->ifindex);
		HOLDS(memchr(link->name, '\0', sizeof(link->name)));
		lower.length = 0;
		links_add_lower(&lower, &links, link);
	}
	links_free(&links);
	free(lower.data);
	free(reply);
	return 0;
}
