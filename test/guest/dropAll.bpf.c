/* SPDX-License-Identifier: MIT */
/* An XDP program that keeps every packet from RPS. */
#include <linux/bpf.h>

__attribute__((section("xdp"), used)) int drop_all(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}
