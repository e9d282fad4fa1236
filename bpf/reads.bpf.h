/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Reads the kernel's memory: directly where the verifier lets us, else by bpf_probe_read_kernel(), which costs a call. */
#ifndef READS_BPF_H
#define READS_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "constants.h"
#include "kernel.h"

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

static __always_inline __u32 segments_of(const struct sk_buff *skb, bool direct)
{
	const struct skb_shared_info *shared;
	__u16 segments;

	/* Merged or to be split means pages beyond the head; the rest needs no look at skb_shared_info. */
	if (!READ(direct, skb, data_len))
		return 1;
	shared = (void *)(READ(direct, skb, head) + READ(direct, skb, end));
	if (CONSTANT(RPS_CASTS))
		segments = ((struct skb_shared_info *)cast(shared, CONSTANT(RPS_SHARED_INFO)))
				   ->gso_segs;
	else
		segments = BPF_CORE_READ(shared, gso_segs);
	return segments ?: 1;
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
