// SPDX-License-Identifier: MIT
#include <limits.h>
#include "base/numbers.h"

bool number_take(const char **at, uint64_t most, uint64_t *number)
{
	const char *digit = *at;
	uint64_t value = 0;

	for (; *digit >= '0' && *digit <= '9'; digit++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *digit - '0', &value) || value > most)
			return false;
	if (digit == *at)
		return false;
	*number = value;
	*at = digit;
	return true;
}

bool number_take_behind(const char **at, char sign, uint64_t most, uint64_t *number)
{
	const char *digit = *at + 1;

	if (**at != sign || !number_take(&digit, most, number))
		return false;
	*at = digit;
	return true;
}

bool number_read(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	uint64_t value;

	if (!number_take(&text, most, &value) || *text || value < least)
		return false;
	*number = value;
	return true;
}

bool number_read_signed(const char *text, long *number)
{
	bool negative = *text == '-';
	uint64_t value;

	if (!number_read(text + negative, 0, LONG_MAX, &value))
		return false;
	*number = negative ? -(long)value : (long)value;
	return true;
}
