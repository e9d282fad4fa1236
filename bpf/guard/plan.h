/* SPDX-License-Identifier: MIT */
/* What is to be written, in memory that a guard shares with its keeper. */
#ifndef GUARD_PLAN_H
#define GUARD_PLAN_H

#include <stdatomic.h>
#include "guard/mask_writes.h"

#define WRITES_MAX 4096

struct plan {
	size_t count;
	/* CLOCK_BOOTTIME in nanoseconds, which goes on while the host sleeps: then the masks are taken back. 0: no time runs. */
	_Atomic uint64_t deadline_ns;
	atomic_bool kept;     /* somebody has confirmed: nothing is taken back any more */
	atomic_uint progress; /* changes while queues are being restored */
	struct queue_write writes[WRITES_MAX];
};

/* An empty plan, or NULL with errno set. */
struct plan *plan_new(void);

/* Adds a write. Returns -1 with `failure` set when there are WRITES_MAX. */
int plan_add(struct plan *plan, const struct guard_line *line, struct failure *failure);

/* CLOCK_BOOTTIME in nanoseconds. */
uint64_t boottime_ns(void);

/* A timer of CLOCK_BOOTTIME that does not run yet, or -1. */
int boot_timer_new(void);

/* Makes a timer readable at `ns`; 0 stops it. */
void boot_timer_set(int timer, uint64_t ns);

/*
 * Restores every queue of a plan that nobody has confirmed, the last first. A kernel that refuses is asked again, for a second. Returns how many
 * queues it did not let restore.
 */
size_t plan_restore(struct plan *plan);

#endif
