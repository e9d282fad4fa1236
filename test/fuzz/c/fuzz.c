// SPDX-License-Identifier: MIT
#include <string.h>
#include "fuzz.h"

char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	HOLDS(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

char *fuzz_line(const uint8_t **data, size_t *size)
{
	const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
	size_t length = end ? (size_t)(end - *data) : *size;
	char *line = fuzz_text(*data, length);

	*data += length + (end != NULL);
	*size -= length + (end != NULL);
	return line;
}

/* The sanitizers call this. What was freed is kept for a while, so that later use is found, but not until memory is full. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=16";
}
