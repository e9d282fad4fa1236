// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "topology.h"

#define CPUS_MAX 65536
#define SYSTEM "/sys/devices/system/"

typedef void (*visit_fn)(struct topology *topology, unsigned int id, unsigned int node);

/* Calls `visit` for each number of a list such as "0-3,8" (Documentation/admin-guide/cputopology.rst). */
static int each_of(const char *path, struct topology *topology, visit_fn visit, unsigned int node)
{
	FILE *file = fopen(path, "re");
	unsigned int first, last;
	char separator;

	if (!file)
		return -1;
	while (fscanf(file, "%u", &first) == 1) {
		last = first;
		if (fscanf(file, "%c", &separator) == 1 && separator == '-' &&
		    fscanf(file, "%u%c", &last, &separator) < 1)
			break;
		for (unsigned int id = first; id <= last && id < CPUS_MAX; id++)
			visit(topology, id, node);
	}
	fclose(file);
	return 0;
}

static void make_room(struct topology *topology, unsigned int id, unsigned int node)
{
	(void)node;
	if (id >= topology->count)
		topology->count = id + 1;
}

static void set_present(struct topology *topology, unsigned int id, unsigned int node)
{
	(void)node;
	if (id < topology->count)
		topology->cpus[id].present = true;
}

static void set_online(struct topology *topology, unsigned int id, unsigned int node)
{
	(void)node;
	if (id < topology->count)
		topology->cpus[id].online = true;
}

static void set_node(struct topology *topology, unsigned int id, unsigned int node)
{
	if (id < topology->count)
		topology->cpus[id].node = node;
}

/* A kernel without NUMA has no such directory: all CPUs stay on node 0. */
static void read_nodes(struct topology *topology)
{
	DIR *nodes = opendir(SYSTEM "node");
	struct dirent *entry;
	unsigned int node;
	char path[300];

	if (!nodes)
		return;
	while ((entry = readdir(nodes))) {
		if (sscanf(entry->d_name, "node%u", &node) != 1)
			continue;
		snprintf(path, sizeof(path), SYSTEM "node/%s/cpulist", entry->d_name);
		each_of(path, topology, set_node, node);
	}
	closedir(nodes);
}

int read_topology(struct topology *topology, struct failure *failure)
{
	*topology = (struct topology){0};
	each_of(SYSTEM "cpu/possible", topology, make_room, 0);
	topology->cpus = calloc(topology->count, sizeof(*topology->cpus));
	if (!topology->count || !topology->cpus)
		return fail(
			failure, "NO_SYSFS", "host",
			"Mount it: mount -t sysfs sysfs /sys (in a container, pass the host's).",
			"cannot read the CPUs from " SYSTEM "cpu/possible");
	each_of(SYSTEM "cpu/present", topology, set_present, 0);
	each_of(SYSTEM "cpu/online", topology, set_online, 0);
	read_nodes(topology);
	return 0;
}
