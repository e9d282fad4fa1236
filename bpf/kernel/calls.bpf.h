/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Calls of get_rps_cpu() that have not returned, for the two probes that see a call only together. */
#ifndef KERNEL_CALLS_BPF_H
#define KERNEL_CALLS_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/*
 * Calls on a CPU have different callers' stack pointers, on interrupts' stacks as well: that is what a return is
 * recognised by. A task's id would not do, it is 0 on every idle CPU.
 */
struct call {
	__u64 caller; /* stack pointer; 0: none */
	const void *dev;
	const void *skb;
	const void *rflowp;
};

/* Task, soft interrupt, hard interrupt, and one to spare. */
#define CALLS 4

struct calls {
	struct call list[CALLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct calls);
} calls SEC(".maps");

/* This CPU's calls. */
static __always_inline struct calls *open_calls(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&calls, &only);
}

/* The call with this caller, or else a free place when `caller` may take one. */
static __always_inline struct call *call_of(struct calls *open, __u64 caller, bool take)
{
	struct call *free = NULL;

	for (int i = 0; i < CALLS; i++) {
		if (open->list[i].caller == caller)
			return &open->list[i];
		if (!open->list[i].caller)
			free = &open->list[i];
	}
	return take ? free ?: &open->list[0] : NULL;
}

#endif
