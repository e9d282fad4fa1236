/* SPDX-License-Identifier: MIT */
/* What --check says to a person in a terminal. */
#ifndef REPORT_H
#define REPORT_H

#include "auditor.h"
#include "findings.h"
#include "tracer.h"

void report_backends(struct text *text, const struct tracer *tracer,
		     const struct auditor_outcome *audit);
void report_findings(struct text *text, const struct findings *findings);

#endif
