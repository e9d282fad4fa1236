// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "base/files.h"
#include "base/numbers.h"

static bool read_first_line(int fd, char *line, size_t room)
{
	ssize_t length = fd < 0 ? -1 : pread(fd, line, room - 1, 0);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return length >= 0;
}

bool file_read_line_at(int directory, const char *path, char *line, size_t room)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	bool done = read_first_line(fd, line, room);

	if (fd >= 0)
		close(fd);
	return done;
}

bool file_read_line(const char *path, char *line, size_t room)
{
	return file_read_line_at(AT_FDCWD, path, line, room);
}

static long number_in(const char *line, long otherwise)
{
	long number;

	return number_read_signed(line, &number) ? number : otherwise;
}

long file_read_long_at(int directory, const char *path, long otherwise)
{
	char line[32];

	file_read_line_at(directory, path, line, sizeof(line));
	return number_in(line, otherwise);
}

long file_read_long(const char *path, long otherwise)
{
	return file_read_long_at(AT_FDCWD, path, otherwise);
}

bool kept_file_read_line(struct kept_file *file, char *line, size_t room)
{
	if (file->fd <= 0)
		file->fd = open(file->path, O_RDONLY | O_CLOEXEC);
	return read_first_line(file->fd, line, room);
}

long kept_file_read_long(struct kept_file *file, long otherwise)
{
	char line[32];

	kept_file_read_line(file, line, sizeof(line));
	return number_in(line, otherwise);
}
