/* SPDX-License-Identifier: MIT */
/* What the doctor finds: each with its evidence, what it means, and what mends it. */
#ifndef DOCTOR_FINDINGS_H
#define DOCTOR_FINDINGS_H

#include <stdbool.h>
#include "devices/devices.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO };

extern const char *const severity_names[];

struct finding {
	const char *id;
	enum severity severity;
	double weight; /* orders findings of one severity: packets a second that it concerns */
	bool observed; /* it rests on rates, which come and go */
	bool of_device;
	uint32_t netns, ifindex; /* if `of_device` */
	int queue, cpu;		 /* -1: it is about no particular one */
	struct text values;	 /* members of a JSON object */
	struct text title, evidence, remedy;
	struct text command; /* to be pasted into a shell; empty where none mends it */
	const char *explanation;
	uint64_t seen_ms; /* when it was last true */
};

struct findings {
	struct finding *list;
	size_t count;
};

/* Begins a finding; the pointer is good until the next one. `device` may be NULL. */
struct finding *finding_new(struct findings *findings, const char *id, enum severity severity,
			    const struct device *device);

/* Add to `values`. */
void value_number(struct finding *finding, const char *name, long number);
void value_rate(struct finding *finding, const char *name, double rate);
void value_text(struct finding *finding, const char *name, const char *value);

/* Whether two findings are the same thing at the same place. */
bool same_finding(const struct finding *one, const struct finding *other);

void finding_free(struct finding *finding);
void findings_free(struct findings *findings);

/* Puts the most important first. */
void findings_sort(struct findings *findings);

/* Appends a number of events a second, rounded so that it does not change with every breath. */
void add_rate_text(struct text *text, double rate);

/* Appends the name of a device as a person knows it, with its namespace unless that is the host's. */
void add_device_name(struct text *text, const struct device *device);

#endif
