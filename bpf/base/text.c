// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/memory.h"
#include "base/text.h"

/* Above what eight digits can say. */
#define EIGHT_DIGITS 100000000

#define EXACT_IN_JSON ((1ULL << 53) - 1)

char *text_room(struct text *text, size_t length)
{
	/* With room for one more: so that there is memory also where nothing is written. */
	if (text->length + length >= text->room) {
		text->room = (text->length + length + 1) * 2;
		text->data = must(realloc(text->data, text->room));
	}
	return text->data + text->length;
}

void text_bytes(struct text *text, const void *bytes, size_t length)
{
	memcpy(text_room(text, length), bytes, length);
	text->length += length;
}

void text_end(struct text *text, const char *end)
{
	text->length = end - text->data;
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the first digit is to be the lowest byte"
#endif

/* The eight digits of a number below 10^8, the first in the lowest byte: each step parts all that there is in halves at once. */
static inline uint64_t eight_digits(uint32_t number)
{
	uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
	/* Multiplied by the reciprocals of 100 and of 10, rounded up: exact for what may come. */
	uint64_t hundreds = fours * 5243 >> 19 & 0x0000007f0000007f;
	uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = pairs * 103 >> 10 & 0x000f000f000f000f;

	return tens | (pairs - tens * 10) << 8;
}

/* Numbers are nearly all that is written, so they do not go through printf(). */
char *text_put_digits(char *at, uint64_t number)
{
	static const uint64_t zeros = 0x3030303030303030;
	uint64_t digits;
	int leading = 0;

	/* Small ones, as the numbers of CPUs and queues are, at once. */
	if (number < 10) {
		*at = '0' + number;
		return at + 1;
	}
	if (number < 100) {
		*at = '0' + number / 10;
		at[1] = '0' + number % 10;
		return at + 2;
	}
	if (number < EIGHT_DIGITS) {
		digits = eight_digits(number);
		leading = __builtin_ctzll(digits) / 8;
	} else {
		at = text_put_digits(at, number / EIGHT_DIGITS);
		digits = eight_digits(number % EIGHT_DIGITS);
	}
	digits = (digits + zeros) >> leading * 8;
	/* Of a length that the compiler knows: it takes no call. */
	memcpy(at, &digits, sizeof(digits));
	return at + sizeof(digits) - leading;
}

static void add_unsigned(struct text *text, uint64_t number)
{
	text_end(text, text_put_digits(text_room(text, PUT_MOST), number));
}

void text_number(struct text *text, int64_t number)
{
	if (number < 0)
		text_add(text, "-");
	add_unsigned(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void text_format(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	va_start(arguments, format);
	vsnprintf(text_room(text, length + 1), length + 1, format, arguments);
	va_end(arguments);
	text->length += length;
}

char *text_put_counter(char *at, uint64_t counter)
{
	if (counter <= EXACT_IN_JSON)
		return text_put_digits(at, counter);
	*at++ = '"';
	at = text_put_digits(at, counter);
	*at = '"';
	return at + 1;
}

void text_counter(struct text *text, uint64_t counter)
{
	text_end(text, text_put_counter(text_room(text, PUT_MOST + 2), counter));
}

/* The length of the UTF-8 character at `s` (RFC 3629, section 4), 0 when there is none. */
static int utf8_length(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	int length;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		length = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		length = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		length = 4;
	else
		return 0;
	/* No overlong forms, no surrogates, nothing above U+10FFFF. */
	if (s[0] == 0xe0)
		low = 0xa0;
	if (s[0] == 0xed)
		high = 0x9f;
	if (s[0] == 0xf0)
		low = 0x90;
	if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (int i = 2; i < length; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return length;
}

void text_json(struct text *text, const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	text_add(text, "\"");
	while (*s) {
		int length = utf8_length(s);

		if (!length) {
			text_add(text, "\\ufffd");
			s++;
			continue;
		}
		if (*s < 0x20 || *s == 0x7f)
			text_format(text, "\\u%04x", *s);
		else if (*s == '"' || *s == '\\')
			text_format(text, "\\%c", *s);
		else
			text_bytes(text, s, length);
		s += length;
	}
	text_add(text, "\"");
}
