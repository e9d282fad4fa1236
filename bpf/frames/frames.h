/* SPDX-License-Identifier: MIT */
/* The loader's output as docs/protocol.md describes it: one JSON object a line. */
#ifndef FRAMES_FRAMES_H
#define FRAMES_FRAMES_H

#include "audit/auditor.h"
#include "base/failure.h"
#include "base/text.h"
#include "candidates/predictions.h"
#include "devices/devices.h"
#include "host/topology.h"
#include "tracer/counters.h"
#include "tracer/tracer.h"

/* `filter` is as it was asked for, or NULL. */
void frame_hello(struct text *text, const struct topology *topology, const struct tracer *tracer,
		 unsigned int interval_ms, const char *filter);

/* What came of tracer_check(), and of auditor_attach(). */
void frame_check(struct text *text, const struct tracer *tracer,
		 const struct auditor_outcome *audit);
void frame_devices(struct text *text, const struct devices *devices);

/* The counters that changed since the last sample. */
void frame_sample(struct text *text, struct counters *counters, uint64_t number, uint64_t ns);
void frame_health(struct text *text, const struct health *health, uint64_t lost);

/* What was predicted since the last time; `asked`: the kernel asks get_rps_cpu() at all. */
void frame_predictions(struct text *text, struct predictions *predictions, bool asked, uint64_t ns);

/* Why there are no candidates. */
void frame_predictions_refused(struct text *text, const struct failure *failure, uint64_t ns);

/* All counters. */
void frame_end(struct text *text, const char *reason, const struct counters *counters, uint64_t ns,
	       const struct health *health);

#endif
