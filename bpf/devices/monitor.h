/* SPDX-License-Identifier: MIT */
/* What the kernel announces of changes to network devices and namespaces. */
#ifndef DEVICES_MONITOR_H
#define DEVICES_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

struct monitor {
	int listener; /* when nobody reads its other end any more, waiting is over */
	int links;    /* rtnetlink */
	int mounts;   /* /proc/self/mountinfo */
};

enum change { CHANGE_NONE, CHANGE_DEVICES, CHANGE_NAMESPACES, CHANGE_NO_LISTENER };

/* Call in the namespace that matters most: its devices are announced, others' only where they are related to it. */
void monitor_open(struct monitor *monitor, int listener);

/* Waits for a change, but not longer than this. Changes come in swarms: it tells of many as one, a moment after the first. */
enum change monitor_wait(struct monitor *monitor, uint64_t most_ms);

#endif
