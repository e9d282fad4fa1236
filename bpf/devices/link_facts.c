// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/files.h"
#include "base/grow.h"
#include "base/memory.h"
#include "devices/link_facts.h"
#include "host/interrupts.h"

#define LIST_MAX 4096

/* The hardware itself, or the bus device that a virtio device is on. */
static int read_node(int hardware)
{
	long node = file_read_long_at(hardware, "numa_node", -1);

	return node >= 0 ? node : file_read_long_at(hardware, "../numa_node", -1);
}

static unsigned int count_queues(int network, const char *name)
{
	char path[NAME_MAX + 64];
	unsigned int count = 0;

	do
		snprintf(path, sizeof(path), "%s/queues/rx-%u", name, count);
	while (!faccessat(network, path, F_OK, 0) && ++count);
	return count;
}

/*
 * Whether a device is what net_failover puts above a virtio device (drivers/net/net_failover.c): it has the hardware of one that it
 * leads. hv_netvsc leads one of other hardware, and receives packets itself.
 */
static bool is_failover(const struct links *links, const struct link *link, int network,
			int hardware)
{
	struct stat own, led;

	if (!link || !link->leads || fstat(hardware, &own))
		return false;
	for (size_t i = 0; i < links->count; i++) {
		char path[NAME_MAX + 64];

		if (links->list[i].master != link->ifindex)
			continue;
		snprintf(path, sizeof(path), "%s/device", links->list[i].name);
		if (!fstatat(network, path, &led, 0) && led.st_ino == own.st_ino)
			return true;
	}
	return false;
}

/* Of a device that is no kind of its own. */
static void read_hardware(struct link_facts *facts, const struct links *links,
			  const struct link *link, int network, const char *name)
{
	char path[NAME_MAX + 64], list[LIST_MAX];
	unsigned int *irqs;
	int hardware;

	if (facts->kind != KIND_OTHER)
		return;
	snprintf(path, sizeof(path), "%s/device", name);
	/* Opened once: the way there is long. */
	hardware = openat(network, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (hardware < 0)
		return;
	facts->node = read_node(hardware);
	if (is_failover(links, link, network, hardware)) {
		facts->kind = KIND_FAILOVER;
		close(hardware);
		return;
	}
	facts->kind = KIND_PHYSICAL;
	facts->queue_count = count_queues(network, name);
	facts->queues = must(calloc(facts->queue_count + 1, sizeof(*facts->queues)));
	irqs = must(calloc(facts->queue_count + 1, sizeof(*irqs)));
	interrupts_find(hardware, name, facts->queue_count, irqs);
	close(hardware);
	for (unsigned int i = 0; i < facts->queue_count; i++) {
		list[0] = '\0';
		if (irqs[i])
			interrupts_affinity(irqs[i], list, sizeof(list));
		facts->queues[i] =
			(struct queue_facts){.irq = irqs[i], .irq_cpus = must(strdup(list))};
	}
	free(irqs);
}

static struct link_facts facts_of(const struct links *links, uint32_t ifindex, int network,
				  const char *name)
{
	const struct link *link = links_find(links, ifindex);
	struct link_facts facts = {.ifindex = ifindex, .node = -1};
	struct text lower = {0};

	if (link) {
		facts.kind = link->kind;
		facts.up = link->up;
		facts.xdp = link->xdp;
		links_add_lower(&lower, links, link);
	}
	text_bytes(&lower, "", 1);
	facts.lower = lower.data;
	read_hardware(&facts, links, link, network, name);
	return facts;
}

static int by_ifindex(const void *a, const void *b)
{
	uint32_t one = ((const struct link_facts *)a)->ifindex;
	uint32_t other = ((const struct link_facts *)b)->ifindex;

	return one < other ? -1 : one > other;
}

static void add(struct link_table *table, const struct link_facts *facts)
{
	table->list = grow(table->list, table->count, sizeof(*table->list));
	table->list[table->count++] = *facts;
}

/* Without the kernel's word on all of them, their directory tells which devices there are. */
static void read_listed(struct link_table *table, const struct links *links, int network)
{
	int fd = openat(network, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char path[NAME_MAX + 64];
		struct link_facts facts;
		long ifindex;

		snprintf(path, sizeof(path), "%s/ifindex", entry->d_name);
		ifindex = file_read_long_at(network, path, 0);
		if (ifindex <= 0)
			continue;
		facts = facts_of(links, ifindex, network, entry->d_name);
		add(table, &facts);
	}
	if (directory)
		closedir(directory);
}

void link_table_read(struct link_table *table, int network)
{
	struct links links = {0};
	bool whole = links_read(&links);

	link_table_free(table);
	for (size_t i = 0; whole && i < links.count; i++) {
		const struct link *link = &links.list[i];
		struct link_facts facts = facts_of(&links, link->ifindex, network, link->name);

		add(table, &facts);
	}
	if (!whole)
		read_listed(table, &links, network);
	links_free(&links);
	if (table->count)
		qsort(table->list, table->count, sizeof(*table->list), by_ifindex);
}

void link_table_free(struct link_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		struct link_facts *facts = &table->list[i];

		for (unsigned int queue = 0; queue < facts->queue_count; queue++)
			free(facts->queues[queue].irq_cpus);
		free(facts->queues);
		free(facts->lower);
	}
	free(table->list);
	*table = (struct link_table){0};
}

const struct link_facts *link_table_find(const struct link_table *table, uint32_t ifindex)
{
	const struct link_facts wanted = {.ifindex = ifindex};

	return table->count ? bsearch(&wanted, table->list, table->count, sizeof(*table->list),
				      by_ifindex)
			    : NULL;
}
