/* SPDX-License-Identifier: MIT */
/* The queues of a plan: found by what identifies their devices, opened and locked. */
#ifndef GUARD_QUEUES_OPEN_H
#define GUARD_QUEUES_OPEN_H

#include "guard/mask_writes.h"

/*
 * Opens the queues, locks them against other guards, and takes their masks down. What is open is the device's own: a file
 * of one that is deleted answers ENODEV, whatever has its name or its ifindex then. Returns -1 with `failure` set: a queue
 * is not there, another guard has it, sysfs is read-only, or a mask is not as expected.
 */
int queues_open(struct queue_write *writes, size_t count, struct failure *failure);

/* Gives up the locks of the queues that are open, also those that a child process has inherited. */
void queues_unlock(const struct queue_write *writes, size_t count);

/* Whether the device has the name, and is in the namespace, that it had when its queue was opened. */
bool queue_in_place(const struct queue_write *write);

#endif
