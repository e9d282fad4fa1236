/* SPDX-License-Identifier: MIT */
/* The host's network devices with their receive queues, in every network namespace that can be reached. */
#ifndef DEVICES_DEVICES_H
#define DEVICES_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/text.h"
#include "devices/links.h"
#include "abi/decision.h"

struct queue {
	unsigned int rx;
	unsigned int rps_flow_cnt;
	const char *rps_cpus;
	unsigned int irq;     /* that brings its packets; 0: none, or unknown */
	const char *irq_cpus; /* where that goes, as a list; "": unknown */
};

struct device {
	uint32_t netns; /* the namespace's inode */
	uint32_t ifindex;
	uint32_t instance; /* see RPS_INSTANCE in abi/counters.h */
	const char *name;
	const char *netns_name; /* empty: the host's own namespace */
	enum device_kind kind;
	int node; /* of the hardware; -1: none, or unknown */
	bool up;
	bool xdp;	     /* an XDP program is attached */
	const char *lower;   /* ifindexes of the devices below it, with commas */
	uint64_t rx_packets; /* since it was made; only of devices with XDP, else 0 */
	struct queue *queues;
	unsigned int queue_count;
};

struct devices {
	struct device *list;
	size_t count;
	char *bytes; /* what the strings point into */
	size_t length;
};

/* A list of devices travels from the process that looks for them to the one that prints them as records like these. */
void devices_pack_device(struct text *text, const struct device *device);
void devices_pack_queue(struct text *text, const struct queue *queue);

/*
 * Replaces `devices` by the `length` packed bytes, which it takes over. Returns whether anything but their statistics
 * has changed.
 */
bool devices_unpack(struct devices *devices, char *bytes, size_t length);

/* The device of a decision, or NULL. */
const struct device *devices_find(const struct devices *devices, const struct decision *decision);

/* Whether any queue has a mask. */
bool devices_masked(const struct devices *devices);

#endif
