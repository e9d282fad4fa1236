// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/numbers.h"
#include "host/rfs.h"

int rfs_open(void)
{
	return open("/proc/sys/net/core/rps_sock_flow_entries", O_RDONLY | O_CLOEXEC);
}

bool rfs_may_choose(int fd)
{
	uint64_t entries;
	char text[32];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return true;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return !number_read(text, 0, UINT64_MAX, &entries) || entries > 0;
}
