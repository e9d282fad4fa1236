/* SPDX-License-Identifier: MIT */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/*
 * Returns `memory`, which an allocator has returned. Without memory the process says so on stderr and ends with status 1: the
 * kernel then removes what it has attached, and a guard's keeper restores the masks.
 */
void *must(void *memory);

#endif
