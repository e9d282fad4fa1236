/* SPDX-License-Identifier: MIT */
/* Attaches the program that tells who writes rps_cpus. */
#ifndef AUDIT_AUDITOR_H
#define AUDIT_AUDITOR_H

#include <stdbool.h>
#include "base/failure.h"
#include "btf/kernel_btf.h"

#define AUDITOR_PROGRAMS 2

/* What came of it. The strings are constants: a process and its child may share it. */
struct auditor_outcome {
	bool worked;
	const char *way;	/* that worked: fexit or kprobe */
	struct failure failure; /* when none has */
};

/* Descriptors, and what libbpf knows of the links. */
struct auditor {
	struct bpf_link *links[AUDITOR_PROGRAMS];
	int programs[AUDITOR_PROGRAMS]; /* 0: none */
	int writes, lost;		/* maps, see kernel/audit.bpf.c */
};

/* Tries fexit, then a pair of probes. `btf` is as for kernel_btf_read(), for the probes only. */
void auditor_attach(struct auditor *auditor, const struct kernel_btf *btf,
		    struct auditor_outcome *outcome);
void auditor_detach(struct auditor *auditor);

#endif
