/* SPDX-License-Identifier: MIT */
/* Turns classic BPF, which libpcap compiles expressions to, into the kernel's eBPF. */
#ifndef FILTER_CBPF_TO_EBPF_H
#define FILTER_CBPF_TO_EBPF_H

#include <stddef.h>
#include "filter/expression.h"

struct bpf_insn;

/*
 * Writes at most `room` instructions to `to` that leave in r0 whether the struct rps_packet at r1 matches, and then
 * continue after the last of them. They change r0 to r5 and use no stack. Returns how many there are, -E2BIG when there
 * is not enough room, -EINVAL when `classic` is no valid program.
 */
int convert_filter(const struct classic *classic, size_t length, struct bpf_insn *to, size_t room);

#endif
