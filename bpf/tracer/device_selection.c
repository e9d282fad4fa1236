// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include "tracer/device_selection.h"

bool selection_made(const struct device_selection *selection)
{
	return selection->interface_count || selection->netns;
}

void selection_describe(const struct device_selection *selection, char *line, size_t size)
{
	size_t length = 0;

	line[0] = '\0';
	for (unsigned int i = 0; i < selection->interface_count && length < size; i++)
		length += snprintf(line + length, size - length, "%s %s", i ? "" : "on",
				   selection->interfaces[i]);
	if (selection->netns && length < size)
		snprintf(line + length, size - length, "%sin namespace %s", length ? ", " : "",
			 selection->netns);
}

static bool names_namespace(const struct device_selection *selection, const struct device *device)
{
	char inode[16];

	snprintf(inode, sizeof(inode), "%u", device->netns);
	return !selection->netns || !strcmp(selection->netns, inode) ||
	       (device->netns_name[0] && !strcmp(selection->netns, device->netns_name));
}

static bool names_interface(const struct device_selection *selection, const struct device *device)
{
	for (unsigned int i = 0; i < selection->interface_count; i++)
		if (!strcmp(selection->interfaces[i], device->name))
			return true;
	return !selection->interface_count;
}

void selection_apply(const struct device_selection *selection, struct counters *counters,
		     const struct devices *devices)
{
	for (size_t i = counters->count; i < counters->total; i++) {
		struct decision decision = counter_decision(&counters->list[i]);
		const struct device *device = devices_find(devices, &decision);

		if (device && names_namespace(selection, device) &&
		    names_interface(selection, device))
			counters_reveal(counters, i);
	}
}
