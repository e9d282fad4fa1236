/* SPDX-License-Identifier: MIT */
/* The file of --btf: the types of a kernel that does not tell them itself. */
#ifndef BTF_BTF_FILE_H
#define BTF_BTF_FILE_H

#include "base/failure.h"
#include "btf/kernel_btf.h"

/*
 * Reads `path`, BTF or an ELF file that has it, apart from this process's rights, into `types`, which are then to be given back
 * to btf_file_free(). Returns -1 with `failure` set (code BTF_FILE) unless it may describe the kernel that runs.
 */
int btf_file_read(struct kernel_btf *types, const char *path, struct failure *failure);
void btf_file_free(struct kernel_btf *types);

#endif
