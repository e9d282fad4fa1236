// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "devices.h"
#include "scan.h"

/* A mask of 65536 CPUs takes 18 KiB; sysfs gives one page at most. */
#define CONTENT_MAX 4096

/* Reads a sysfs file without its newline. Returns -1 when there is none. */
static int read_at(int directory, const char *path, char content[CONTENT_MAX])
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, content, CONTENT_MAX - 1);
	close(fd);
	if (length < 0)
		return -1;
	content[length] = '\0';
	content[strcspn(content, "\n")] = '\0';
	return 0;
}

/* Reads what identifies a device; false when it is gone. */
static bool identify(int directory, const char *name, struct device *device)
{
	char path[NAME_MAX + 64], ifindex[CONTENT_MAX];
	struct stat status;

	snprintf(path, sizeof(path), "%s/ifindex", name);
	if (read_at(directory, path, ifindex) || fstatat(directory, name, &status, 0))
		return false;
	device->ifindex = strtoul(ifindex, NULL, 10);
	device->instance = RPS_INSTANCE(status.st_ino);
	return true;
}

/* Reads the queues of a device: they are numbered without gaps. */
static void scan_queues(int directory, const char *name, struct text *packed)
{
	char path[NAME_MAX + 64], mask[CONTENT_MAX], flows[CONTENT_MAX];

	for (unsigned int rx = 0;; rx++) {
		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_cpus", name, rx);
		if (read_at(directory, path, mask))
			return;
		snprintf(path, sizeof(path), "%s/queues/rx-%u/rps_flow_cnt", name, rx);
		if (read_at(directory, path, flows))
			return;
		pack_queue(packed, rx, mask, strtoul(flows, NULL, 10));
	}
}

static void scan_namespace(struct netns *netns, struct text *packed)
{
	int fd = openat(netns->sysfs, "class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool any = false;

	while (directory && (entry = readdir(directory))) {
		struct device device = {
			.netns = netns->inode,
			.netns_name = netns->name,
			.name = entry->d_name,
		};

		if (!identify(dirfd(directory), entry->d_name, &device))
			continue;
		any = true;
		pack_device(packed, &device);
		scan_queues(dirfd(directory), entry->d_name, packed);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	/* A namespace that lives has at least lo: this is the sysfs of one that died and left its inode to another. */
	if (!any)
		forget_sysfs(netns);
}

void scan_devices(struct namespaces *namespaces, struct text *packed)
{
	for (size_t i = 0; i < namespaces->count; i++)
		if (namespaces->list[i].sysfs >= 0)
			scan_namespace(&namespaces->list[i], packed);
}
