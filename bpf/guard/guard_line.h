/* SPDX-License-Identifier: MIT */
/* The lines that tell a guard what to do, see Guard in docs/protocol.md. */
#ifndef GUARD_GUARD_LINE_H
#define GUARD_GUARD_LINE_H

#include <stdint.h>
#include "base/cpumask.h"

/* Longest time that masks wait for a confirmation, seconds. */
#define GUARD_SECONDS_MAX 3600

enum guard_order {
	GUARD_NOTHING, /* a sign of life */
	GUARD_WRITE,
	GUARD_CHECK,
	GUARD_APPLY,
	GUARD_CONFIRM,
	GUARD_REVERT,
	GUARD_BAD_WRITE, /* begins as `write` and does not go on as one */
	GUARD_BAD_APPLY,
};

/* A receive queue as the `devices` frame names it. */
struct queue_address {
	uint32_t netns;
	uint32_t ifindex;
	uint32_t instance; /* see RPS_INSTANCE in abi/counters.h */
	uint32_t queue;
	char name
		[64]; /* an interface's name as frames print it: each of its 15 bytes may have become U+FFFD */
};

struct guard_line {
	enum guard_order order;
	uint32_t seconds;	      /* of GUARD_APPLY, 1 to GUARD_SECONDS_MAX */
	struct queue_address address; /* of GUARD_WRITE, as are the masks */
	struct mask expected;
	struct mask wanted;
};

/* Reads one line without its newline. What it does not know is GUARD_NOTHING. */
void guard_line_read(struct guard_line *line, const char *text);

#endif
