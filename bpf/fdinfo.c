// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include "fdinfo.h"

bool fdinfo_number(const char *text, const char *name, __u64 *number)
{
	const char *line = strstr(text, name);

	return line && sscanf(line + strlen(name), ":%llu", number) == 1;
}

void fdinfo_read(const char *path, char *text, size_t room)
{
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, room - 1, file) : 0;

	text[length] = '\0';
	if (file)
		fclose(file);
}
