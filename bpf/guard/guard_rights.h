/* SPDX-License-Identifier: MIT */
/* What a guard and its keeper may do, and what they give up. */
#ifndef GUARD_GUARD_RIGHTS_H
#define GUARD_GUARD_RIGHTS_H

#include <sys/types.h>
#include "base/failure.h"

/* Gives up, before anything is read, what finding and opening queues does not take. */
void guard_rights_reduce(void);

/*
 * Gives up, once the queues are open, everything but CAP_NET_ADMIN: the kernel asks for it at each write. Returns -1 with
 * `failure` set.
 */
int guard_rights_leave(struct failure *failure);

/*
 * Leaves this process the system calls that writing to what is open takes; of processes it may end `other` only. Returns -1 where
 * the kernel has no seccomp.
 */
int guard_confine(pid_t other);

#endif
