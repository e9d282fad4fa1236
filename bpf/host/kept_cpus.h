/* SPDX-License-Identifier: MIT */
/* The CPUs that the kernel keeps of a mask that is written to rps_cpus. */
#ifndef HOST_KEPT_CPUS_H
#define HOST_KEPT_CPUS_H

#include "base/cpumask.h"

struct kept_cpus {
	unsigned int width;	  /* a mask ends below this CPU, or is refused with EOVERFLOW */
	struct mask housekeeping; /* a mask names one of these, or is refused with EINVAL */
	struct mask kept;	  /* those of `housekeeping` that are online */
};

/*
 * Reads what the command line of the kernel sets apart, which stays as it is until the next boot. `width`: CPUs that the
 * kernel can ever use. No CPU is kept yet.
 */
void kept_cpus_begin(struct kept_cpus *cpus, unsigned int width);

/* Takes the list of CPUs that are online now. */
void kept_cpus_set_online(struct kept_cpus *cpus, const char *online);

/*
 * Reduces a mask to what the kernel keeps of it, which is none of it for CPUs that are all offline: that turns RPS off.
 * Returns -EOVERFLOW or -EINVAL, as the write would, for a mask that the kernel refuses; then `mask` stays as it is.
 */
int kept_cpus_take(const struct kept_cpus *cpus, struct mask *mask);

#endif
