// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Tells who writes rps_cpus: store_rps_map() (net/core/net-sysfs.c) runs in the process that does. Nothing here runs for a
 * packet. The loader gives the programs their types, see audit/auditor.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "abi/mask_write.h"
#include "kernel/kernel.h"
#include "kernel/pt_regs.h"
#include "kernel/reads.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct rps_map {
	unsigned int len;
	__u16 cpus[];
};

struct netdev_rx_queue {
	struct rps_map *rps_map;
	struct net_device *dev;
};

struct net_device___queues {
	struct netdev_rx_queue *_rx;
};

typedef struct {
	unsigned int val;
} kuid_t;

/* Only where the kernel is built for auditd(8). */
struct task_struct {
	kuid_t loginuid;
};

#pragma clang attribute pop

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RPS_WRITES_ROOM);
} writes SEC(".maps");

/* Writes that found no room there, or that were seen in part only. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

/* For the pair of probes: the queues of calls that have not returned, by their thread. A thread has one at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u64);
	__type(value, __u64);
} open_writes SEC(".maps");

static __always_inline void lose(void)
{
	__u32 only = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &only);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline __u32 login_of(const struct task_struct *task)
{
	return bpf_core_field_exists(task->loginuid) ? BPF_CORE_READ(task, loginuid.val) : -1;
}

/* Queues are an array; none knows its number. */
static __always_inline __u32 number_of(const struct netdev_rx_queue *queue)
{
	const struct net_device___queues *dev = (void *)BPF_CORE_READ(queue, dev);

	return ((__u64)queue - (__u64)BPF_CORE_READ(dev, _rx)) /
	       bpf_core_type_size(struct netdev_rx_queue);
}

/* Hands over what the current thread has done. */
static __always_inline void tell(const struct netdev_rx_queue *queue, int result)
{
	const struct net_device *dev = BPF_CORE_READ(queue, dev);
	const struct rps_map *map = BPF_CORE_READ(queue, rps_map);
	__u64 thread = bpf_get_current_pid_tgid();
	struct rps_write write = {
		.ns = bpf_ktime_get_ns(),
		.device = device_of(dev, false),
		.instance = instance_of(dev, false),
		.queue = number_of(queue),
		.pid = thread >> 32,
		.tid = thread,
		.uid = bpf_get_current_uid_gid(),
		.login = login_of((void *)bpf_get_current_task()),
		.result = result,
		.mask = map ? BPF_CORE_READ(map, len) : 0,
	};
	__u32 told = write.mask;

	bpf_get_current_comm(write.name, sizeof(write.name));
	/* Where clang sees the bound, the verifier does not. */
	barrier_var(told);
	if (told > RPS_WRITE_CPUS)
		told = RPS_WRITE_CPUS;
	bpf_probe_read_kernel(write.cpus, told * sizeof(*write.cpus), &map->cpus);
	if (bpf_ringbuf_output(&writes, &write,
			       offsetof(struct rps_write, cpus) + told * sizeof(*write.cpus),
			       BPF_RB_NO_WAKEUP))
		lose();
}

/* store_rps_map(queue, buf, len), and what it returns. */
SEC("audit")
int store_rps_map(const __u64 *ctx)
{
	__u64 queue = 0;

	/* As a number: the verifier does not let pointers be subtracted. */
	bpf_probe_read_kernel(&queue, sizeof(queue), &ctx[0]);
	tell((void *)queue, ctx[3]);
	return 0;
}

/* For kernels that have no trampolines for this. */
SEC("audit")
int store_rps_map_called(struct registers *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), queue = ARGUMENT_1(ctx);

	/* The return of the one before was not seen. */
	if (bpf_map_lookup_elem(&open_writes, &thread))
		lose();
	if (bpf_map_update_elem(&open_writes, &thread, &queue, BPF_ANY))
		lose();
	return 0;
}

SEC("audit")
int store_rps_map_returned(struct registers *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *queue = bpf_map_lookup_elem(&open_writes, &thread);

	/* One that began before both probes were there, or was counted as lost. */
	if (!queue)
		return 0;
	tell((void *)*queue, RETURNED(ctx));
	bpf_map_delete_elem(&open_writes, &thread);
	return 0;
}
