/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Whether a packet matches the filter. The loader puts the filter's code into the functions' rooms, see filter/filter.h. */
#ifndef KERNEL_FILTER_BPF_H
#define KERNEL_FILTER_BPF_H

#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "abi/counters.h"
#include "kernel/kernel.h"

/* From the kernel's include/uapi/linux/if_arp.h: the devices whose packets have an Ethernet header. */
#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772

#define MAC_HEADER_UNSET 0xffff /* see skb_mac_header_was_set() */

#define TEXT_(number) #number
#define TEXT(number) TEXT_(number)

/* A function whose body is room for a filter, with the packet in r1 and the result in r0. */
#define FILTER(name, mark)                                                                      \
	static __noinline __u32 name(const struct rps_packet *packet)                           \
	{                                                                                       \
		__u32 result;                                                                   \
                                                                                                \
		asm volatile("r1 = %[packet]\n"                                                 \
			     "r0 = " TEXT(mark) "\n"                                            \
						".rept " TEXT(RPS_FILTER_ROOM) "\n"             \
									       "goto +0\n"      \
									       ".endr\n"        \
									       "%[result] = r0" \
			     : [result] "=r"(result)                                            \
			     : [packet] "r"(packet)                                             \
			     : "r0", "r1", "r2", "r3", "r4", "r5", "memory");                   \
		return result;                                                                  \
	}

FILTER(matches_ethernet, RPS_ETHERNET_MARK)
FILTER(matches_raw, RPS_RAW_MARK)

/* The VLAN tag that a device took out of the packet, as on the wire, or 0. */
static __always_inline __u32 tag_beside(struct sk_buff *skb)
{
	const struct sk_buff___vlan_present *old = (void *)skb;
	__u16 protocol = BPF_CORE_READ(skb, vlan_proto);
	__u16 tci = BPF_CORE_READ(skb, vlan_tci);
	bool present = protocol || tci;

	if (bpf_core_field_exists(old->vlan_present))
		present = BPF_CORE_READ_BITFIELD_PROBED(old, vlan_present);
	return present ? (__u32)bpf_htons(tci) << 16 | protocol : 0;
}

/*
 * Reads the first bytes of the packet, those that are in one piece: that holds the headers. A tag that is beside the
 * packet goes where it was.
 */
static __always_inline void capture(struct rps_packet *packet, const unsigned char *from,
				    __u32 length, __u32 linear, __u32 tag)
{
	__u32 shift = tag ? 4 : 0;

	if (linear > RPS_SNAP - 4)
		linear = RPS_SNAP - 4;
	barrier_var(linear);
	if (linear > RPS_SNAP - 4) /* for the verifier */
		return;
	bpf_probe_read_kernel((char *)packet->bytes + shift, linear, from);
	packet->length = length + shift;
	packet->captured = linear + shift;
	if (!tag)
		return;
	/* After both addresses, 12 bytes. */
	packet->bytes[0] = packet->bytes[1];
	packet->bytes[1] = packet->bytes[2];
	packet->bytes[2] = packet->bytes[3];
	packet->bytes[3] = tag;
}

static __noinline bool matches(struct rps_packet *packet, struct net_device *dev,
			       struct sk_buff *skb)
{
	unsigned char *head = BPF_CORE_READ(skb, head), *data = BPF_CORE_READ(skb, data);
	__u32 length = BPF_CORE_READ(skb, len);
	__u32 linear = length - BPF_CORE_READ(skb, data_len);
	__u16 mac_header = BPF_CORE_READ(skb, mac_header);
	__u16 type = BPF_CORE_READ(dev, type);
	__u32 header = data - (head + mac_header);

	/* What a host sends to a group and hears itself comes back without a header (dev_loopback_xmit()). */
	if ((type != ARPHRD_ETHER && type != ARPHRD_LOOPBACK) || mac_header == MAC_HEADER_UNSET ||
	    !header) {
		capture(packet, data, length, linear, 0);
		return matches_raw(packet);
	}
	capture(packet, head + mac_header, length + header, linear + header, tag_beside(skb));
	return matches_ethernet(packet);
}

#endif
