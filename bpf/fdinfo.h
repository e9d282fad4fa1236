/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a descriptor in /proc/self/fdinfo, which takes no rights. */
#ifndef FDINFO_H
#define FDINFO_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads the file into `text` as far as there is room, or makes it empty when there is none. */
void fdinfo_read(const char *path, char *text, size_t room);

/* Copies the number that follows `name`, if it is there. */
bool fdinfo_number(const char *text, const char *name, __u64 *number);

#endif
