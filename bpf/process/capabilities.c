// SPDX-License-Identifier: MIT
#include <grp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "process/capabilities.h"

/* glibc has no wrapper for capget() and capset(); the sets come as two 32-bit halves, see capget(2). */
typedef struct __user_cap_data_struct halves[_LINUX_CAPABILITY_U32S_3];

static struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

bool capabilities_may_trace(void)
{
	halves data = {0};
	uint64_t have;

	if (syscall(SYS_capget, &header, data))
		return false;
	have = (uint64_t)data[1].effective << 32 | data[0].effective;
	return have & CAP_BIT(CAP_SYS_ADMIN) ||
	       (have & CAP_BIT(CAP_BPF) && have & CAP_BIT(CAP_PERFMON));
}

void capabilities_keep(uint64_t keep)
{
	halves data = {0};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data))
		return;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= keep >> (32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	syscall(SYS_capset, &header, data);
}

int capabilities_leave_root(uid_t real, uid_t effective, uint64_t keep)
{
	if (!geteuid() &&
	    (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) ||
	     setresgid(effective, effective, effective) || setresuid(real, effective, real)))
		return -1;
	capabilities_keep(keep);
	return 0;
}
