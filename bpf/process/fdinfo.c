// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/numbers.h"
#include "process/fdinfo.h"

bool fdinfo_number(const char *text, const char *name, __u64 *number)
{
	const char *line = strstr(text, name);
	uint64_t read;

	if (!line || line[strlen(name)] != ':')
		return false;
	line += strlen(name) + 1;
	line += strspn(line, " \t");
	if (!number_take(&line, UINT64_MAX, &read))
		return false;
	*number = read;
	return true;
}

int fdinfo_open(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void fdinfo_read(int file, char *text, size_t room)
{
	ssize_t length = pread(file, text, room - 1, 0);

	text[length > 0 ? length : 0] = '\0';
}
