// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "process/seccomp.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const unsigned short allowed[] = {
	/* Output, stdin, signals, the scanner's pipe. */
	SYS_read,
	SYS_write,
	SYS_writev,
	SYS_sendto,
	SYS_pread64,
	SYS_close,
	SYS_fcntl,
	SYS_ppoll,
	SYS_epoll_pwait,
	SYS_ioctl,
#ifdef SYS_poll
	SYS_poll,
	SYS_epoll_wait,
#endif
	/* What the C library does for stdio, memory, time and locks. */
	SYS_fstat,
	SYS_newfstatat,
	SYS_lseek,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_getrandom,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_uname,
	SYS_getpid,
	/* The end. */
	SYS_wait4,
	SYS_membarrier,
	SYS_exit,
	SYS_exit_group,
};

#define ALLOWED (sizeof(allowed) / sizeof(*allowed))
#define FIELD(field) offsetof(struct seccomp_data, field)
/* The lower half of an argument: both architectures are little-endian. */
#define ARGUMENT(number) FIELD(args[number])
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)

void confine(pid_t child)
{
	const struct sock_filter head[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, REFUSE),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, REFUSE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_OBJ_GET_INFO_BY_FD, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, REFUSE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, child, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, REFUSE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const size_t heads = sizeof(head) / sizeof(*head);
	struct sock_filter filter[sizeof(head) / sizeof(*head) + 2 * ALLOWED + 1];
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(*filter), .filter = filter};

	for (size_t i = 0; i < heads; i++)
		filter[i] = head[i];
	for (size_t i = 0; i < ALLOWED; i++) {
		struct sock_filter *at = &filter[heads + 2 * i];

		at[0] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
		at[1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	filter[heads + 2 * ALLOWED] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, REFUSE);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
