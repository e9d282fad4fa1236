// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "guard/guard_rights.h"
#include "guard/mask_writes.h"
#include "process/capabilities.h"
#include "process/seccomp.h"

/*
 * Nobody's number would let every process of nobody stop a guard. This one is in no range that systemd's UIDS-GIDS gives to
 * users, services or containers.
 */
#define GUARD_USER 0x7ffffffe

/* The kernel's OOM killer is to take another process: the least that /proc/PID/oom_score_adj takes. */
static void be_spared(void)
{
	static const char least[] = "-1000";
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, least, sizeof(least) - 1);
	close(fd);
}

void guard_rights_reduce(void)
{
	be_spared();
	/*
	 * To enter namespaces, to find those of processes, to open files that belong to a container's root, to allow itself a
	 * descriptor for each queue, and to become another user.
	 */
	capabilities_keep(CAP_BIT(CAP_NET_ADMIN) | CAP_BIT(CAP_SYS_ADMIN) |
			  CAP_BIT(CAP_SYS_PTRACE) | CAP_BIT(CAP_DAC_OVERRIDE) |
			  CAP_BIT(CAP_SYS_RESOURCE) | CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID));
}

int guard_rights_leave(struct failure *failure)
{
	if (capabilities_leave_root(GUARD_USER, GUARD_USER, CAP_BIT(CAP_NET_ADMIN)))
		return fail(failure, "NOT_PERMITTED", GUARD_STAGE,
			    "In a container, write from the host.",
			    "a guard must not stay root, and may not become another user: %s",
			    strerror(errno));
	return 0;
}

int guard_confine(pid_t other)
{
	const struct call_rule rules[] = {
		CALL(pwrite64),
		CALL(sendto),
		CALL(timerfd_settime),
		CALL(waitid),
		CALL(getppid),
		{SYS_flock, 1, ARGUMENT_IS, LOCK_UN},
		{SYS_kill, 0, ARGUMENT_IS, other},
	};

	return seccomp_confine_to(rules, sizeof(rules) / sizeof(*rules));
}
