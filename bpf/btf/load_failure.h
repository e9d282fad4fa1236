/* SPDX-License-Identifier: MIT */
/* Explains errors of libbpf and the kernel: cause and remedy. */
#ifndef BTF_LOAD_FAILURE_H
#define BTF_LOAD_FAILURE_H

#include "base/failure.h"

/* Keeps what libbpf has to say from now on, instead of letting it write to stderr. */
void load_failure_listen(void);

/* Both take a negative errno and return -1 with `failure` set. */
int load_failure_explain(int error, struct failure *failure);
int attach_failure_explain(int error, struct failure *failure);

/* Explains programs that would be attached and not run: see settings_ftrace_is_off(). */
int ftrace_failure_explain(struct failure *failure);

#endif
