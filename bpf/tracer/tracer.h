/* SPDX-License-Identifier: MIT */
/* The BPF program's life: loaded, attached, asked how it fares, detached. */
#ifndef TRACER_TRACER_H
#define TRACER_TRACER_H

#include <stdbool.h>
#include "base/failure.h"
#include "btf/kernel_btf.h"
#include "filter/filter.h"
#include "tracer/prediction_maps.h"
#include "tracer/backend.h"
#include "tracer/counters.h"

/* What is to be traced with. */
struct tracer_plan {
	enum backend backend; /* or BACKEND_AUTO, BACKEND_NONE */
	unsigned int cpus;
	unsigned int rows; /* on each CPU, at most; 0: as many as suit that number of CPUs */
	const struct kernel_btf *btf; /* from a file, for kprobe backends; NULL: the kernel tells */
	const struct filter *filter;  /* NULL: every packet counts */
};

struct tracer {
	enum backend backend; /* or BACKEND_NONE */
	struct attempt attempts[BACKEND_COUNT];
	struct rpstrace_bpf *skeleton; /* while it is being loaded */
	struct bpf_link *links[BACKEND_PROGRAMS];
	int programs[BACKEND_PROGRAMS]; /* descriptors; 0: none */
	__u64 missed;			/* by links that are gone */
	struct prediction_maps predictions;
	int fdinfo[BACKEND_PROGRAMS]; /* what is told about each, see process/fdinfo.h */
	int regions; /* the counters' map, where the program may know devices by their addresses; 0: it does not */
};

struct health {
	__u64 missed; /* calls not seen: that CPU was busy with this or another probe, or a return got lost */
	__u64 runs;   /* 0, as run_ns, unless kernel.bpf_stats_enabled is set */
	__u64 run_ns; /* time in the program's body, without the way into it */
};

/*
 * Starts counting into `counters`. `attempts` tells what was tried. With BACKEND_AUTO, a host that allows nothing of it
 * is not traced. With another backend that the host does not allow, this returns -1 with `failure` set.
 */
int tracer_attach(struct tracer *tracer, struct counters *counters, const struct tracer_plan *plan,
		  struct failure *failure);

/* Tries every backend, attaches none for good. */
void tracer_check(struct tracer *tracer, const struct tracer_plan *plan);

struct health tracer_health(const struct tracer *tracer, const struct counters *counters);

/* Waits until the program is done with every call that is under way. */
void tracer_wait_for_calls(void);

/* Stops counting. What the counters hold afterwards is final. */
void tracer_detach(struct tracer *tracer);

#endif
