// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>
#include "devices/scanner_rights.h"
#include "process/capabilities.h"
#include "process/seccomp.h"

void scanner_leave_root(void)
{
	/* To enter namespaces, to find those of processes, and those that lie in closed directories, as Docker's. */
	const uint64_t keep =
		CAP_BIT(CAP_SYS_ADMIN) | CAP_BIT(CAP_SYS_PTRACE) | CAP_BIT(CAP_DAC_READ_SEARCH);

	/*
	 * Only the effective user changes: the parent, which is root without a capability, may end only root's processes. The
	 * way back to root is a system call that is refused.
	 */
	if (capabilities_leave_root(getuid(), NOBODY, keep))
		capabilities_keep(keep);
}

void scanner_confine(void)
{
	const struct call_rule rules[] = {
		{SYS_openat, 2, ARGUMENT_WITHOUT, O_ACCMODE | O_CREAT | O_TRUNC},
		{SYS_setns, 1, ARGUMENT_IS, CLONE_NEWNET},
		CALL(fsopen),
		{SYS_fsconfig, 1, ARGUMENT_IS, FSCONFIG_CMD_CREATE},
		{SYS_fsmount, 2, ARGUMENT_IS, MOUNT_ATTR_RDONLY},
		{SYS_socket, 0, ARGUMENT_IS, AF_NETLINK},
		CALL(bind),
		CALL(setsockopt),
		CALL(sendto),
		CALL(recvfrom),
		CALL(getdents64),
		CALL(readlinkat),
		CALL(faccessat),
		CALL(faccessat2),
		CALL(statfs),
	};

	seccomp_confine_to(rules, sizeof(rules) / sizeof(*rules));
}
