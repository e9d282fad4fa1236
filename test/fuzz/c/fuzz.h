/* SPDX-License-Identifier: MIT */
/* Shared by the targets. A property that does not hold ends the program, which libFuzzer reports with the input. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer calls this with one input after the other. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(property)                                                                   \
	do {                                                                              \
		if (!(property)) {                                                        \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
				#property);                                               \
			abort();                                                          \
		}                                                                         \
	} while (0)

/* The bytes as a text of its own, to be freed: what reads beyond it is found. */
char *fuzz_text(const uint8_t *data, size_t size);

/* Takes the bytes before the first newline, and that, off the input, as a text of its own, to be freed. */
char *fuzz_line(const uint8_t **data, size_t *size);

#endif
