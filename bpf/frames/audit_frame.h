/* SPDX-License-Identifier: MIT */
/* What is told of the audit. */
#ifndef FRAMES_AUDIT_FRAME_H
#define FRAMES_AUDIT_FRAME_H

#include "audit/audit.h"
#include "base/text.h"

/* The frame with what is new, if anything is: writes, and how it went to attach what tells them. `cpus` is how many there are. */
void frame_audit(struct text *text, struct audit *audit, unsigned int cpus);

/* Appends how it went, as members of an object that has others before. */
void add_audit_outcome(struct text *text, const struct auditor_outcome *outcome);

#endif
