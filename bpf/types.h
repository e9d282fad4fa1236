/* SPDX-License-Identifier: MIT */
/* The file of --btf: the types of a kernel that does not tell them itself. */
#ifndef TYPES_H
#define TYPES_H

#include "failure.h"

/* Returns -1 with `failure` set (code BTF_FILE) unless `path` may describe the kernel that runs. */
int check_types(const char *path, struct failure *failure);

#endif
