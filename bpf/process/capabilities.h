/* SPDX-License-Identifier: MIT */
/* What the loader may do, and giving it up. */
#ifndef PROCESS_CAPABILITIES_H
#define PROCESS_CAPABILITIES_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

#define CAP_BIT(cap) (1ULL << (cap))

/* Whether this process may load tracing programs: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN. */
bool may_trace(void);

/* Gives up every capability outside `keep`, for good: no program that is executed gets one back. */
void keep_capabilities(uint64_t keep);

#endif
