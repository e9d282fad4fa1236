// SPDX-License-Identifier: MIT
#include <string.h>
#include "base/cpumask.h"
#include "base/numbers.h"

#define CHUNK_DIGITS 8

/* Reads a number at `*at` and moves on behind it. Returns -1 when there is none, or it is no CPU. */
static int read_cpu(const char **at)
{
	uint64_t cpu;

	return number_take(at, MASK_CPUS - 1, &cpu) ? (int)cpu : -1;
}

/* Word by word: a list may say all CPUs many thousand times. */
static void set_range(struct mask *mask, unsigned int first, unsigned int last)
{
	for (unsigned int word = first / 32; word <= last / 32; word++) {
		uint32_t bits = ~0U;

		if (word == first / 32)
			bits &= ~0U << first % 32;
		if (word == last / 32)
			bits &= ~0U >> (31 - last % 32);
		mask->words[word] |= bits;
	}
}

int mask_read_list(struct mask *mask, const char *list)
{
	*mask = (struct mask){0};
	if (!*list)
		return 0;
	for (const char *at = list;; at++) {
		int first = read_cpu(&at), last = first;

		if (*at == '-') {
			at++;
			last = read_cpu(&at);
		}
		if (first < 0 || last < first || (*at && *at != ','))
			return -1;
		set_range(mask, first, last);
		if (!*at)
			return 0;
	}
}

static int digit_of(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	letter |= 0x20;
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

int mask_read_kernel(struct mask *mask, const char *form)
{
	const char *end = form + strlen(form);
	unsigned int word = 0;

	*mask = (struct mask){0};
	/* From the end: the last chunk is the lowest. */
	for (;; word++, end--) {
		uint32_t chunk = 0;
		int digits = 0;

		for (; end > form && end[-1] != ','; end--, digits++) {
			int digit = digit_of(end[-1]);

			if (digit < 0 || digits == CHUNK_DIGITS)
				return -1;
			chunk |= (uint32_t)digit << 4 * digits;
		}
		if (!digits || (chunk && word >= MASK_WORDS))
			return -1;
		if (chunk)
			mask->words[word] = chunk;
		if (end == form)
			return 0;
	}
}

void mask_add_list(struct text *text, const struct mask *mask)
{
	const char *separator = "";

	for (unsigned int cpu = 0; cpu < MASK_CPUS; cpu++) {
		unsigned int first = cpu;

		if (!mask_has(mask, cpu))
			continue;
		while (mask_has(mask, cpu + 1))
			cpu++;
		text_add(text, separator);
		text_number(text, first);
		if (cpu > first)
			text_format(text, "-%u", cpu);
		separator = ",";
	}
}

void mask_add_kernel(struct text *text, const struct mask *mask, unsigned int width)
{
	unsigned int word = (width + 31) / 32;
	/* The first chunk has as many digits as its bits take, the others have all eight. */
	int digits = ((width + 31) % 32 + 4) / 4;

	while (word--) {
		text_format(text, "%0*x%s", digits, word < MASK_WORDS ? mask->words[word] : 0,
			    word ? "," : "");
		digits = CHUNK_DIGITS;
	}
}

void mask_set(struct mask *mask, unsigned int cpu)
{
	if (cpu < MASK_CPUS)
		mask->words[cpu / 32] |= 1U << cpu % 32;
}

void mask_clear(struct mask *mask, unsigned int cpu)
{
	if (cpu < MASK_CPUS)
		mask->words[cpu / 32] &= ~(1U << cpu % 32);
}

bool mask_has(const struct mask *mask, unsigned int cpu)
{
	return cpu < MASK_CPUS && mask->words[cpu / 32] >> cpu % 32 & 1;
}

unsigned int mask_count(const struct mask *mask)
{
	unsigned int count = 0;

	for (int word = 0; word < MASK_WORDS; word++)
		count += __builtin_popcount(mask->words[word]);
	return count;
}

bool mask_equal(const struct mask *one, const struct mask *other)
{
	return !memcmp(one, other, sizeof(*one));
}

struct mask mask_and(const struct mask *one, const struct mask *other)
{
	struct mask both;

	for (int word = 0; word < MASK_WORDS; word++)
		both.words[word] = one->words[word] & other->words[word];
	return both;
}

struct mask mask_without(const struct mask *mask, const struct mask *others)
{
	struct mask rest = *mask;

	for (unsigned int word = 0; word < MASK_WORDS; word++)
		rest.words[word] &= ~others->words[word];
	return rest;
}
