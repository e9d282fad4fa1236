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

/* The state of a host that the rules read. */
struct host_view {
	const struct topology *topology;
	const struct settings *settings;
	const struct devices *devices;
	bool stopped;  /* the kernel does not run the attached programs */
	bool traced;   /* the counters hold every decision of the backend: no filter */
	bool complete; /* decisions with verdict none are counted too */
};

struct host_view host_view_of(const struct host *host, const struct devices *devices,
			      enum backend backend, bool filtered);

/* Examines the host when the last examination is old enough. The caller has called counters_find(). */
void doctor_look(struct doctor *doctor, const struct host_view *view, struct softnet *softnet,
		 const struct counters *counters);

/* Examines the host now. */
void doctor_examine(struct doctor *doctor, const struct host_view *view, struct softnet *softnet,
		    const struct counters *counters);

/* Whether the doctor has looked since this was last asked. */
bool doctor_take_news(struct doctor *doctor);

#endif
