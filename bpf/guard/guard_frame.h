/* SPDX-License-Identifier: MIT */
#ifndef GUARD_GUARD_FRAME_H
#define GUARD_GUARD_FRAME_H

#include "base/text.h"
#include "guard/plan.h"

/* Appends the `guard` frame: where a plan stands, and why, which may be NULL. */
void guard_frame(struct text *text, const struct plan *plan, const char *state, const char *why);

#endif
