/* SPDX-License-Identifier: MIT */
#ifndef BASE_GROW_H
#define BASE_GROW_H

#include <stdlib.h>
#include "base/memory.h"

/* Makes room for one more in a list of `count`, whose room is always a power of two. */
static inline void *grow(void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	list = must(realloc(list, (count ? count * 2 : 1) * size));
	return list;
}

#endif
