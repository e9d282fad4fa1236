/* SPDX-License-Identifier: MIT */
/* Text that grows: what is to be written, before it is written. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	char *data;
	size_t length;
	size_t room;
};

/* All of these end the program when memory runs out. */
void text_bytes(struct text *text, const void *bytes, size_t length);

/* Here, as the compiler knows how long nearly all strings are. */
static inline void text_add(struct text *text, const char *string)
{
	text_bytes(text, string, strlen(string));
}

void text_number(struct text *text, int64_t number);
__attribute__((format(printf, 2, 3))) void text_format(struct text *text, const char *format, ...);

/* A counter as JSON: above 2^53 - 1 a decimal string, as JavaScript's numbers end there. */
void text_counter(struct text *text, uint64_t counter);

/* For many numbers in a row: room for so many bytes at the end, and what has been taken of it, up to `end`. */
char *text_room(struct text *text, size_t length);
void text_end(struct text *text, const char *end);

/*
 * Writes a number, or a counter as text_counter() does, and returns where it ends. Up to PUT_MOST bytes, for a counter two
 * more, are overwritten from `at` on, whatever the number takes.
 */
#define PUT_MOST 20
char *text_put_digits(char *at, uint64_t number);
char *text_put_counter(char *at, uint64_t counter);

/* A JSON string in quotes. What is not UTF-8 in `string` becomes U+FFFD. */
void text_json(struct text *text, const char *string);

#endif
