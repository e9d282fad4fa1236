/* SPDX-License-Identifier: MIT */
/* Network namespaces that are mounted somewhere, as ip-netns(8) and container engines do it to name them. */
#ifndef DEVICES_MOUNTINFO_H
#define DEVICES_MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes a line of /proc/self/mountinfo (proc(5)) apart, in its own place: the inode of the namespace, and the path where it
 * is mounted. False when the line is about anything else.
 */
bool mountinfo_netns(char *line, uint32_t *inode, char **path);

#endif
