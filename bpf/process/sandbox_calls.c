// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include "process/sandbox_calls.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))
#define FIELD(field) offsetof(struct seccomp_data, field)
/* The lower half of an argument: both architectures are little-endian. */
#define ARGUMENT(number) FIELD(args[number])
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define IS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, skip, 0)

static const unsigned short reads[] = {
	SYS_read,    SYS_pread64,      SYS_write,	   SYS_writev,
	SYS_lseek,   SYS_close,	       SYS_fstat,	   SYS_newfstatat,
	SYS_munmap,  SYS_mremap,       SYS_madvise,	   SYS_brk,
	SYS_futex,   SYS_getrandom,    SYS_clock_gettime,  SYS_getpid,
	SYS_gettid,  SYS_getuid,       SYS_getgid,	   SYS_geteuid,
	SYS_getegid, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_restart_syscall,
	SYS_exit,    SYS_exit_group,
};

/* Calls of the C library's resolver(3), which does without nscd where it may not open a Unix socket. */
static const unsigned short looks_up[] = {
	SYS_connect,	  SYS_bind,	    SYS_sendto,	    SYS_sendmmsg,
	SYS_sendmsg,	  SYS_recvfrom,	    SYS_recvmsg,    SYS_getsockname,
	SYS_getpeername,  SYS_setsockopt,   SYS_getsockopt, SYS_ppoll,
	SYS_uname,	  SYS_gettimeofday, SYS_nanosleep,  SYS_clock_nanosleep,
	SYS_rt_sigaction,
#ifdef SYS_poll
	SYS_poll,
#endif
};

/* Allows a call when an argument has none of some bits. */
#define WITHOUT(call, argument, bits)                                         \
	NOT(call, 4), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(argument)), \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1), REFUSE, ALLOW

/* Without F_SETOWN and F_SETSIG, by which the kernel sends any signal to any process of the same user. */
#define FCNTL_HEAD                                                                          \
	NOT(SYS_fcntl, 7), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(1)), IS(F_GETFD, 4), \
		IS(F_GETFL, 3), IS(F_SETFD, 2), IS(F_SETFL, 1), REFUSE, ALLOW

static const struct sock_filter head[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch)),
	IS(ARCHITECTURE, 1),
	REFUSE,
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)),
	WITHOUT(SYS_mmap, 2, PROT_EXEC),
	FCNTL_HEAD,
};

static const struct sock_filter look_up_head[] = {
	WITHOUT(SYS_openat, 2, O_ACCMODE | O_CREAT | O_TRUNC),
	NOT(SYS_socket, 6),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),
	IS(AF_INET, 3),
	IS(AF_INET6, 2),
	IS(AF_NETLINK, 1),
	REFUSE,
	ALLOW,
	NOT(SYS_ioctl, 5),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(1)),
	IS(FIONREAD, 2),
	IS(SIOCGIFINDEX, 1),
	REFUSE,
	ALLOW,
};

static const struct sock_filter tail[] = {REFUSE};

struct program {
	struct sock_filter code[LENGTH(head) + LENGTH(look_up_head) + 2 * LENGTH(reads) +
				2 * LENGTH(looks_up) + LENGTH(tail)];
	size_t length;
};

static void add(struct program *program, const struct sock_filter *code, size_t length)
{
	for (size_t i = 0; i < length; i++)
		program->code[program->length++] = code[i];
}

static void allow(struct program *program, const unsigned short *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sock_filter code[] = {NOT(calls[i], 1), ALLOW};

		add(program, code, LENGTH(code));
	}
}

int sandbox_confine(enum sandbox_calls calls)
{
	struct program program = {0};
	struct sock_fprog whole;

	add(&program, head, LENGTH(head));
	if (calls == SANDBOX_LOOKS_UP) {
		add(&program, look_up_head, LENGTH(look_up_head));
		allow(&program, looks_up, LENGTH(looks_up));
	}
	allow(&program, reads, LENGTH(reads));
	add(&program, tail, LENGTH(tail));
	whole = (struct sock_fprog){.len = program.length, .filter = program.code};
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0);
}
