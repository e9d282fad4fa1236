/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Reads the kernel's memory: directly where the verifier lets us, else by bpf_probe_read_kernel(), which costs a call. */
#ifndef KERNEL_READS_BPF_H
#define KERNEL_READS_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "abi/constants.h"
#include "kernel/kernel.h"

#define CONSTANT(name) bpf_core_enum_value(enum rps_constant, name)

/*
 * bpf_rdonly_cast() (Linux 6.2, a35b9af4ec2c): takes any address for that of a kernel's type, which may then be read
 * directly; what cannot be read is 0. It is no call but a promise to the verifier.
 */
static void *(*const cast)(const void *address, __u32 type) = (void *)RPS_CAST_MARK;

/* A member of something that may be read directly, or not. */
#define READ(direct, pointer, member) \
	((direct) ? (pointer)->member : BPF_CORE_READ(pointer, member))

static __always_inline __u64 word_at(const void *address)
{
	__u64 word = 0;

	if (CONSTANT(RPS_CASTS))
		return ((struct timespec64 *)cast(address, CONSTANT(RPS_WORD)))->tv_sec;
	bpf_probe_read_kernel(&word, sizeof(word), address);
	return word;
}

/* A pointer as a number, which the verifier lets one calculate with: what this does is nothing. */
static __always_inline __u64 address_of(const void *pointer)
{
	__u64 address = (__u64)pointer;

	asm volatile("%0 = le64 %0" : "+r"(address));
	return address;
}

/* Namespace and number of a device, as in struct rps_row. */
static __always_inline __u64 device_of(const struct net_device *dev, bool direct)
{
	const struct net *net = READ(direct, dev, nd_net.net);

	return (__u64)READ(direct, net, ns.inum) << 32 | (__u32)READ(direct, dev, ifindex);
}

/* The inode of a device's directory. */
static __always_inline __u64 instance_of(const struct net_device *dev, bool direct)
{
	const struct kernfs_node *directory = READ(direct, dev, dev.kobj.sd);

	return READ(direct, directory, id);
}

/* The receive queue, if the driver recorded any. */
static __always_inline __u32 queue_of(const struct sk_buff *skb, bool direct)
{
	__u32 recorded = READ(direct, skb, queue_mapping);

	/* Of 0, which means none, nothing is taken away. No branch: these are what costs. */
	return recorded - ((recorded + 0xffff) >> 16);
}

/* include/linux/skbuff.h: enumerations without a name to find them by. */
#define SKB_GSO_TCPV4 (1 << 0)
#define SKB_GSO_TCPV6 (1 << 4)
#define SKB_GSO_UDP_L4 (1 << 17)
#define CHECKSUM_PARTIAL 3

/*
 * How many segments of `size` bytes a packet is to be split into that nobody has counted yet, as qdisc_pkt_len_init()
 * (net/core/dev.c) finds it. Such packets come by a virtio header, which tells the size alone.
 */
static __always_inline __u32 segments_to_come(const struct sk_buff *skb, __u32 size, __u32 type,
					      bool direct)
{
	const unsigned char *transport =
		READ(direct, skb, head) + READ(direct, skb, transport_header);
	__u32 headers = transport - READ(direct, skb, data), length = READ(direct, skb, len);

	if (type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		headers += (word_at(transport + 12) & 0xf0) >> 2; /* its length, in 4 bytes */
	else if (type & SKB_GSO_UDP_L4)
		headers += 8;
	return headers < length ? (length - headers + size - 1) / size : 1;
}

/* BPF_CORE_READ_BITFIELD() would leave instructions behind for members of other sizes than a byte. */
static __always_inline __u32 summed_of(const struct sk_buff *skb, bool direct)
{
	__u64 byte;

	if (!direct)
		return BPF_CORE_READ_BITFIELD_PROBED(skb, ip_summed);
	byte = *(const __u8 *)((const void *)skb + __CORE_RELO(skb, ip_summed, BYTE_OFFSET));
	return byte << __CORE_RELO(skb, ip_summed, LSHIFT_U64) >>
	       __CORE_RELO(skb, ip_summed, RSHIFT_U64);
}

/*
 * Not 0 when a packet may be more than one segment. Merged ones have pages beyond the head. Ones that are to be split may
 * have none, and need the checksum of each segment made. No branch: these are what costs.
 */
static __always_inline __u32 may_be_split(const struct sk_buff *skb, bool direct)
{
	_Static_assert(CHECKSUM_PARTIAL == 3, "the last of four");
	return READ(direct, skb, data_len) | ((summed_of(skb, direct) + 1) & 4);
}

static __noinline __u32 look_at_segments(const struct sk_buff *skb, bool direct)
{
	const struct skb_shared_info *shared =
		(void *)(READ(direct, skb, head) + READ(direct, skb, end));
	__u64 word = word_at(&shared->gso_size);
	__u16 segments = word >> 16;

	if (!segments && (__u16)word)
		return segments_to_come(skb, (__u16)word, word_at(&shared->gso_type), direct);
	return segments ?: 1;
}

static __always_inline __u32 segments_of(const struct sk_buff *skb, bool direct)
{
	return may_be_split(skb, direct) ? look_at_segments(skb, direct) : 1;
}

/*
 * RFS lets *rflowp point into its flow table, which is vmalloc'ed. Otherwise it still points at a variable of the
 * caller, in the same stack frame as the pointer itself.
 */
static __always_inline bool chosen_by_rfs(const void *rflowp)
{
	return word_at(rflowp) - (__u64)rflowp + 4096 >= 8192;
}

#endif
