/* SPDX-License-Identifier: MIT */
#ifndef SESSION_OPTIONS_H
#define SESSION_OPTIONS_H

#include "abi/candidates.h"
#include "base/failure.h"
#include "tracer/backend.h"
#include "tracer/device_selection.h"

enum format { FORMAT_NDJSON, FORMAT_TABLE };
enum action {
	ACTION_TRACE,
	ACTION_CHECK,
	ACTION_COMPILE,
	ACTION_GUARD,
	ACTION_HELP,
	ACTION_VERSION
};

struct options {
	enum action action;
	enum format format;
	enum backend backend; /* or BACKEND_AUTO, BACKEND_NONE */
	const char *btf;      /* NULL: the kernel's own */
	struct device_selection selection;
	const char *filter;		     /* NULL: every packet counts */
	const char *what_if[RPS_CANDIDATES]; /* candidate masks, see candidates_add() */
	unsigned int what_if_count;
	unsigned int interval_ms;
	unsigned int duration_s; /* 0: until told */
	unsigned int lease_s;	 /* 0: no lease */
	unsigned int rows;	 /* rows on each CPU at most; 0: by the number of CPUs */
};

/* Reads the command line. Returns -1 with `failure` set (code USAGE) when it makes no sense. */
int options_read(struct options *options, int argc, char **argv, struct failure *failure);

void options_print_help(void);

#endif
