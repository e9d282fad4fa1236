// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * The programs that count what get_rps_cpu() (net/core/dev.c) returns. They are one object, as they share maps. The loader gives the
 * programs their types and loads those of one backend, see tracer/backend.c.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "kernel/fexit.bpf.h"
#include "kernel/kprobes.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";
