/* SPDX-License-Identifier: MIT */
/* Expressions in the syntax of pcap-filter(7), compiled by libpcap. */
#ifndef FILTER_EXPRESSION_H
#define FILTER_EXPRESSION_H

#include <linux/types.h>
#include <stddef.h>
#include "base/failure.h"

/* An instruction of classic BPF, as struct bpf_insn in pcap/bpf.h, a name that means something else to the kernel. */
struct classic {
	__u16 code;
	__u8 jt, jf;
	__u32 k;
};

struct expression {
	struct classic *list; /* NULL: packets of this link type never match */
	size_t length;
};

/*
 * Compiles `text` for Ethernet frames and for packets without a link header. What makes sense for one of them only, as
 * `arp` does, never matches the other. Returns -1 with `failure` set (FILTER_SYNTAX, FILTER_TOO_LONG or FILTER_FAILED)
 * when it makes no sense for either.
 */
int expression_compile(const char *text, struct expression *ethernet, struct expression *raw,
		       struct failure *failure);

#endif
