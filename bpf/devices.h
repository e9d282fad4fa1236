/* SPDX-License-Identifier: MIT */
/* The host's network devices with their receive queues, in every network namespace that can be reached. */
#ifndef DEVICES_H
#define DEVICES_H

#include <stddef.h>
#include <stdint.h>
#include "counters.h"
#include "text.h"

struct queue {
	unsigned int rx;
	unsigned int rps_flow_cnt;
	const char *rps_cpus;
};

struct device {
	uint32_t netns; /* the namespace's inode */
	uint32_t ifindex;
	uint32_t instance; /* see RPS_INSTANCE in rpstrace.h */
	const char *name;
	const char *netns_name; /* empty: the host's own namespace */
	struct queue *queues;
	unsigned int queue_count;
};

struct devices {
	struct device *list;
	size_t count;
	char *bytes; /* what the strings point into */
};

/* A list of devices travels from the process that looks for them to the one that prints them as records like these. */
void pack_device(struct text *text, const struct device *device);
void pack_queue(struct text *text, unsigned int rx, const char *rps_cpus,
		unsigned int rps_flow_cnt);

/* Replaces `devices` by the `length` packed bytes, which it takes over. */
void unpack_devices(struct devices *devices, char *bytes, size_t length);

/* The device of a decision, or NULL. */
const struct device *find_device(const struct devices *devices, const struct decision *decision);

#endif
