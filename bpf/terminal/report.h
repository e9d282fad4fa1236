/* SPDX-License-Identifier: MIT */
/* What --check says to a person in a terminal. */
#ifndef TERMINAL_REPORT_H
#define TERMINAL_REPORT_H

#include "audit/auditor.h"
#include "doctor/findings.h"
#include "tracer/tracer.h"

void report_backends(struct text *text, const struct tracer *tracer,
		     const struct auditor_outcome *audit);
void report_findings(struct text *text, const struct findings *findings);

#endif
