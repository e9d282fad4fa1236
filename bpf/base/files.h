/* SPDX-License-Identifier: MIT */
/* Reads the small files of /proc and /sys. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the first line of a file, without its newline; what does not fit is cut off. False, and "", when there is none. */
bool file_read_line(const char *path, char *line, size_t room);

/* Reads the line of a file whose path is relative to an open directory. */
bool file_read_line_at(int directory, const char *path, char *line, size_t room);

/* Reads a file that holds one decimal number, which may be negative. Returns `otherwise` when it holds anything else. */
long file_read_long(const char *path, long otherwise);
long file_read_long_at(int directory, const char *path, long otherwise);

/* A file that is read again and again, and so kept open. It may come later, or never. */
struct kept_file {
	const char *path;
	int fd; /* 0: not open */
};

/* As file_read_line() and file_read_long(). */
bool kept_file_read_line(struct kept_file *file, char *line, size_t room);
long kept_file_read_long(struct kept_file *file, long otherwise);

#endif
