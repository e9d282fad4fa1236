// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "readfile.h"

bool read_line_at(int directory, const char *path, char *line, size_t room)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, line, room - 1);

	if (fd >= 0)
		close(fd);
	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return length >= 0;
}

bool read_line(const char *path, char *line, size_t room)
{
	return read_line_at(AT_FDCWD, path, line, room);
}

long read_long_at(int directory, const char *path, long otherwise)
{
	char line[32], *end;
	long number;

	if (!read_line_at(directory, path, line, sizeof(line)))
		return otherwise;
	number = strtol(line, &end, 10);
	return end == line ? otherwise : number;
}

long read_long(const char *path, long otherwise)
{
	return read_long_at(AT_FDCWD, path, otherwise);
}
