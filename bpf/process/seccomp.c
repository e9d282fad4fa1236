// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "process/seccomp.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const struct call_rule common[] = {
	CALL(read),
	CALL(write),
	CALL(writev),
	CALL(pread64),
	CALL(close),
	/* Without F_SETOWN and F_SETSIG, by which the kernel sends any signal to any process of the same user. */
	{SYS_fcntl, 1, ARGUMENT_IS, F_GETFD},
	{SYS_fcntl, 1, ARGUMENT_IS, F_SETFD},
	{SYS_fcntl, 1, ARGUMENT_IS, F_GETFL},
	{SYS_fcntl, 1, ARGUMENT_IS, F_SETFL},
	{SYS_fcntl, 1, ARGUMENT_IS, F_DUPFD_CLOEXEC},
	CALL(ppoll),
#ifdef SYS_poll
	CALL(poll),
#endif
	/* What the C library does for stdio, memory, time and locks. */
	CALL(fstat),
	CALL(newfstatat),
	CALL(lseek),
	{SYS_mmap, 2, ARGUMENT_WITHOUT, PROT_EXEC},
	CALL(munmap),
	CALL(mremap),
	CALL(madvise),
	CALL(brk),
	CALL(futex),
	CALL(getrandom),
	CALL(clock_gettime),
	CALL(clock_nanosleep),
	CALL(nanosleep),
	CALL(rt_sigprocmask),
	CALL(rt_sigreturn),
	CALL(restart_syscall),
	CALL(exit),
	CALL(exit_group),
};

#define COMMON (sizeof(common) / sizeof(*common))
#define FIELD(field) offsetof(struct seccomp_data, field)
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)
/* Instructions before the rules, of one rule at most, and after them. */
#define HEAD 4
#define RULE 5
#define TAIL 1
/* More rules than any process has. */
#define RULES_MAX 96

struct filter_text {
	struct sock_filter code[HEAD + RULES_MAX * RULE + TAIL];
	unsigned short length;
};

static void put(struct filter_text *text, struct sock_filter instruction)
{
	text->code[text->length++] = instruction;
}

/*
 * Both architectures are little-endian: the lower half of an argument comes first. A call that fails the test of one rule may
 * pass that of another one.
 */
static void put_rule(struct filter_text *text, const struct call_rule *rule)
{
	bool any = rule->test == ARGUMENT_ANY, is = rule->test == ARGUMENT_IS;

	put(text, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rule->number, 0,
					       any ? 1 : RULE - 1));
	if (!any) {
		put(text, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       FIELD(args[rule->argument])));
		put(text, (struct sock_filter)BPF_JUMP(BPF_JMP | (is ? BPF_JEQ : BPF_JSET) | BPF_K,
						       rule->value, !is, is));
	}
	put(text, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	if (!any)
		put(text, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)));
}

int seccomp_confine_to(const struct call_rule *rules, size_t count)
{
	struct filter_text text = {0};
	struct sock_fprog program = {.filter = text.code};

	if (count + COMMON > RULES_MAX)
		return -1;
	put(&text, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch)));
	put(&text, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	put(&text, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, REFUSE));
	put(&text, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)));
	for (size_t i = 0; i < COMMON; i++)
		put_rule(&text, &common[i]);
	for (size_t i = 0; i < count; i++)
		put_rule(&text, &rules[i]);
	put(&text, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, REFUSE));
	program.len = text.length;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

void seccomp_confine(pid_t child)
{
	const struct call_rule rules[] = {
		{SYS_openat, 2, ARGUMENT_WITHOUT, O_ACCMODE | O_CREAT | O_TRUNC},
		{SYS_bpf, 0, ARGUMENT_IS, BPF_OBJ_GET_INFO_BY_FD},
		{SYS_kill, 0, ARGUMENT_IS, child},
		CALL(sendto),
		CALL(epoll_pwait),
#ifdef SYS_epoll_wait
		CALL(epoll_wait),
#endif
		/* Without FIOSETOWN, which is F_SETOWN, and TIOCSTI, which types into a terminal. */
		{SYS_ioctl, 1, ARGUMENT_IS, TCGETS},
		{SYS_ioctl, 1, ARGUMENT_IS, TIOCGWINSZ},
		{SYS_ioctl, 1, ARGUMENT_IS, PERF_EVENT_IOC_DISABLE},
		CALL(uname),
		CALL(getpid),
		CALL(wait4),
		CALL(membarrier),
	};

	seccomp_confine_to(rules, sizeof(rules) / sizeof(*rules));
}
