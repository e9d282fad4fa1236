// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "devices/namespaces.h"
#include "guard/mask_writes.h"

#define STAGE "guard"

static int read_text(int fd, char *text, size_t room)
{
	ssize_t length = pread(fd, text, room - 1, 0);

	if (length < 0)
		return -1;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static unsigned int read_number(int directory, const char *path)
{
	char text[32] = "";
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (read_text(fd, text, sizeof(text)))
		text[0] = '\0';
	close(fd);
	return strtoul(text, NULL, 10);
}

/* Finds the device's name of now in its namespace: it may have been renamed. Returns -1 when it is gone. */
static int find_name(int sysfs, unsigned int ifindex, char *name, size_t room)
{
	int fd = openat(sysfs, "class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int found = -1;

	while (directory && found && (entry = readdir(directory))) {
		char path[NAME_MAX + sizeof("/ifindex")];

		snprintf(path, sizeof(path), "%s/ifindex", entry->d_name);
		if (entry->d_name[0] == '.' || read_number(dirfd(directory), path) != ifindex)
			continue;
		found = 0;
		snprintf(name, room, "%.*s", (int)room - 1, entry->d_name);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return found;
}

static int open_queue(struct queue_write *write, int sysfs, struct failure *failure)
{
	char path[256];

	if (sysfs < 0 || find_name(sysfs, write->ifindex, write->name, sizeof(write->name)))
		return fail(failure, "QUEUE_GONE", STAGE, "Look at the devices again.",
			    "%s is not there any more", write->name);
	snprintf(path, sizeof(path), "class/net/%s/queues/rx-%u/rps_cpus", write->name,
		 write->queue);
	write->fd = openat(sysfs, path, O_RDWR | O_CLOEXEC);
	if (write->fd >= 0)
		return 0;
	if (errno == EROFS)
		return fail(
			failure, "READ_ONLY", STAGE,
			"In a container, write from the host; otherwise mount -o remount,rw /sys.",
			"sysfs is mounted read-only on this host");
	if (errno == ENOENT)
		return fail(failure, "QUEUE_GONE", STAGE, "Look at the devices again.",
			    "%s has no receive queue %u any more", write->name, write->queue);
	return fail(failure, "NOT_PERMITTED", STAGE, "It takes root, or CAP_NET_ADMIN.",
		    "cannot open rps_cpus of %s, queue %u: %s", write->name, write->queue,
		    strerror(errno));
}

static int take_down(struct queue_write *write, struct failure *failure)
{
	struct mask found;

	/* A lock of the file that is to be written: it leaves nothing behind, and is seen from every mount of sysfs. */
	if (flock(write->fd, LOCK_EX | LOCK_NB))
		return fail(failure, "GUARDED", STAGE, "Wait until it has ended.",
			    "another guard is at work on %s, queue %u", write->name, write->queue);
	if (read_text(write->fd, write->before, sizeof(write->before)))
		return fail(failure, "QUEUE_GONE", STAGE, "Look at the devices again.",
			    "%s has no receive queue %u any more", write->name, write->queue);
	memcpy(write->now, write->before, sizeof(write->now));
	if (mask_read_kernel(&found, write->before) || !mask_equal(&found, &write->expected))
		return fail(failure, "CHANGED", STAGE, "Look at the masks again.",
			    "somebody else has changed %s, queue %u: it has %.80s now", write->name,
			    write->queue, write->before);
	return 0;
}

int writes_open(struct queue_write *writes, size_t count, struct failure *failure)
{
	struct namespaces namespaces = {.writable = true};
	int result = 0;

	find_namespaces(&namespaces);
	for (size_t i = 0; i < count && !result; i++) {
		int sysfs = -1;

		for (size_t j = 0; j < namespaces.count; j++)
			if (namespaces.list[j].inode == writes[i].netns)
				sysfs = namespaces.list[j].sysfs;
		result = open_queue(&writes[i], sysfs, failure) ?: take_down(&writes[i], failure);
	}
	for (size_t i = 0; i < namespaces.count; i++)
		forget_sysfs(&namespaces.list[i]);
	free(namespaces.list);
	return result;
}

static int put(const struct queue_write *each, const char *text, size_t length)
{
	return pwrite(each->fd, text, length, 0) == (ssize_t)length ? 0 : -errno;
}

/* The kernel refuses more digits than it has CPUs: the mask is written as wide as the one that was found. */
static int put_mask(const struct queue_write *each)
{
	struct text text = {0};
	unsigned int width = strlen(each->before) / 9 * 32 + strlen(each->before) % 9 * 4;
	int error;

	for (unsigned int cpu = width; cpu < MASK_CPUS; cpu++)
		if (mask_has(&each->wanted, cpu))
			width = cpu + 1;
	mask_add_kernel(&text, &each->wanted, width);
	error = put(each, text.data, text.length);
	free(text.data);
	return error;
}

static int refuse(const struct queue_write *each, int error, struct failure *failure)
{
	switch (error) {
	case -EOVERFLOW:
		return fail(failure, "TOO_WIDE", STAGE, "Take only CPUs that this host can have.",
			    "the mask for %s, queue %u has more CPUs than this kernel knows",
			    each->name, each->queue);
	case -EINVAL:
		return fail(failure, "REFUSED", STAGE,
			    "Leave CPUs out that isolcpus= or nohz_full= set apart.",
			    "the kernel takes no mask of isolated CPUs only, for %s, queue %u",
			    each->name, each->queue);
	case -ENODEV:
		return fail(failure, "QUEUE_GONE", STAGE, "Look at the devices again.",
			    "%s has no receive queue %u any more", each->name, each->queue);
	default:
		return fail(failure, "NOT_PERMITTED", STAGE, "It takes root, or CAP_NET_ADMIN.",
			    "cannot write rps_cpus of %s, queue %u: %s", each->name, each->queue,
			    strerror(-error));
	}
}

int writes_apply(struct queue_write *writes, size_t count, struct failure *failure)
{
	for (size_t i = 0; i < count; i++) {
		struct queue_write *each = &writes[i];
		struct mask found;
		int error;

		if (read_text(each->fd, each->now, sizeof(each->now)))
			return refuse(each, -ENODEV, failure);
		if (mask_read_kernel(&found, each->now) || !mask_equal(&found, &each->expected))
			return fail(failure, "CHANGED", STAGE, "Look at the masks again.",
				    "somebody else has changed %s, queue %u: it has %.80s now",
				    each->name, each->queue, each->now);
		each->state = WRITE_UNSURE;
		error = put_mask(each);
		if (!error && read_text(each->fd, each->now, sizeof(each->now)))
			error = -ENODEV;
		if (error || mask_read_kernel(&each->kept, each->now)) {
			each->state = WRITE_UNTOUCHED;
			return refuse(each, error, failure);
		}
		each->state = WRITE_DONE;
	}
	return 0;
}

/* Whether the mask that is there comes from this process. */
static bool is_own(const struct queue_write *each, const struct mask *found)
{
	struct mask part = mask_and(found, &each->wanted);

	if (each->state == WRITE_DONE)
		return mask_equal(found, &each->kept);
	/* The kernel keeps a part of what it is given. */
	return mask_equal(found, &part);
}

static void restore(struct queue_write *each)
{
	struct mask found;

	if (each->state != WRITE_DONE && each->state != WRITE_UNSURE)
		return;
	if (read_text(each->fd, each->now, sizeof(each->now)) ||
	    mask_read_kernel(&found, each->now)) {
		each->state = WRITE_GONE;
		return;
	}
	if (mask_equal(&found, &each->expected)) {
		each->state = WRITE_RESTORED;
	} else if (!is_own(each, &found)) {
		each->state = WRITE_LEFT;
	} else {
		each->state =
			put(each, each->before, strlen(each->before)) ? WRITE_GONE : WRITE_RESTORED;
		read_text(each->fd, each->now, sizeof(each->now));
	}
}

void writes_restore(struct queue_write *writes, size_t count)
{
	while (count--)
		restore(&writes[count]);
}

size_t writes_look(struct queue_write *writes, size_t count)
{
	size_t others = 0;

	for (size_t i = 0; i < count; i++) {
		struct mask found;

		if (read_text(writes[i].fd, writes[i].now, sizeof(writes[i].now)) ||
		    mask_read_kernel(&found, writes[i].now) || !mask_equal(&found, &writes[i].kept))
			others++;
	}
	return others;
}
