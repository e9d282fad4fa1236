/* SPDX-License-Identifier: MIT */
/* The `findings` frame. */
#ifndef FRAMES_FINDINGS_FRAME_H
#define FRAMES_FINDINGS_FRAME_H

#include "base/text.h"
#include "doctor/findings.h"

/* All findings that hold now, the most important first. */
void frame_findings(struct text *text, const struct findings *findings);

/* Appends the frame unless it equals `last`, which it then replaces. */
void frame_new_findings(struct text *text, const struct findings *findings, struct text *last);

#endif
