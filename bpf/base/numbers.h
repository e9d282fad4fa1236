/* SPDX-License-Identifier: MIT */
/*
 * Decimal numbers in text that others wrote: digits and nothing else, so no sign, no blank, no empty text, and nothing above
 * a limit. strtoul() and scanf() take all of these, and wrap around.
 */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* Takes the number at `*at`, `most` at most, and moves `*at` behind it. False when there is none: then `*at` stays. */
bool number_take(const char **at, uint64_t most, uint64_t *number);

/* Takes the sign `sign` and then a number. False, with `*at` as it was, when they are not there. */
bool number_take_behind(const char **at, char sign, uint64_t most, uint64_t *number);

/* Reads a text that is a number from `least` to `most`. False when it is anything else. */
bool number_read(const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* Reads a text that is a number with or without a minus. False when it is anything else, or no `long`. */
bool number_read_signed(const char *text, long *number);

#endif
