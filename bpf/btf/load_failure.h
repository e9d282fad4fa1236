/* SPDX-License-Identifier: MIT */
/* What an error of libbpf or the kernel means for the person who sees it. */
#ifndef BTF_LOAD_FAILURE_H
#define BTF_LOAD_FAILURE_H

#include "base/failure.h"

/* Keeps what libbpf has to say from now on, instead of letting it write to stderr. */
void diagnosis_listen(void);

/* Both take a negative errno and return -1 with `failure` set. */
int diagnose_load(int error, struct failure *failure);
int diagnose_attach(int error, struct failure *failure);

/* The same for what would be attached and not run: see ftrace_is_off(). */
int diagnose_ftrace_off(struct failure *failure);

#endif
