/* SPDX-License-Identifier: MIT */
/*
 * Devices that were seen in a directory of sysfs, with the files of their queues kept open: to read these again takes no
 * way through sysfs. A file of a device that has gone says so when it is read.
 */
#ifndef DEVICES_SYSFS_CACHE_H
#define DEVICES_SYSFS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cached_queue {
	int rps_cpus, rps_flow_cnt; /* open files */
};

struct cached_device {
	char *name;
	ino_t entry; /* of the name, and of no other device's, whatever that is called; 0: forgotten */
	uint32_t ifindex, instance;
	struct cached_queue *queues;
	unsigned int queue_count;
	bool seen; /* it was found since sysfs_cache_begin() */
};

struct sysfs_cache {
	struct cached_device *list; /* in the order of the directory */
	size_t count;
	size_t next; /* where the search begins */
};

/* The device of an entry of the directory, or NULL. Fast when asked in the order of the directory. */
struct cached_device *sysfs_cache_find(struct sysfs_cache *known, const char *name, ino_t entry);

/* Takes note of a device with so many queues, unless too many files are open already. */
void sysfs_cache_keep(struct sysfs_cache *known, int directory, const struct cached_device *device);

/* Between these two, all of the directory is looked through: then those that were not found are forgotten. */
void sysfs_cache_begin(struct sysfs_cache *known);
void sysfs_cache_end(struct sysfs_cache *known);

/* Forgets one of the list. */
void sysfs_cache_drop(struct cached_device *device);

/* Reads a queue that is known; false when its device has gone. */
bool sysfs_cache_read(const struct cached_queue *queue, char *mask, size_t room, long *flows);

void sysfs_cache_forget(struct sysfs_cache *known);

#endif
