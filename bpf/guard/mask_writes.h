/* SPDX-License-Identifier: MIT */
/* Writes to rps_cpus that can be taken back. */
#ifndef GUARD_MASK_WRITES_H
#define GUARD_MASK_WRITES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/cpumask.h"
#include "base/failure.h"
#include "guard/guard_line.h"

#define GUARD_STAGE "guard" /* of failures */
#define MASK_TEXT 4096	    /* sysfs shows a page at most */

enum write_state {
	WRITE_UNTOUCHED, /* the queue is as it was found, as far as this process is concerned */
	WRITE_UNSURE,	 /* written, and not read back yet */
	WRITE_DONE,	 /* `kept` is what the kernel made of it */
	WRITE_RESTORED,
	WRITE_LEFT, /* somebody else has changed it: it was not touched again */
	WRITE_GONE, /* the queue is not there any more */
};

struct queue_write {
	struct queue_address address;
	int sysfs;	 /* the root of a sysfs that shows the devices of its namespace */
	ino_t directory; /* of the device there: no other device's while the host runs */
	char path[64];	 /* by which the device is found there */
	int fd;		 /* of rps_cpus, locked; -1: not open */
	enum write_state state;
	struct mask expected;
	struct mask wanted;
	struct mask kept;
	char before[MASK_TEXT]; /* as the kernel showed it */
	char now[MASK_TEXT];	/* the same, when it was last looked at */
};

/*
 * Writes one mask and reads back what the kernel kept of it. Returns -1 with `failure` set when the device is not in its
 * place any more, the mask is not as expected, or the kernel refuses.
 */
int write_apply(struct queue_write *write, struct failure *failure);

/*
 * Puts back what was found, unless somebody else has changed it since. A device that was renamed or moved meanwhile is the
 * same device: its file is open. Returns 0, or the negative errno of a queue that is there and was not restored.
 */
int write_restore(struct queue_write *write);

/* Looks at the masks. Returns how many are not what was kept. */
size_t writes_look(struct queue_write *writes, size_t count);

/* Reads a mask as the kernel shows it. Returns 0 or a negative errno. */
int mask_file_read(int fd, char *text, size_t room);

/* What a failure of reading or writing a queue means. Returns -1. */
int write_refused(const struct queue_write *write, int error, struct failure *failure);

/* The mask in `now` is not the one expected. Returns -1. */
int write_changed(const struct queue_write *write, struct failure *failure);

#endif
