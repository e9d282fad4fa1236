/* SPDX-License-Identifier: MIT */
/* Writes to rps_cpus that can be taken back. */
#ifndef GUARD_MASK_WRITES_H
#define GUARD_MASK_WRITES_H

#include <stddef.h>
#include "base/cpumask.h"
#include "base/failure.h"

#define WRITES_MOST 4096
#define MASK_TEXT 4096 /* sysfs shows a page at most */

enum write_state {
	WRITE_UNTOUCHED, /* the queue is as it was found, as far as this process is concerned */
	WRITE_UNSURE,	 /* written, and not read back yet */
	WRITE_DONE,	 /* `kept` is what the kernel made of it */
	WRITE_RESTORED,
	WRITE_LEFT, /* somebody else has changed it: it was not touched again */
	WRITE_GONE, /* the queue is not there any more */
};

struct queue_write {
	unsigned int netns;
	unsigned int ifindex;
	unsigned int queue;
	int fd; /* of rps_cpus, locked; -1: not open */
	enum write_state state;
	char name[64];
	struct mask expected;
	struct mask wanted;
	struct mask kept;
	char before[MASK_TEXT]; /* as the kernel showed it */
	char now[MASK_TEXT];	/* the same, when it was last looked at */
};

/*
 * Opens the queues, locks them against other guards, and takes their masks down. Returns -1 with `failure` set: a queue is
 * not there, another guard has it, sysfs is read-only, or a mask is not as expected.
 */
int writes_open(struct queue_write *writes, size_t count, struct failure *failure);

/* Writes the masks one after the other and reads back what the kernel kept. Returns -1 with `failure` set at the first that fails. */
int writes_apply(struct queue_write *writes, size_t count, struct failure *failure);

/* Puts back what was found, the last first, but for queues that somebody else has changed since. */
void writes_restore(struct queue_write *writes, size_t count);

/* Looks at the masks. Returns how many are not what was kept. */
size_t writes_look(struct queue_write *writes, size_t count);

#endif
