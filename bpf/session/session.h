/* SPDX-License-Identifier: MIT */
/* One run of the loader, from the first frame to the last. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "filter/filter.h"
#include "session/options.h"

/* `filter` is that of the options, or NULL. Runs until somebody or something ends it. Returns -1 with `failure` set when it could not begin. */
int run_session(const struct options *options, const struct filter *filter,
		struct failure *failure);

#endif
