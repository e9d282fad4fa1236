/* SPDX-License-Identifier: MIT */
/* What the kernel tells of a descriptor in /proc/self/fdinfo, which takes no rights. */
#ifndef PROCESS_FDINFO_H
#define PROCESS_FDINFO_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* The file about a descriptor, to be read again and again; -1 where there is none. */
int fdinfo_open(int fd);

/* Reads such a file into `text` as far as there is room, or makes it empty when there is none. */
void fdinfo_read(int file, char *text, size_t room);

/* Copies the number that follows `name`, if it is there. */
bool fdinfo_number(const char *text, const char *name, __u64 *number);

#endif
