// SPDX-License-Identifier: MIT
#include <string.h>
#include "base/numbers.h"
#include "devices/mountinfo.h"

/* Numbers of the mount and its parent, the device, the root within the file system, the path of the mount. */
enum { ROOT = 3, PATH, FIELDS };

static bool is_octal(char digit)
{
	return digit >= '0' && digit <= '7';
}

/* Undoes the \ooo that the kernel writes for blanks and backslashes. */
static void unescape(char *path)
{
	char *to = path;

	while (*path) {
		if (path[0] == '\\' && is_octal(path[1]) && is_octal(path[2]) &&
		    is_octal(path[3])) {
			*to++ = (path[1] - '0') << 6 | (path[2] - '0') << 3 | (path[3] - '0');
			path += 4;
		} else {
			*to++ = *path++;
		}
	}
	*to = '\0';
}

bool mountinfo_netns(char *line, uint32_t *inode, char **path)
{
	static const char begin[] = "net:[";
	char *fields[FIELDS] = {0};
	const char *number;
	uint64_t read;

	for (int i = 0; i < FIELDS; i++)
		if (!(fields[i] = strsep(&line, " \n")))
			return false;
	if (strncmp(fields[ROOT], begin, sizeof(begin) - 1))
		return false;
	number = fields[ROOT] + sizeof(begin) - 1;
	if (!number_take(&number, UINT32_MAX, &read) || strcmp(number, "]") || !read)
		return false;
	unescape(fields[PATH]);
	*inode = read;
	*path = fields[PATH];
	return true;
}
