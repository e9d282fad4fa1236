/* SPDX-License-Identifier: MIT */
/*
 * The second process of a guard: it restores the masks when the guard dies, and when the guard has not done so by the deadline or
 * after its stdin ended. Before it writes, it kills the guard: only one of the two writes at a time.
 */
#ifndef GUARD_KEEPER_H
#define GUARD_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>
#include "guard/plan.h"

struct keeper {
	pid_t pid; /* 0: there is none */
	int socket;
};

/* Starts the keeper of a plan whose queues are open. Returns -1 with `failure` set. */
int keeper_start(struct keeper *keeper, struct plan *plan, struct failure *failure);

/* Has the keeper wait for the deadline of the plan. False when it does not answer. */
bool keeper_arm(const struct keeper *keeper);

/* Why the keeper can no longer do its work, or NULL. */
const char *keeper_trouble(const struct keeper *keeper);

/* Ends the keeper. */
void keeper_end(struct keeper *keeper);

#endif
