/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The few kernel types the program reads. CO-RE finds the members' real places when the program is loaded. */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct kernfs_node {
	__u64 id;
};

struct kobject {
	struct kernfs_node *sd;
};

struct device {
	struct kobject kobj;
};

struct net_device {
	int ifindex;
	unsigned short type;
	possible_net_t nd_net;
	struct device dev;
};

struct sk_buff {
	struct net_device *dev;
	unsigned int len;
	unsigned int data_len;
	__u16 queue_mapping;
	__u32 hash;
	__u8 l4_hash : 1;
	__u8 sw_hash : 1;
	__u8 ip_summed : 2;
	unsigned int end; /* an offset from head on every 64-bit kernel */
	unsigned char *head;
	unsigned char *data;
	__u16 mac_header;	/* offset from head */
	__u16 transport_header; /* the same */
	__u16 vlan_proto;	/* as on the wire */
	__u16 vlan_tci;
};

/* Until Linux 6.1; since then a tag is there if vlan_all, the two together, is not 0 (354259fa73e2). */
struct sk_buff___vlan_present {
	__u8 vlan_present : 1;
};

struct skb_shared_info {
	unsigned short gso_size; /* bytes in a segment; gso_segs follows */
	unsigned int gso_type;
};

/* Every kernel has this one: something that may be read as 8 bytes, and is no pointer. */
struct timespec64 {
	long long tv_sec;
};

#pragma clang attribute pop

struct rps_dev_flow;

#endif
