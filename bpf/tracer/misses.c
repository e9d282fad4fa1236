// SPDX-License-Identifier: MIT
#include <linux/bpf.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tracer/misses.h"

/* From include/uapi/linux/bpf.h of Linux 6.7: older headers lack it, and it does not change. */
#define LINK_TYPE_PERF_EVENT 7
#define PERF_EVENT_KPROBE 3
#define PERF_EVENT_KRETPROBE 4

/* struct bpf_link_info, the part for kprobes. */
struct probe_info {
	__u32 type;
	__u32 id;
	__u32 program;
	__u32 : 32;
	__u32 event;
	__u32 : 32;
	__u64 function;
	__u32 function_room;
	__u32 offset;
	__u64 address;
	__u64 missed;
};

__u64 probe_misses(int link)
{
	struct probe_info info = {0};
	union bpf_attr attributes = {
		.info = {.bpf_fd = link, .info_len = sizeof(info), .info = (__u64)(long)&info},
	};
	const size_t size = offsetof(union bpf_attr, info) + sizeof(attributes.info);

	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attributes, size))
		return 0;
	if (info.type != LINK_TYPE_PERF_EVENT ||
	    (info.event != PERF_EVENT_KPROBE && info.event != PERF_EVENT_KRETPROBE))
		return 0;
	return info.missed;
}
