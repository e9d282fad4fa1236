// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include "tracer/device_selection.h"

bool choice_made(const struct choice *choice)
{
	return choice->interface_count || choice->netns;
}

void choice_describe(const struct choice *choice, char *line, size_t size)
{
	size_t length = 0;

	line[0] = '\0';
	for (unsigned int i = 0; i < choice->interface_count && length < size; i++)
		length += snprintf(line + length, size - length, "%s %s", i ? "" : "on",
				   choice->interfaces[i]);
	if (choice->netns && length < size)
		snprintf(line + length, size - length, "%sin namespace %s", length ? ", " : "",
			 choice->netns);
}

static bool names_namespace(const struct choice *choice, const struct device *device)
{
	char inode[16];

	snprintf(inode, sizeof(inode), "%u", device->netns);
	return !choice->netns || !strcmp(choice->netns, inode) ||
	       (device->netns_name[0] && !strcmp(choice->netns, device->netns_name));
}

static bool names_interface(const struct choice *choice, const struct device *device)
{
	for (unsigned int i = 0; i < choice->interface_count; i++)
		if (!strcmp(choice->interfaces[i], device->name))
			return true;
	return !choice->interface_count;
}

void choice_apply(const struct choice *choice, struct counters *counters,
		  const struct devices *devices)
{
	for (size_t i = counters->count; i < counters->total; i++) {
		struct decision decision = counter_decision(&counters->list[i]);
		const struct device *device = find_device(devices, &decision);

		if (device && names_namespace(choice, device) && names_interface(choice, device))
			counters_reveal(counters, i);
	}
}
