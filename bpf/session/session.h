/* SPDX-License-Identifier: MIT */
/* One run of the loader, from the first frame to the last. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "btf/kernel_btf.h"
#include "filter/filter.h"
#include "session/options.h"

/*
 * `btf` are the types of the options' file, which are given back once they were used, and `filter` is that of the options; both
 * may be NULL. Runs until somebody or something ends it. Returns -1 with `failure` set when it could not begin.
 */
int session_run(const struct options *options, struct kernel_btf *btf, const struct filter *filter,
		struct failure *failure);

#endif
