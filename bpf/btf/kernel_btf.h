/* SPDX-License-Identifier: MIT */
/* The kernel's types, as BTF (the kernel's Documentation/bpf/btf.rst), in one piece of memory. */
#ifndef BTF_KERNEL_BTF_H
#define BTF_KERNEL_BTF_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

struct kernel_btf {
	const void *bytes;
	size_t size;
	bool mapped;  /* by kernel_btf_read() */
	bool foreign; /* from a file: its numbers of types mean nothing to the kernel */
};

/*
 * Reads the types of the kernel itself, or takes those of `file`, see btf/btf_file.h, which must stay. Returns -ENODATA when
 * there are none. The kernel gives them in one system call to who has CAP_SYS_ADMIN, and page by page to everybody else.
 */
int kernel_btf_read(struct kernel_btf *types, const struct kernel_btf *file);
void kernel_btf_free(struct kernel_btf *types);

#endif
