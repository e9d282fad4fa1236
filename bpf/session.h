/* SPDX-License-Identifier: MIT */
/* One run of the loader, from the first frame to the last. */
#ifndef SESSION_H
#define SESSION_H

#include "filter.h"
#include "options.h"

/* `filter` is that of the options, or NULL. Runs until somebody or something ends it. Returns -1 with `failure` set when it could not begin. */
int run_session(const struct options *options, const struct filter *filter,
		struct failure *failure);

#endif
