/* SPDX-License-Identifier: MIT */
#ifndef BTF_BTF_SECTION_H
#define BTF_BTF_SECTION_H

#include "btf/kernel_btf.h"

/* Kernels have 5 to 10 MiB of it. */
#define BTF_MOST (64UL << 20)

/* Reads BTF from an open file that is nothing else, or has a section of it, as a vmlinux. Returns -1 when there is none. */
int btf_section_read(struct kernel_btf *types, int fd);

#endif
