// SPDX-License-Identifier: MIT
#include <stdbool.h>
#include <string.h>
#include "guard/guard_line.h"

/* As wide as a mask of MASK_CPUS is printed: eight digits and a comma for 32 CPUs. */
#define MASK_DIGITS (MASK_WORDS * 9)

/* Copies the word at `*at` and moves on to the next one. False when there is none, or it does not fit. */
static bool take_word(const char **at, char *word, size_t room)
{
	size_t length = strcspn(*at, " ");

	if (!length || length >= room)
		return false;
	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length;
	if (**at)
		++*at;
	return true;
}

/* Takes a word of decimal digits. False when it is anything else, or above 2^32 - 1. */
static bool take_number(const char **at, uint32_t *number)
{
	char word[11];
	uint64_t sum = 0;

	if (!take_word(at, word, sizeof(word)))
		return false;
	for (const char *digit = word; *digit; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		sum = sum * 10 + (*digit - '0');
	}
	*number = sum;
	return sum <= UINT32_MAX;
}

static bool take_mask(const char **at, struct mask *mask)
{
	char word[MASK_DIGITS + 1];

	return take_word(at, word, sizeof(word)) && !mask_read_kernel(mask, word);
}

static bool read_write(struct guard_line *line, const char *at)
{
	struct queue_address *address = &line->address;

	return take_number(&at, &address->netns) && take_number(&at, &address->ifindex) &&
	       take_number(&at, &address->instance) &&
	       take_word(&at, address->name, sizeof(address->name)) &&
	       take_number(&at, &address->queue) && take_mask(&at, &line->expected) &&
	       take_mask(&at, &line->wanted) && !*at;
}

static bool read_apply(struct guard_line *line, const char *at)
{
	return take_number(&at, &line->seconds) && !*at && line->seconds &&
	       line->seconds <= GUARD_SECONDS_MAX;
}

void guard_line_read(struct guard_line *line, const char *text)
{
	static const struct {
		const char *word;
		enum guard_order order;
	} alone[] = {
		{"check", GUARD_CHECK},
		{"confirm", GUARD_CONFIRM},
		{"revert", GUARD_REVERT},
	};

	*line = (struct guard_line){0};
	if (!strncmp(text, "write ", 6))
		line->order = read_write(line, text + 6) ? GUARD_WRITE : GUARD_BAD_WRITE;
	else if (!strncmp(text, "apply ", 6))
		line->order = read_apply(line, text + 6) ? GUARD_APPLY : GUARD_BAD_APPLY;
	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		if (!strcmp(text, alone[i].word))
			line->order = alone[i].order;
}
