/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_EBPF_H
#define FUZZ_EBPF_H

#include <stddef.h>
#include "abi/counters.h"
#include "filter/expression.h"

/*
 * Converts a classic program and runs what it becomes on a packet, as eBPF that the kernel's verifier would take: a jump
 * backwards or out of it and an access outside of the packet end this program. Returns whether the packet matches, or -1
 * when the classic program is refused.
 */
int ebpf_match(const struct classic *classic, size_t length, struct rps_packet *packet);

#endif
