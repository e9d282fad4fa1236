// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/files.h"
#include "devices/devices.h"
#include "devices/scan.h"

/* A mask of 65536 CPUs takes 18 KiB; sysfs gives one page at most. */
#define CONTENT_MAX 4096
/* Directories stay open while descriptors are below this: many namespaces need theirs for more. */
#define DIRECTORY_MOST 1024

/* A look at the devices of a namespace. */
struct scan {
	struct namespaces *namespaces;
	struct netns *netns;
	struct text *packed;
	int directory; /* of its devices */
	bool all;      /* what seldom changes was read */
};

/* Reads what identifies a device; false when it is gone. */
static bool identify(int directory, const char *name, struct device *device)
{
	char path[NAME_MAX + 64];
	struct stat status;

	snprintf(path, sizeof(path), "%s/ifindex", name);
	device->ifindex = file_read_long_at(directory, path, 0);
	if (!device->ifindex || fstatat(directory, name, &status, 0))
		return false;
	device->instance = RPS_INSTANCE(status.st_ino);
	return true;
}

static void add_queue(struct text *packed, const struct link_facts *facts, unsigned int rx,
		      const char *mask, long flows)
{
	struct queue queue = {
		.rx = rx,
		.rps_cpus = mask,
		.rps_flow_cnt = flows,
		.irq_cpus = "",
	};

	if (facts && rx < facts->queue_count) {
		queue.irq = facts->queues[rx].irq;
		queue.irq_cpus = facts->queues[rx].irq_cpus;
	}
	devices_pack_queue(packed, &queue);
}

/* Reads the queues of a device: they are numbered without gaps. Returns how many there are. */
static unsigned int scan_queues(int directory, const char *name, const struct link_facts *facts,
				struct text *packed)
{
	char path[NAME_MAX + 64], mask[CONTENT_MAX];

	for (unsigned int rx = 0;; rx++) {
		long flows;

		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_cpus", name, rx);
		if (!file_read_line_at(directory, path, mask, sizeof(mask)))
			return rx;
		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_flow_cnt", name, rx);
		flows = file_read_long_at(directory, path, -1);
		if (flows < 0)
			return rx;
		add_queue(packed, facts, rx, mask, flows);
	}
}

/* The same for a device that is known; false when it is not as it was. */
static bool scan_known(const struct cached_device *known, const struct link_facts *facts,
		       struct text *packed)
{
	char mask[CONTENT_MAX];
	long flows;

	for (unsigned int rx = 0; rx < known->queue_count; rx++) {
		if (!sysfs_cache_read(&known->queues[rx], mask, sizeof(mask), &flows))
			return false;
		add_queue(packed, facts, rx, mask, flows);
	}
	return true;
}

/* Whether a device has more queues than it had when it became known. */
static bool has_grown(int directory, const struct cached_device *known)
{
	char path[NAME_MAX + 64];

	snprintf(path, sizeof(path), "%s/queues/rx-%u", known->name, known->queue_count);
	return !faccessat(directory, path, F_OK, 0);
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
		device->rx_packets = file_read_long_at(directory, path, 0);
	}
	devices_pack_device(packed, device);
}

/* Reads again what seldom changes. */
static void refresh(struct namespaces *namespaces, struct netns *netns, int network)
{
	if (namespaces_enter(namespaces, netns->inode, netns->path))
		link_table_read(&netns->links, network);
	namespaces_leave(namespaces);
}

/* What it is known by, or can be identified by; false when it is gone. */
static bool recognise(int directory, const struct cached_device *known, struct device *device)
{
	if (!known)
		return identify(directory, device->name, device);
	device->ifindex = known->ifindex;
	device->instance = known->instance;
	return true;
}

/* Scans one entry of a namespace's directory of devices; false when there is no such device any more. */
static bool scan_entry(struct scan *scan, const struct dirent64 *entry, struct cached_device *known)
{
	struct netns *netns = scan->netns;
	struct device device = {
		.netns = netns->inode,
		.netns_name = netns->name,
		.name = entry->d_name,
	};
	const struct link_facts *facts;
	size_t begin = scan->packed->length;

	if (!strcmp(device.name, ".") || !strcmp(device.name, "..") ||
	    !recognise(scan->directory, known, &device))
		return false;
	facts = link_table_find(&netns->links, device.ifindex);
	/* One that came since. */
	if (!facts && !scan->all) {
		refresh(scan->namespaces, netns, scan->directory);
		scan->all = true;
		facts = link_table_find(&netns->links, device.ifindex);
	}
	scan_device(scan->directory, &device, facts, scan->packed);
	if (known && !(scan->all && has_grown(scan->directory, known)) &&
	    scan_known(known, facts, scan->packed))
		return true;
	if (known) {
		scan->packed->length = begin;
		sysfs_cache_drop(known);
		return scan_entry(scan, entry, NULL);
	}
	sysfs_cache_keep(&netns->known, scan->directory,
			 &(struct cached_device){
				 .name = (char *)entry->d_name,
				 .entry = entry->d_ino,
				 .ifindex = device.ifindex,
				 .instance = device.instance,
				 .queue_count = scan_queues(scan->directory, device.name, facts,
							    scan->packed),
			 });
	return true;
}

/* Opens the directory of a namespace's devices, or begins again in it. */
static int open_network(struct netns *netns)
{
	if (netns->network >= 0)
		lseek(netns->network, 0, SEEK_SET);
	else
		netns->network =
			openat(netns->sysfs, "class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return netns->network;
}

static void scan_namespace(struct scan *scan, bool all)
{
	/* readdir() would take two more system calls. */
	static char entries[32768] __attribute__((aligned(8)));
	struct netns *netns = scan->netns;
	int fd = open_network(netns);
	ssize_t length;
	bool any = false;

	scan->directory = fd;
	scan->all = all;
	if (fd >= 0 && all) {
		sysfs_cache_begin(&netns->known);
		refresh(scan->namespaces, netns, fd);
	}
	while ((length = getdents64(fd, entries, sizeof(entries))) > 0)
		for (ssize_t at = 0; at < length;) {
			const struct dirent64 *entry = (const void *)(entries + at);

			at += entry->d_reclen;
			any |= scan_entry(
				scan, entry,
				sysfs_cache_find(&netns->known, entry->d_name, entry->d_ino));
		}
	if (all)
		sysfs_cache_end(&netns->known);
	if (fd >= DIRECTORY_MOST) {
		close(fd);
		netns->network = -1;
	}
	/* A namespace that lives has at least lo: this is the sysfs of one that died and left its inode to another. */
	if (!any)
		namespaces_forget_sysfs(netns);
}

void scan_devices(struct namespaces *namespaces, bool all, struct text *packed)
{
	struct scan scan = {.namespaces = namespaces, .packed = packed};

	for (size_t i = 0; i < namespaces->count; i++) {
		scan.netns = &namespaces->list[i];
		if (scan.netns->sysfs >= 0)
			scan_namespace(&scan, all);
	}
}
