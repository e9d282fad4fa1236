// SPDX-License-Identifier: MIT
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "btf/kernel_btf.h"
#include "btf/load_failure.h"
#include "process/capabilities.h"

/* The kernel's own number for "not supported", never meant to reach user space (include/linux/errno.h). */
#define KERNEL_ENOTSUPP 524

static char said[600];	    /* libbpf's last warning */
static char log_tail[1500]; /* the end of the verifier's log */

static void keep_tail(char *to, size_t room, const char *text, size_t length)
{
	size_t from = length < room ? 0 : length - room + 1;

	/* Whole lines only. */
	if (from && strchr(text + from, '\n'))
		from = strchr(text + from, '\n') + 1 - text;
	memcpy(to, text + from, length - from);
	to[length - from] = '\0';
}

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	static const char end_mark[] = "-- END PROG LOAD LOG --";
	char *text, *end;
	int length;

	if (level != LIBBPF_WARN)
		return 0;
	length = vasprintf(&text, format, arguments);
	if (length < 0)
		return 0;
	end = strstr(text, end_mark);
	if (end)
		keep_tail(log_tail, sizeof(log_tail), text, end - text);
	else if (!said[0])
		keep_tail(said, sizeof(said), text, length);
	free(text);
	return length;
}

void load_failure_listen(void)
{
	said[0] = '\0';
	log_tail[0] = '\0';
	libbpf_set_print(hear);
}

/* Lockdown is chosen in square brackets (security/lockdown/lockdown.c). */
static bool locked_down(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char text[100] = "";
	bool locked = file && fgets(text, sizeof(text), file) && strstr(text, "[confidentiality]");

	if (file)
		fclose(file);
	return locked;
}

static int in_lockdown(const char *stage, struct failure *failure)
{
	return fail(failure, "LOCKDOWN", stage,
		    "Boot with lockdown=integrity or without lockdown: confidentiality keeps every "
		    "program from reading the kernel's memory.",
		    "the kernel is in lockdown for confidentiality");
}

static int not_permitted(const char *stage, struct failure *failure)
{
	if (!capabilities_may_trace())
		return fail(failure, "NO_CAPABILITY", stage,
			    "Run it as root, for instance with sudo, or give it CAP_BPF and "
			    "CAP_PERFMON.",
			    "the kernel does not permit this user to trace");
	if (locked_down())
		return in_lockdown(stage, failure);
	return fail(failure, "BPF_REFUSED", stage,
		    "A security module or the sandbox around this host forbids tracing. In a "
		    "container, run "
		    "it on the host itself.",
		    "bpf() was refused although the capabilities are there");
}

int load_failure_explain(int error, struct failure *failure)
{
	const char *stage = "load";

	if (error == -EPERM)
		return not_permitted(stage, failure);
	if (error == -ENOSYS)
		return fail(failure, "BPF_REFUSED", stage,
			    "Boot a kernel with CONFIG_BPF_SYSCALL=y and CONFIG_BPF_JIT=y.",
			    "this kernel has no bpf()");
	if (locked_down())
		return in_lockdown(stage, failure);
	if (error == -ENODATA)
		return fail(failure, "NO_BTF", stage,
			    "Boot a kernel with CONFIG_DEBUG_INFO_BTF=y, as distributions' kernels "
			    "have, or give the kernel's types with --btf FILE.",
			    "the kernel does not describe its types: no " KERNEL_BTF);
	if (error == -ESRCH)
		return fail(failure, "NO_FUNCTION", stage,
			    "Boot a kernel with CONFIG_RPS=y whose BTF was made by pahole 1.19 or "
			    "newer.",
			    "the kernel's types do not name get_rps_cpu()");
	if (log_tail[0])
		return fail(
			failure, "VERIFIER", stage,
			"Please report this with the kernel's version: the program is at fault.",
			"the kernel's verifier rejected the program (%s):\n%s", strerror(-error),
			log_tail);
	return fail(failure, "LOAD_FAILED", stage,
		    "The message is libbpf's; the kernel's log may say more.",
		    "the program could not be loaded (%s): %s", strerror(-error), said);
}

int ftrace_failure_explain(struct failure *failure)
{
	return fail(failure, "FTRACE_OFF", "attach", "Allow it: sysctl kernel.ftrace_enabled=1.",
		    "the kernel runs nothing that is attached to a function "
		    "(kernel.ftrace_enabled is 0)");
}

int attach_failure_explain(int error, struct failure *failure)
{
	const char *stage = "attach";

	if (error == -EPERM)
		return not_permitted(stage, failure);
	/* Debian and Ubuntu ask for more from 3 on. */
	if (error == -EACCES)
		return fail(failure, "NO_CAPABILITY", stage,
			    "Run it as root, or allow it: sysctl kernel.perf_event_paranoid=2. The "
			    "fexit backend does without.",
			    "the kernel lets only CAP_SYS_ADMIN use kprobes "
			    "(kernel.perf_event_paranoid)");
	if (error == -KERNEL_ENOTSUPP)
		return fail(failure, "ATTACH_FAILED", stage,
			    "Boot a newer kernel: on arm64 this takes 6.4.",
			    "this kernel cannot attach to functions this way (error 524)");
	if (error == -ENOENT)
		return fail(failure, "NO_FUNCTION", stage,
			    "Boot a kernel with CONFIG_RPS=y and CONFIG_KPROBES=y.",
			    "the kernel has no such function to probe, or no kprobes");
	if (error == -EBUSY || error == -E2BIG)
		return fail(failure, "ATTACH_FAILED", stage,
			    "See what else is attached: bpftool prog | grep get_rps_cpu, and "
			    "/sys/kernel/livepatch.",
			    "get_rps_cpu() is taken by other programs or a live patch (%s)",
			    strerror(-error));
	return fail(failure, "ATTACH_FAILED", stage, "The kernel's log may say more: dmesg.",
		    "the program could not be attached: %s", strerror(-error));
}
