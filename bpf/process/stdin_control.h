/* SPDX-License-Identifier: MIT */
/* stdin: whoever started the loader holds it open, and may send lines, be it as a sign of life. */
#ifndef PROCESS_STDIN_CONTROL_H
#define PROCESS_STDIN_CONTROL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

struct control {
	int fd;		   /* to wait for; -1 when stdin does not matter */
	uint64_t heard_ms; /* CLOCK_MONOTONIC when something last came */
	struct text received;
	size_t given; /* how much of it is the line that was given out */
	bool cut;     /* the beginning of a line that is too long was thrown away */
};

/*
 * Call before tracing begins. A terminal is not read. With `bounded`, the run ends by itself, so that a stdin that is at
 * its end already (ssh -n, /dev/null) means that nobody is there, not that somebody left.
 */
void control_open(struct control *control, bool bounded);

/* Reads what came. False when stdin has ended. */
bool control_read(struct control *control);

/*
 * The next whole line that was read, without its end, until the next call; NULL when there is none. Most lines are but a
 * sign of life: so are an empty one, and one that is too long or holds a NUL, which is given out as empty.
 */
char *control_line(struct control *control);

#endif
