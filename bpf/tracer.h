/* SPDX-License-Identifier: MIT */
/* The BPF program's life: loaded, attached, asked how it fares, detached. */
#ifndef TRACER_H
#define TRACER_H

#include <stdbool.h>
#include "counters.h"
#include "failure.h"

struct tracer {
	struct rpstrace_bpf *program;
	struct bpf_link *link;
	char fdinfo[64]; /* path of what the kernel tells about the program */
};

struct health {
	__u64 missed; /* calls not seen: the program was already running on that CPU */
	__u64 runs;   /* 0, as run_ns, unless kernel.bpf_stats_enabled is set */
	__u64 run_ns; /* time in the program's body, without the way into it */
};

/*
 * Starts counting into `counters`, at most `rows` rows on each of `cpus` CPUs, 0 for as many as suit that number of CPUs. Returns -1
 * with `failure` set when this host does not allow it; then nothing is left behind.
 */
int tracer_attach(struct tracer *tracer, struct counters *counters, unsigned int cpus,
		  unsigned int rows, struct failure *failure);

struct health tracer_health(const struct tracer *tracer);

/* Stops counting. What the counters hold afterwards is final. */
void tracer_detach(struct tracer *tracer);

#endif
