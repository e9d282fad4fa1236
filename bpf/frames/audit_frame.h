/* SPDX-License-Identifier: MIT */
/* The `audit` frame. */
#ifndef FRAMES_AUDIT_FRAME_H
#define FRAMES_AUDIT_FRAME_H

#include "audit/audit.h"
#include "frames/failure_frame.h"

/* Mask writes since the last frame and how the audit was attached; nothing when neither is new. `cpus`: CPUs of the host. */
void frame_audit(struct text *text, struct audit *audit, unsigned int cpus);

/* Appends a mask write as an object. `cpus`: CPUs of the host. */
void frame_add_audit_write(struct json *json, const struct rps_write *write, unsigned int cpus);

/* Appends how the audit was attached, or the failure, as members. */
void frame_add_audit_outcome(struct json *json, const struct auditor_outcome *outcome);

#endif
