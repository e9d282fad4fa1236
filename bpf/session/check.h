/* SPDX-License-Identifier: MIT */
/* --check: what this host allows, and what the doctor finds after a short look. */
#ifndef SESSION_CHECK_H
#define SESSION_CHECK_H

#include "btf/kernel_btf.h"
#include "session/options.h"

/*
 * Tries every backend, watches the host for some seconds by the best one, and prints what came of both. `btf` are the
 * types of the options' file, or NULL. Returns -1 with `failure` set when this is no place to look; else `traceable` tells
 * whether any backend works.
 */
int check_run(const struct options *options, const struct kernel_btf *btf, bool *traceable,
	      struct failure *failure);

#endif
