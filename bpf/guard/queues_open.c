// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "abi/counters.h"
#include "base/files.h"
#include "devices/namespaces.h"
#include "guard/queues_open.h"

#define NETWORK "class/net"
/* Descriptors beside one for each queue: namespaces, pipes, and what the C library opens. */
#define OTHER_FILES 4096

/* The directory of a device in sysfs if it is the one that is meant, or -1. */
static int open_device(int network, const char *name, const struct queue_address *address)
{
	int device = openat(network, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (device >= 0 && !fstat(device, &status) &&
	    RPS_INSTANCE(status.st_ino) == address->instance &&
	    file_read_long_at(device, "ifindex", 0) == (long)address->ifindex)
		return device;
	if (device >= 0)
		close(device);
	return -1;
}

/* Looks for the device under every name. Returns its directory, and its name in `name`, or -1. */
static int search_device(int network, const struct queue_address *address, char *name, size_t room)
{
	int fd = openat(network, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int device = -1;

	while (directory && device < 0 && (entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		device = open_device(network, entry->d_name, address);
		snprintf(name, room, "%.*s", (int)room - 1, entry->d_name);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return device;
}

/* Whether frames print a name as `told`: what is not UTF-8 in it stands there as U+FFFD. */
static bool is_printed_as(const char *name, const char *told)
{
	static const char escaped[] = "\\ufffd", plain[] = "\xef\xbf\xbd";
	struct text one = {0}, other = {0};
	const char *at, *to;
	bool same;

	text_json(&one, name);
	text_bytes(&one, "", 1);
	text_json(&other, told);
	text_bytes(&other, "", 1);
	for (at = one.data, to = other.data; *at; at++, to++) {
		if (!strncmp(at, escaped, 6) && !strncmp(to, plain, 3)) {
			at += 5;
			to += 2;
		} else if (*at != *to) {
			break;
		}
	}
	same = *at == *to;
	free(one.data);
	free(other.data);
	return same;
}

static int gone(const struct queue_write *write, struct failure *failure)
{
	return fail(failure, "QUEUE_GONE", GUARD_STAGE, "Look at the devices again.",
		    "%s is not there any more", write->address.name);
}

/* Finds the device where its namespace's sysfs shows it. Returns its directory, or -1 with `failure` set. */
static int devices_find(struct queue_write *write, struct failure *failure)
{
	int network = openat(write->sysfs, NETWORK, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[sizeof(write->path) - sizeof(NETWORK)];
	struct stat status;
	int device;

	if (network < 0)
		return gone(write, failure);
	snprintf(name, sizeof(name), "%.*s", (int)sizeof(name) - 1, write->address.name);
	device = open_device(network, name, &write->address);
	if (device < 0)
		device = search_device(network, &write->address, name, sizeof(name));
	close(network);
	if (device < 0 || fstat(device, &status))
		return gone(write, failure);
	write->directory = status.st_ino;
	snprintf(write->path, sizeof(write->path), NETWORK "/%s", name);
	if (is_printed_as(name, write->address.name))
		return device;
	close(device);
	return fail(failure, "QUEUE_GONE", GUARD_STAGE, "Look at the devices again.",
		    "%s is called %s now", write->address.name, name);
}

bool queue_in_place(const struct queue_write *write)
{
	struct stat status;

	return !fstatat(write->sysfs, write->path, &status, 0) && status.st_ino == write->directory;
}

static int open_queue(struct queue_write *write, struct failure *failure)
{
	const struct queue_address *address = &write->address;
	int device = devices_find(write, failure);
	char path[64];

	if (device < 0)
		return -1;
	snprintf(path, sizeof(path), "queues/rx-%u/rps_cpus", address->queue);
	write->fd = openat(device, path, O_RDWR | O_CLOEXEC);
	close(device);
	if (write->fd >= 0)
		return 0;
	if (errno == EROFS)
		return fail(
			failure, "READ_ONLY", GUARD_STAGE,
			"In a container, write from the host; otherwise mount -o remount,rw /sys.",
			"sysfs is mounted read-only on this host");
	if (errno == ENOENT || errno == ENODEV)
		return write_refused(write, -ENODEV, failure);
	return fail(failure, "NOT_PERMITTED", GUARD_STAGE, "It takes root, or CAP_NET_ADMIN.",
		    "cannot open rps_cpus of %s, queue %u: %s", address->name, address->queue,
		    strerror(errno));
}

static int take_down(struct queue_write *write, struct failure *failure)
{
	struct mask found;
	int error;

	/* A lock of the file that is to be written: it leaves nothing behind, and is seen from every mount of sysfs. */
	if (flock(write->fd, LOCK_EX | LOCK_NB))
		return fail(failure, "GUARDED", GUARD_STAGE, "Wait until it has ended.",
			    "another guard is at work on %s, queue %u", write->address.name,
			    write->address.queue);
	error = mask_file_read(write->fd, write->before, sizeof(write->before));
	if (error)
		return write_refused(write, error, failure);
	memcpy(write->now, write->before, sizeof(write->now));
	if (mask_read_kernel(&found, write->before) || !mask_equal(&found, &write->expected))
		return write_changed(write, failure);
	return 0;
}

/* Allows a descriptor for each queue, where this process may. */
static void allow_files(size_t count)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= count + OTHER_FILES)
		return;
	files.rlim_cur = count + OTHER_FILES;
	if (files.rlim_max < files.rlim_cur)
		files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* The sysfs of the namespace with this inode, or -1. */
static int sysfs_of(const struct namespaces *namespaces, uint32_t inode)
{
	for (size_t i = 0; i < namespaces->count; i++)
		if (namespaces->list[i].inode == inode)
			return namespaces->list[i].sysfs;
	return -1;
}

/* Closes what no queue needs. */
static void close_namespaces(struct namespaces *namespaces, const struct queue_write *writes,
			     size_t count)
{
	for (size_t i = 0; i < namespaces->count; i++) {
		bool used = false;

		for (size_t j = 0; j < count && !used; j++)
			used = writes[j].sysfs == namespaces->list[i].sysfs;
		if (!used)
			namespaces_forget_sysfs(&namespaces->list[i]);
	}
	if (namespaces->home >= 0)
		close(namespaces->home);
	free(namespaces->list);
}

int queues_open(struct queue_write *writes, size_t count, struct failure *failure)
{
	struct namespaces namespaces = {.writable = true};
	int result = 0;

	allow_files(count);
	namespaces_find(&namespaces);
	for (size_t i = 0; i < count && !result; i++) {
		writes[i].sysfs = sysfs_of(&namespaces, writes[i].address.netns);
		result = open_queue(&writes[i], failure) ?: take_down(&writes[i], failure);
	}
	close_namespaces(&namespaces, writes, count);
	return result;
}

void queues_unlock(const struct queue_write *writes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (writes[i].fd >= 0)
			flock(writes[i].fd, LOCK_UN);
}
