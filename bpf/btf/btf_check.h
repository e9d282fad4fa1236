/* SPDX-License-Identifier: MIT */
#ifndef BTF_BTF_CHECK_H
#define BTF_BTF_CHECK_H

#include "btf/kernel_btf.h"

/*
 * Whether `types` are those of a kernel, as they describe packets and devices, and whole: every kind is known, every reference
 * leads to a type, every name to a text, no type consists of itself, and members lie within what they are members of. It is
 * what the kernel checks of BTF in kernel/bpf/btf.c, as far as it takes to read it.
 */
bool btf_check(const struct kernel_btf *types);

#endif
