/* SPDX-License-Identifier: MIT */
/* The ways to see what get_rps_cpu() decides. */
#ifndef TRACER_BACKEND_H
#define TRACER_BACKEND_H

#include <bpf/libbpf.h>
#include <stdbool.h>
#include "base/failure.h"

enum backend {
	BACKEND_FEXIT,	   /* a program at the end of get_rps_cpu() */
	BACKEND_KPROBE,	   /* a kprobe on enqueue_to_backlog(): sees steered packets only */
	BACKEND_KRETPROBE, /* a kprobe and a kretprobe on get_rps_cpu(): sees all, at a price */
	BACKEND_COUNT,
};

/* Not a backend: the first that works, of those worth having without asking. */
#define BACKEND_AUTO BACKEND_COUNT
/* Not a backend either: nothing is traced, and only what the host shows anyway is told. */
#define BACKEND_NONE (BACKEND_COUNT + 1)

#define BACKEND_PROGRAMS 2

/* Of the backends and BACKEND_NONE. */
const char *backend_name(enum backend backend);

/* What came of trying a backend. */
struct attempt {
	bool tried;
	bool worked;
	struct failure failure; /* when it did not work */
};

struct rpstrace_bpf;

/* The programs of a backend, in the order they are attached; the second may be NULL. */
struct programs {
	struct bpf_program *list[BACKEND_PROGRAMS];
	const char *functions[BACKEND_PROGRAMS]; /* where kprobes go */
};

/*
 * Whether a backend is attached by ftrace: all that begin where a function does, but on arm64, where the kernel sets a breakpoint
 * for a kprobe (no HAVE_KPROBES_ON_FTRACE).
 */
bool backend_needs_ftrace(enum backend backend);

/*
 * Chooses what is loaded of an open skeleton. `guarded`: the kernel keeps fexit programs from interrupting themselves.
 * `filtered`: not all packets count. Returns 0 or a negative errno.
 */
int backend_select(enum backend backend, struct rpstrace_bpf *skeleton, bool guarded, bool filtered,
		   struct programs *programs);

/* Attaches one of the programs, by its place. Returns NULL with errno set when it cannot. */
struct bpf_link *backend_attach(enum backend backend, const struct programs *programs, int place);

#endif
