/* SPDX-License-Identifier: MIT */
/* What seldom changes about the network devices of a namespace. */
#ifndef DEVICES_LINK_FACTS_H
#define DEVICES_LINK_FACTS_H

#include "devices/links.h"

struct queue_facts {
	unsigned int irq; /* 0: none, or unknown */
	char *irq_cpus;	  /* a list; "" when unknown */
};

struct link_facts {
	uint32_t ifindex;
	enum device_kind kind;
	int node; /* -1: none, or unknown */
	bool up;
	bool xdp;
	char *lower; /* ifindexes with commas */
	struct queue_facts *queues;
	unsigned int queue_count;
};

struct link_table {
	struct link_facts *list; /* by ifindex */
	size_t count;
};

/*
 * Reads the devices of the namespace that this process is in; `network` is its /sys/class/net, which names them. What
 * cannot be read makes a device of KIND_OTHER, as one that is not in the table is to be taken.
 */
void link_table_read(struct link_table *table, int network);
void link_table_free(struct link_table *table);

/* A device, or NULL. */
const struct link_facts *link_table_find(const struct link_table *table, uint32_t ifindex);

#endif
