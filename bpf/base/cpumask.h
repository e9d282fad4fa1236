/* SPDX-License-Identifier: MIT */
/* Sets of CPUs, as a list for people ("0-3,8") and in the kernel's comma form ("00000001,0000000f"). */
#ifndef BASE_CPUMASK_H
#define BASE_CPUMASK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

/* CONFIG_NR_CPUS of x86 goes up to this; other architectures stay below. */
#define MASK_CPUS 8192
#define MASK_WORDS (MASK_CPUS / 32)

struct mask {
	uint32_t words[MASK_WORDS]; /* CPU n is bit n % 32 of word n / 32 */
};

/* Reads a list of CPUs; "" is none. Returns -1 when it is no list, or goes beyond MASK_CPUS. */
int mask_read_list(struct mask *mask, const char *list);

/*
 * Reads what rps_cpus and its like show: hexadecimal chunks of up to 32 bits, the highest first. Returns -1 when it is
 * nothing that bitmap_parse() in the kernel's lib/bitmap.c would take, has an empty chunk, or goes beyond MASK_CPUS.
 */
int mask_read_kernel(struct mask *mask, const char *form);

/* Appends the list. */
void mask_add_list(struct text *text, const struct mask *mask);

/* Appends the comma form for a kernel of `width` CPUs, padded as the kernel itself prints it (%*pb in lib/vsprintf.c). */
void mask_add_kernel(struct text *text, const struct mask *mask, unsigned int width);

/* A CPU from MASK_CPUS on is in no mask, and setting or clearing it changes nothing. */
void mask_set(struct mask *mask, unsigned int cpu);
void mask_clear(struct mask *mask, unsigned int cpu);
bool mask_has(const struct mask *mask, unsigned int cpu);
unsigned int mask_count(const struct mask *mask);
bool mask_equal(const struct mask *one, const struct mask *other);
/* Those of a mask that are not among others. */
struct mask mask_without(const struct mask *mask, const struct mask *others);
struct mask mask_and(const struct mask *one, const struct mask *other);

#endif
