/* SPDX-License-Identifier: MIT */
/* The BPF object on its way into the kernel: opened, given what it must know of this kernel, loaded. */
#ifndef TRACER_LOADING_H
#define TRACER_LOADING_H

#include <stdbool.h>
#include "abi/constants.h"
#include "btf/subset.h"
#include "filter/filter.h"
#include "tracer/backend.h"

struct loading {
	enum backend backend;
	struct rpstrace_bpf *skeleton;
	struct kernel_btf types;
	struct subset subset;
	__u32 function; /* the number of get_rps_cpu() among the kernel's types; 0: they do not name it */
	__u32 cast; /* of bpf_rdonly_cast(); 0: the kernel has none, or it is not to be used */
	int file;   /* in memory: libbpf reads the types from it */
	__s64 constants[RPS_CONSTANTS];
};

/*
 * Opens the object. `btf` is as for kernel_btf_read(), `filter` may be NULL, with `casts` memory is read by
 * bpf_rdonly_cast() where the kernel has it. Returns a negative errno when it cannot: -ENODATA without types, -ESRCH when
 * they do not name get_rps_cpu() and the backend is BACKEND_FEXIT.
 */
int loading_open(struct loading *loading, enum backend backend, const struct kernel_btf *btf,
		 const struct filter *filter, bool casts);

/* Loads what was selected of it, with `constants`. Returns a negative errno when it cannot. */
int loading_finish(struct loading *loading);

/* Gives all back but the skeleton, which is the caller's, whether the above succeeded or not. */
void loading_close(struct loading *loading);

#endif
