// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/grow.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "devices/sysfs_cache.h"

/* Files that are kept open at most, whatever the number of devices. */
#define FILES_MOST 512

static unsigned int files;

struct cached_device *sysfs_cache_find(struct sysfs_cache *known, const char *name, ino_t entry)
{
	for (size_t tried = 0; tried < known->count; tried++) {
		struct cached_device *device = &known->list[known->next];

		known->next = (known->next + 1) % known->count;
		if (device->entry == entry && !strcmp(device->name, name)) {
			device->seen = true;
			return device;
		}
	}
	return NULL;
}

static int open_file(int directory, const char *name, unsigned int queue, const char *file)
{
	char path[NAME_MAX + 64];

	snprintf(path, sizeof(path), "%s/queues/rx-%u/%s", name, queue, file);
	return openat(directory, path, O_RDONLY | O_CLOEXEC);
}

void sysfs_cache_keep(struct sysfs_cache *known, int directory, const struct cached_device *device)
{
	struct cached_device kept = *device;

	kept.seen = true;
	if (files + 2 * kept.queue_count > FILES_MOST)
		return;
	kept.name = must(strdup(device->name));
	kept.queues = must(calloc(kept.queue_count + 1, sizeof(*kept.queues)));
	for (unsigned int i = 0; i < kept.queue_count; i++)
		kept.queues[i] = (struct cached_queue){
			.rps_cpus = open_file(directory, kept.name, i, "rps_cpus"),
			.rps_flow_cnt = open_file(directory, kept.name, i, "rps_flow_cnt"),
		};
	files += 2 * kept.queue_count;
	known->list = grow(known->list, known->count, sizeof(*known->list));
	known->list[known->count++] = kept;
}

/* What could not be opened is not there to close. */
static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

void sysfs_cache_drop(struct cached_device *device)
{
	for (unsigned int i = 0; i < device->queue_count; i++) {
		close_file(device->queues[i].rps_cpus);
		close_file(device->queues[i].rps_flow_cnt);
	}
	files -= 2 * device->queue_count;
	free(device->queues);
	free(device->name);
	*device = (struct cached_device){.name = ""};
}

void sysfs_cache_begin(struct sysfs_cache *known)
{
	for (size_t i = 0; i < known->count; i++)
		known->list[i].seen = false;
}

void sysfs_cache_end(struct sysfs_cache *known)
{
	size_t kept = 0;

	for (size_t i = 0; i < known->count; i++)
		if (known->list[i].seen)
			known->list[kept++] = known->list[i];
		else if (known->list[i].entry)
			sysfs_cache_drop(&known->list[i]);
	known->count = kept;
	known->next = 0;
}

static bool read_file(int fd, char *line, size_t room)
{
	ssize_t length = pread(fd, line, room - 1, 0);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return length > 0;
}

bool sysfs_cache_read(const struct cached_queue *queue, char *mask, size_t room, long *flows)
{
	uint64_t entries;
	char line[32];

	if (!read_file(queue->rps_cpus, mask, room) ||
	    !read_file(queue->rps_flow_cnt, line, sizeof(line)) ||
	    !number_read(line, 0, LONG_MAX, &entries))
		return false;
	*flows = entries;
	return true;
}

void sysfs_cache_forget(struct sysfs_cache *known)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->list[i].entry)
			sysfs_cache_drop(&known->list[i]);
	free(known->list);
	*known = (struct sysfs_cache){0};
}
