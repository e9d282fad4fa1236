// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/files.h"
#include "base/numbers.h"
#include "host/topology.h"

#define CPUS_MAX 65536
#define CACHES_MAX 10
#define SYSTEM "/sys/devices/system/"

static struct kept_file online_list = {.path = SYSTEM "cpu/online"},
			isolated_list = {.path = SYSTEM "cpu/isolated"},
			isolated_later = {.path = "/sys/fs/cgroup/cpuset.cpus.isolated"};

void each_cpu(const char *list, unsigned int end, void (*visit)(void *context, unsigned int id),
	      void *context)
{
	uint64_t first, last;

	while (number_take(&list, UINT32_MAX, &first)) {
		last = first;
		number_take_behind(&list, '-', UINT32_MAX, &last);
		for (uint64_t id = first; id <= last && id < end; id++)
			visit(context, id);
		list += *list == ',';
	}
}

/* Does so for a list that is in a file; an absent one is empty. */
static void each_in_file(const char *path, unsigned int end, void (*visit)(void *, unsigned int),
			 void *context)
{
	char list[CPU_LIST];

	if (file_read_line(path, list, sizeof(list)))
		each_cpu(list, end, visit, context);
}

static void count_cpu(void *context, unsigned int id)
{
	struct topology *topology = context;

	if (id >= topology->count)
		topology->count = id + 1;
}

static void set_present(void *context, unsigned int id)
{
	((struct topology *)context)->cpus[id].present = true;
}

static void set_online(void *context, unsigned int id)
{
	((struct topology *)context)->cpus[id].online = true;
}

static void set_isolated(void *context, unsigned int id)
{
	((struct topology *)context)->cpus[id].isolated = true;
}

struct node {
	struct topology *topology;
	unsigned int id;
};

static void set_node(void *context, unsigned int id)
{
	const struct node *node = context;

	node->topology->cpus[id].node = node->id;
}

/* The node's list leaves out CPUs that are offline; these have a link to their node. */
static void read_node(void *context, unsigned int id)
{
	struct node node = {.topology = context, .id = id};
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), SYSTEM "node/node%u/cpulist", id);
	each_in_file(path, node.topology->count, set_node, &node);
	for (unsigned int cpu = 0; cpu < node.topology->count; cpu++) {
		if (!node.topology->cpus[cpu].present || node.topology->cpus[cpu].online)
			continue;
		snprintf(path, sizeof(path), SYSTEM "cpu/cpu%u/node%u", cpu, id);
		if (!stat(path, &status))
			set_node(&node, cpu);
	}
}

/* Caches are numbered without gaps, in no order that the kernel promises (drivers/base/cacheinfo.c). */
static int last_level_cache(unsigned int id)
{
	char path[100], list[CPU_LIST];
	const char *lowest = list;
	uint64_t cpu;
	long deepest = 0;
	int last = -1;

	for (int index = 0; index < CACHES_MAX; index++) {
		long level;

		snprintf(path, sizeof(path), SYSTEM "cpu/cpu%u/cache/index%d/level", id, index);
		level = file_read_long(path, -1);
		if (level < 0)
			break;
		if (level > deepest) {
			deepest = level;
			last = index;
		}
	}
	snprintf(path, sizeof(path), SYSTEM "cpu/cpu%u/cache/index%d/shared_cpu_list", id, last);
	if (last < 0 || !file_read_line(path, list, sizeof(list)))
		return -1;
	return number_take(&lowest, INT32_MAX, &cpu) ? (int)cpu : -1;
}

static void read_place(void *context, unsigned int id)
{
	struct cpu *cpu = &((struct topology *)context)->cpus[id];
	char path[100];

	snprintf(path, sizeof(path), SYSTEM "cpu/cpu%u/topology/physical_package_id", id);
	cpu->package = file_read_long(path, -1);
	snprintf(path, sizeof(path), SYSTEM "cpu/cpu%u/topology/core_id", id);
	cpu->core = file_read_long(path, -1);
	cpu->llc = last_level_cache(id);
}

/* Isolated at boot (isolcpus=), and since then by cpuset partitions, which not every kernel lists in the first place. */
static void read_isolated(char list[CPU_LIST])
{
	char later[CPU_LIST];
	size_t length;

	kept_file_read_line(&isolated_list, list, CPU_LIST);
	length = strlen(list);
	if (kept_file_read_line(&isolated_later, later, sizeof(later)) && later[0])
		snprintf(list + length, CPU_LIST - length, "%s%s", length ? "," : "", later);
}

void topology_read_online(char list[CPU_LIST])
{
	kept_file_read_line(&online_list, list, CPU_LIST);
}

static void read_cpus(struct topology *topology)
{
	for (unsigned int id = 0; id < topology->count; id++)
		topology->cpus[id] = (struct cpu){.package = -1, .core = -1, .llc = -1};
	each_in_file(SYSTEM "cpu/present", topology->count, set_present, topology);
	each_cpu(topology->online, topology->count, set_online, topology);
	kept_cpus_set_online(&topology->kept, topology->online);
	each_cpu(topology->isolated, topology->count, set_isolated, topology);
	each_cpu(topology->online, topology->count, read_place, topology);
	/* A kernel without NUMA has no such directory: all CPUs stay on node 0. */
	each_in_file(SYSTEM "node/possible", NODES_MAX, read_node, topology);
}

int topology_read(struct topology *topology, struct failure *failure)
{
	*topology = (struct topology){0};
	each_in_file(SYSTEM "cpu/possible", CPUS_MAX, count_cpu, topology);
	topology->cpus = calloc(topology->count, sizeof(*topology->cpus));
	if (!topology->count || !topology->cpus)
		return fail(
			failure, "NO_SYSFS", "host",
			"Mount it: mount -t sysfs sysfs /sys (in a container, pass the host's).",
			"cannot read the CPUs from " SYSTEM "cpu/possible");
	kept_cpus_begin(&topology->kept, topology->count);
	topology_read_online(topology->online);
	read_isolated(topology->isolated);
	read_cpus(topology);
	return 0;
}

bool topology_refresh(struct topology *topology)
{
	char online[CPU_LIST], isolated[CPU_LIST];

	topology_read_online(online);
	read_isolated(isolated);
	if (!strcmp(online, topology->online) && !strcmp(isolated, topology->isolated))
		return false;
	memcpy(topology->online, online, sizeof(online));
	memcpy(topology->isolated, isolated, sizeof(isolated));
	read_cpus(topology);
	return true;
}
