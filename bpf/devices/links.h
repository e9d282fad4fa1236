/* SPDX-License-Identifier: MIT */
/* What rtnetlink(7) tells of the network devices of a namespace. */
#ifndef DEVICES_LINKS_H
#define DEVICES_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/text.h"

enum device_kind {
	KIND_OTHER,
	KIND_PHYSICAL,
	KIND_LOOPBACK,
	KIND_VETH,
	KIND_BRIDGE,
	KIND_BOND,
	KIND_TEAM,
	KIND_VLAN,
	KIND_MACVLAN,
	KIND_IPVLAN,
	KIND_VRF,
	KIND_IFB,
	KIND_FAILOVER,
	KIND_TUN,
	KIND_WIREGUARD,
	KIND_COUNT,
};

extern const char *const kind_names[KIND_COUNT];

struct link {
	uint32_t ifindex;
	char name[16];	       /* IFNAMSIZ */
	enum device_kind kind; /* KIND_OTHER for hardware, too: this does not tell */
	bool up;
	bool xdp;
	uint32_t below;	 /* the device of the same namespace that it sends through; 0: none */
	uint32_t master; /* the bridge, bond or the like that it belongs to; 0: none */
	bool leads;	 /* it is one's master */
};

struct links {
	struct link *list; /* by ifindex */
	size_t count;
};

/* Asks for the devices of the namespace that this process is in. False when the list lacks some, or all. */
bool links_read(struct links *links);
/*
 * Takes the messages of a reply of `length` bytes, which is aligned as rtnetlink(7) wants it. True when no more of the answer
 * comes; makes `whole` false when links are missing, or changed meanwhile.
 */
bool links_take(struct links *links, const void *reply, size_t length, bool *whole);

/* Brings what was taken into the order of `links`, as the kernel tells it in any order, and finds out which of them lead. */
void links_sort(struct links *links);

void links_free(struct links *links);

const struct link *links_find(const struct links *links, uint32_t ifindex);

/* Appends the ifindexes of the devices below one, with commas. */
void links_add_lower(struct text *text, const struct links *links, const struct link *link);

#endif
