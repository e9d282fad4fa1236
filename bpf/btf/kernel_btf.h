/* SPDX-License-Identifier: MIT */
/* The kernel's types, as BTF (the kernel's Documentation/bpf/btf.rst), in one piece of memory. */
#ifndef BTF_KERNEL_BTF_H
#define BTF_KERNEL_BTF_H

#include <bpf/btf.h>
#include <stddef.h>

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

struct kernel_btf {
	const void *bytes;
	size_t size;
	struct btf *file; /* what `bytes` belongs to, or NULL: it was mapped */
};

/*
 * Reads the types of the kernel itself, or with `path` those in that file. Returns -ENODATA when there are none. The
 * kernel gives them in one system call to who has CAP_SYS_ADMIN, and page by page to everybody else.
 */
int kernel_btf_read(struct kernel_btf *types, const char *path);
void kernel_btf_free(struct kernel_btf *types);

#endif
