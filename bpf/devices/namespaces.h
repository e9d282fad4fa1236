/* SPDX-License-Identifier: MIT */
/* The network namespaces of the host, each with a look at its own /sys. */
#ifndef DEVICES_NAMESPACES_H
#define DEVICES_NAMESPACES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "devices/link_facts.h"
#include "devices/sysfs_cache.h"

/* Where a namespace's name comes from, the better the later. */
enum name_source { NAME_NONE, NAME_MOUNT, NAME_PROCESS, NAME_RUN, NAME_HOST };

struct netns {
	uint32_t inode;
	int sysfs; /* the root of a sysfs that shows this namespace's devices; -1 when it cannot be entered */
	int network; /* the directory of its devices there; -1: not open */
	bool tried;
	enum name_source source;
	char *path;		 /* what it can be entered by */
	struct link_table links; /* see devices/link_facts.h */
	struct sysfs_cache known;
	char name[NAME_MAX + 1]; /* see netns_name in docs/protocol.md */
};

struct namespaces {
	struct netns *list;
	size_t count;
	uint32_t own;	  /* where this process started */
	uint32_t current; /* where it is */
	int home;	  /* its own namespace, open */
	bool writable;	  /* each sysfs may be written to, where /sys may */
};

/* Enters a namespace; false when it has gone, or this process may not. */
bool namespaces_enter(struct namespaces *namespaces, uint32_t inode, const char *path);

/* Goes home: a namespace lives as long as somebody is in it. */
void namespaces_leave(struct namespaces *namespaces);

/*
 * Looks for namespaces where ip-netns(8) and container engines keep them, and behind every process. Those that are
 * known keep their sysfs, so that only a new one costs entering it.
 */
void namespaces_find(struct namespaces *namespaces);

/* Forgets a namespace's sysfs, so that the next search opens it again: inodes are used again. */
void namespaces_forget_sysfs(struct netns *netns);

#endif
