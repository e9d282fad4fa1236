/* SPDX-License-Identifier: MIT */
/* stdout, which must never hold the loader up: a reader that stalls only misses samples. */
#ifndef PROCESS_OUTPUT_H
#define PROCESS_OUTPUT_H

#include <stdbool.h>
#include "base/text.h"

struct output {
	struct text text; /* what is to be written; frames are appended whole */
	size_t written;	  /* how much of it is */
	bool closed;	  /* nobody reads any more */
	bool socket;
};

/* Makes writing to stdout not block. */
void output_open(struct output *output);

/* Whether all was written, so that another sample is welcome. */
bool output_idle(const struct output *output);

/* Writes what the reader takes now. */
void output_flush(struct output *output);

/* Writes all of it, waiting at most `timeout_ms` for the reader. */
void output_drain(struct output *output, int timeout_ms);

#endif
