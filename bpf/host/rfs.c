// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "host/rfs.h"

int rfs_open(void)
{
	return open("/proc/sys/net/core/rps_sock_flow_entries", O_RDONLY | O_CLOEXEC);
}

bool rfs_may_choose(int fd)
{
	char text[32];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return true;
	text[length] = '\0';
	return strtoul(text, NULL, 10) > 0;
}
