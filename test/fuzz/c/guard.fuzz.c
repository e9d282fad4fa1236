// SPDX-License-Identifier: MIT
/* Lines of a guard's stdin. */
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"
#include "guard/guard_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guard_line line;

	while (size) {
		char *text = fuzz_line(&data, &size);

		guard_line_read(&line, text);
		HOLDS(line.order != GUARD_APPLY ||
		      (line.seconds && line.seconds <= GUARD_SECONDS_MAX));
		HOLDS(line.order != GUARD_WRITE ||
		      memchr(line.address.name, '\0', sizeof(line.address.name)));
		free(text);
	}
	return 0;
}
