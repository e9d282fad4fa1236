/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The counters' memory. */
#ifndef KERNEL_REGIONS_BPF_H
#define KERNEL_REGIONS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "abi/counters.h"

/* The loader sets the real sizes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 16 * RPS_PAGE);
} regions SEC(".maps");

#endif
