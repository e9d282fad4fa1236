/* SPDX-License-Identifier: MIT */
/* The filter of --filter as a part of the BPF program. */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include <linux/types.h>
#include <stddef.h>
#include "filter/expression.h"

struct filter {
	struct expression ethernet, raw;
};

/* Returns -1 with `failure` set (FILTER_SYNTAX or FILTER_TOO_LONG) when `text` cannot be a filter. */
int filter_compile(struct filter *filter, const char *text, struct failure *failure);

/*
 * Returns a copy, to be freed, of the object file with the filter in the places that keep room for it: see
 * matches_ethernet() and matches_raw() in kernel/rpstrace.bpf.c.
 */
void *filter_splice(const struct filter *filter, const void *object, size_t size);

#endif
