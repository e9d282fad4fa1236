/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What the BPF program and the loader share: the layout of the counters' memory. */
#ifndef ABI_COUNTERS_H
#define ABI_COUNTERS_H

#include <linux/types.h>

/*
 * The counters are one memory-mapped array map with one region for each possible CPU. A region is written by its own
 * CPU only, so counting needs no atomic instruction and no lock, and reading needs no system call.
 *
 *	struct rps_region | struct rps_row[RPS_NEAR + far] | __u32 order[RPS_NEAR + far]
 *
 * The first RPS_NEAR rows share a page with the region's head and its shortcuts, so that counting touches one page of memory.
 * A key that finds no place there goes to the far rows, a power of two that the loader chooses.
 * `order` lists the rows in the order they were claimed, as slot + 1, so that a reader does not search a mostly empty table.
 *
 * A kernel without a recursion guard for BPF programs (before 5.12) may interrupt the program by itself on the same
 * CPU. There the array is twice as long, and what interrupts counts in the second half: still one writer each.
 */

#define RPS_NEAR_BITS 6
#define RPS_NEAR (1 << RPS_NEAR_BITS)
#define RPS_PAGE 4096 /* regions are a multiple of this long */

/* `device` and `path` identify a row on its CPU. Neither is ever 0 in a row in use, and neither ever changes. */
struct rps_row {
	__u64 device; /* netns inode << 32 | ifindex */
	__u64 path; /* RPS_USED | instance << 34 | RPS_BY_FLOW | rx queue << 16 | target, 0xffff for none */
	__u64 skbs;
	__u64 bytes;
	__u64 more; /* segments beyond one for each skb: few packets have any */
};

/*
 * The row of a device, a queue and a target, without a look at the device. It holds until a device comes, or moves to another
 * namespace: see kernel/device_events.bpf.c.
 */
struct rps_shortcut {
	__u64 device; /* where it is in the kernel's memory, an even number, plus 1 for what RFS chose; 0: there is no shortcut */
	__u64 row; /* how far it is from the region's beginning, in the upper RPS_OFFSET_BITS; steering_of() in the lower half */
};

#define RPS_SHORTCUT_BITS 6
#define RPS_SHORTCUTS (1 << RPS_SHORTCUT_BITS)
#define RPS_OFFSET_BITS 12 /* within a page */
#define RPS_OFFSET_SHIFT (64 - RPS_OFFSET_BITS)

/*
 * The beginning of a packet for the filter, as on the wire: with a link header where the device has one, and with the
 * VLAN tag in it.
 */
#define RPS_SNAP 256
#define RPS_MEMORY 16 /* BPF_MEMWORDS */

struct rps_packet {
	__u32 length; /* of the whole packet */
	__u32 captured;
	__u32 memory[RPS_MEMORY]; /* of the filter */
	__u32 bytes[RPS_SNAP / 4];
};

/* Room in the program for a filter for each kind of device, in instructions, after a mark: r0 = number. */
#define RPS_FILTER_ROOM 2048
#define RPS_ETHERNET_MARK 0x52505301
#define RPS_RAW_MARK 0x52505302

/* Values of a packet that candidate masks are evaluated on, see abi/candidates.h. */
struct rps_arrival {
	__u64 device;
	__u32 queue;
	__u32 hash;
	__u32 segments;
	__u32 bytes;
	__u32 certain; /* `hash` is the one the kernel steers by; otherwise it has not computed it */
	__u16 flow;    /* RFS chose `target`, and would under any mask */
	__u16 target;
};

struct rps_region {
	__u64 lost; /* decisions without a row */
	__u64 unpaired; /* calls without their return, or the other way round: what a kretprobe missed */
	__u32 claimed; /* rows in use */
	__u32 depth;   /* programs running on this CPU, where the kernel does not guard */
	__u32 extras; /* what there is to do beyond counting; the common way looks at nothing else */
	__u32 spare;
	struct rps_packet packet;
	/* Here and not on the program's stack, where the verifier would follow what is known of it for each way it came. */
	struct rps_arrival arrival;
	struct rps_shortcut shortcuts[RPS_SHORTCUTS];
	struct rps_row rows[];
};

/* Extras. */
#define RPS_RFS 1     /* RFS may be on: telling its choices apart is worth two reads */
#define RPS_PREDICT 2 /* there are candidate masks, see abi/candidates.h */
#define RPS_MOVED 4   /* a device has come or moved: no shortcut holds */
#define RPS_UNTOLD 8  /* nobody tells when one does: there are to be no shortcuts */

#define RPS_USED (1ULL << 63)
#define RPS_BY_FLOW (1ULL << 32) /* RFS chose */
#define RPS_NO_TARGET 0xffff

/*
 * Tells devices apart that had the same ifindex in the same namespace, or in namespaces that had the same inode, one
 * after the other: the low bits of the inode of the device's directory in sysfs. The kernel numbers those upwards (kernfs
 * in fs/kernfs/dir.c), and a device keeps its own when it is renamed or moved. 0: the device has none any more.
 */
#define RPS_INSTANCE_BITS 29
#define RPS_INSTANCE_SHIFT 34
#define RPS_INSTANCE(inode) ((inode) & ((1ULL << RPS_INSTANCE_BITS) - 1))

enum rps_verdict {
	RPS_MAP,  /* chosen by rps_cpus */
	RPS_FLOW, /* chosen by the RFS flow table */
	RPS_NONE, /* get_rps_cpu() returned -1 */
};

#endif
