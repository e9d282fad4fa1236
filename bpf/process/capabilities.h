/* SPDX-License-Identifier: MIT */
/* What the loader may do, and giving it up. */
#ifndef PROCESS_CAPABILITIES_H
#define PROCESS_CAPABILITIES_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CAP_BIT(cap) (1ULL << (cap))

/* Whether this process may load tracing programs: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN. */
bool capabilities_may_trace(void);

/* The user and group that own nothing, the same on every Linux. */
#define NOBODY 65534

/* Gives up every capability outside `keep`, for good: no program that is executed gets one back. */
void capabilities_keep(uint64_t keep);

/*
 * Where this process acts as root, it becomes a user and a group that should own nothing, with no other group: files that belong
 * to root are then closed to it. It gives up every capability outside `keep`. Returns -1 with errno set when it may not.
 */
int capabilities_leave_root(uid_t real, uid_t effective, uint64_t keep);

#endif
