/* SPDX-License-Identifier: MIT */
/* The file of --btf: the types of a kernel that does not tell them itself. */
#ifndef BTF_BTF_FILE_H
#define BTF_BTF_FILE_H

#include "base/failure.h"

/* Returns -1 with `failure` set (code BTF_FILE) unless `path` may describe the kernel that runs. */
int check_types(const char *path, struct failure *failure);

#endif
