/* SPDX-License-Identifier: MIT */
/* Looks for what stands in the way of a good distribution: why nothing is steered, why not evenly, what is wrong. */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "doctor/evidence.h"
#include "doctor/findings.h"
#include "host/host.h"
#include "tracer/backend.h"

struct doctor {
	/* Rates are between the first of these and now; the second takes its place when that is long ago. */
	struct reading window[2];
	struct findings findings;
	uint64_t looked_ms;
	bool news;
};

/* What there is to look at. */
struct scene {
	const struct topology *topology;
	const struct settings *settings;
	const struct devices *devices;
	bool stopped;  /* what counts is attached and not run */
	bool traced;   /* decisions are seen at all, and a filter hides none */
	bool complete; /* those for no CPU as well */
};

struct scene scene_of(const struct host *host, const struct devices *devices, enum backend backend,
		      bool filtered);

/* Looks again if it is time to. `counters_find()` is up to the caller. */
void doctor_look(struct doctor *doctor, const struct scene *scene, struct softnet *softnet,
		 const struct counters *counters);

/* The same at once. */
void doctor_examine(struct doctor *doctor, const struct scene *scene, struct softnet *softnet,
		    const struct counters *counters);

/* Whether the doctor has looked since this was last asked. */
bool doctor_take_news(struct doctor *doctor);

#endif
