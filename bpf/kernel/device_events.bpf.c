// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Tells the program that counts when a device comes into being, or moves to another namespace: only then does what is at an
 * address in the kernel's memory become another device, or a device get another number or namespace. Both functions
 * (net/core/net-sysfs.c) are called before packets come to the device again. Nothing here runs for a packet.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "kernel/regions.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The loader sets them: regions in a value of the map, and how far they are apart. */
const volatile __u32 regions_each = 1, stride = 16 * RPS_PAGE;

static long tell(void *map, const __u32 *number, char *value, void *context)
{
	(void)map, (void)number, (void)context;
	for (__u32 i = 0; i < regions_each; i++) {
		struct rps_region *region = (void *)(value + (__u64)i * stride);
		/* With the value before it, the kernel keeps this behind all that was done to the device. */
		__u32 before = __sync_fetch_and_or(&region->extras, RPS_MOVED);

		barrier_var(before);
	}
	return 0;
}

/* By register_netdevice(). */
SEC("fentry/netdev_register_kobject")
int netdev_register_kobject(void *ctx)
{
	(void)ctx;
	return bpf_for_each_map_elem(&regions, tell, NULL, 0) & 0;
}

/* By dev_change_net_namespace(), when the device has its new namespace and number. */
SEC("fentry/netdev_change_owner")
int netdev_change_owner(void *ctx)
{
	(void)ctx;
	return bpf_for_each_map_elem(&regions, tell, NULL, 0) & 0;
}
