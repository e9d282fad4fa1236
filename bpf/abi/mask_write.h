/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What the BPF program of the audit and the loader share: a write to rps_cpus, and where it is handed over. */
#ifndef ABI_MASK_WRITE_H
#define ABI_MASK_WRITE_H

#include <linux/types.h>

/* Bytes for writes that are not taken yet, a power of two: 780 of them, or more where masks have fewer CPUs. */
#define RPS_WRITES_ROOM (256 << 10)
/* CPUs of a mask that are told of. */
#define RPS_WRITE_CPUS 128

struct rps_write {
	__u64 ns;	/* CLOCK_MONOTONIC */
	__u64 device;	/* as in struct rps_row */
	__u64 instance; /* the inode of the device's directory */
	__u32 queue;
	__u32 pid; /* of the process, as the host's own namespace has it */
	__u32 tid; /* of the thread */
	__u32 uid;
	__u32 login; /* who logged in to begin with, also behind sudo; (__u32)-1: nobody, or unknown */
	__s32 result; /* bytes that were taken, or a negative errno */
	__u32 mask;   /* CPUs in the mask that is in force now; the first of them are in `cpus` */
	__u32 spare;
	char name[16]; /* of the thread */
	__u16 cpus[RPS_WRITE_CPUS];
};

#endif
