/* SPDX-License-Identifier: MIT */
/* Failures in frames. */
#ifndef FRAMES_FAILURE_FRAME_H
#define FRAMES_FAILURE_FRAME_H

#include "base/failure.h"
#include "base/json.h"

/* Appends the members "code", "why" and "hint": of a part that failed while the rest goes on. */
void frame_add_failure(struct json *json, const struct failure *failure);

/* The `error` frame: the run ends. */
void frame_error(struct text *text, const struct failure *failure);

#endif
