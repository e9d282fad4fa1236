// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include "base/memory.h"

void *must(void *memory)
{
	if (memory)
		return memory;
	fputs("rpstrace: out of memory\n", stderr);
	exit(1);
}
