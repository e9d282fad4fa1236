// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "devices.h"
#include "readfile.h"
#include "scan.h"

/* A mask of 65536 CPUs takes 18 KiB; sysfs gives one page at most. */
#define CONTENT_MAX 4096

/* Reads what identifies a device; false when it is gone. */
static bool identify(int directory, const char *name, struct device *device)
{
	char path[NAME_MAX + 64];
	struct stat status;

	snprintf(path, sizeof(path), "%s/ifindex", name);
	device->ifindex = read_long_at(directory, path, 0);
	if (!device->ifindex || fstatat(directory, name, &status, 0))
		return false;
	device->instance = RPS_INSTANCE(status.st_ino);
	return true;
}

/* Reads the queues of a device: they are numbered without gaps. */
static void scan_queues(int directory, const char *name, const struct link_facts *facts,
			struct text *packed)
{
	char path[NAME_MAX + 64], mask[CONTENT_MAX];

	for (unsigned int rx = 0;; rx++) {
		struct queue queue = {.rx = rx, .rps_cpus = mask, .irq_cpus = ""};
		long flows;

		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_cpus", name, rx);
		if (!read_line_at(directory, path, mask, sizeof(mask)))
			return;
		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_flow_cnt", name, rx);
		flows = read_long_at(directory, path, -1);
		if (flows < 0)
			return;
		queue.rps_flow_cnt = flows;
		if (facts && rx < facts->queue_count) {
			queue.irq = facts->queues[rx].irq;
			queue.irq_cpus = facts->queues[rx].irq_cpus;
		}
		pack_queue(packed, &queue);
	}
}

static void scan_device(int directory, struct device *device, const struct link_facts *facts,
			struct text *packed)
{
	char path[NAME_MAX + 64];

	device->node = -1;
	device->lower = "";
	if (facts) {
		device->kind = facts->kind;
		device->node = facts->node;
		device->up = facts->up;
		device->xdp = facts->xdp;
		device->lower = facts->lower;
	}
	if (device->xdp) {
		snprintf(path, sizeof(path), "%s/statistics/rx_packets", device->name);
		device->rx_packets = read_long_at(directory, path, 0);
	}
	pack_device(packed, device);
	scan_queues(directory, device->name, facts, packed);
}

/* Reads again what seldom changes. */
static void refresh(struct namespaces *namespaces, struct netns *netns, int network)
{
	if (enter_namespace(namespaces, netns->inode, netns->path))
		link_table_read(&netns->links, network);
	leave_namespace(namespaces);
}

static void scan_namespace(struct namespaces *namespaces, struct netns *netns, bool all,
			   struct text *packed)
{
	int fd = openat(netns->sysfs, "class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool any = false;

	if (directory && all)
		refresh(namespaces, netns, dirfd(directory));
	while (directory && (entry = readdir(directory))) {
		struct device device = {
			.netns = netns->inode,
			.netns_name = netns->name,
			.name = entry->d_name,
		};

		if (!identify(dirfd(directory), entry->d_name, &device))
			continue;
		any = true;
		/* One that came since. */
		if (!all && !link_table_find(&netns->links, device.ifindex)) {
			refresh(namespaces, netns, dirfd(directory));
			all = true;
		}
		scan_device(dirfd(directory), &device,
			    link_table_find(&netns->links, device.ifindex), packed);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	/* A namespace that lives has at least lo: this is the sysfs of one that died and left its inode to another. */
	if (!any)
		forget_sysfs(netns);
}

void scan_devices(struct namespaces *namespaces, bool all, struct text *packed)
{
	for (size_t i = 0; i < namespaces->count; i++)
		if (namespaces->list[i].sysfs >= 0)
			scan_namespace(namespaces, &namespaces->list[i], all, packed);
}
