/* SPDX-License-Identifier: MIT */
/* What the kernel says that its probes have missed. */
#ifndef TRACER_MISSES_H
#define TRACER_MISSES_H

#include <linux/types.h>

/*
 * How often a kprobe or kretprobe was passed without its program being run, because the CPU was busy with another probe,
 * or because too many calls were under way. 0 for links of other kinds and before Linux 6.7, which does not tell.
 */
__u64 probe_misses(int link);

#endif
