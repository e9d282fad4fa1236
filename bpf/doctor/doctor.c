// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/grow.h"
#include "doctor/rules.h"

#define PERIOD_MS 3000
/* Who asks every second is never early by more than this. */
#define EARLY_MS 100
#define WINDOW_NS 5000000000ULL
/* What is over for less than this may come back. */
#define LINGER_MS 10000
/* Rates over a shorter time are chance. */
#define SHORTEST 2.0

struct host_view host_view_of(const struct host *host, const struct devices *devices,
			      enum backend backend, bool filtered)
{
	bool stopped = host->settings.ftrace_off && backend_needs_ftrace(backend);
	bool seen = !filtered && !stopped;

	return (struct host_view){
		.topology = &host->topology,
		.settings = &host->settings,
		.devices = devices,
		.stopped = stopped,
		.traced = backend != BACKEND_NONE && seen,
		.complete = (backend == BACKEND_FEXIT || backend == BACKEND_KRETPROBE) && seen,
	};
}

static struct evidence evidence_of(const struct doctor *doctor, const struct host_view *view,
				   const struct reading *now, struct findings *findings)
{
	struct evidence evidence = {
		.view = view,
		.from = &doctor->window[0],
		.to = now,
		.findings = findings,
	};

	for (unsigned int id = 0; id < view->topology->count && id < MASK_CPUS; id++) {
		if (view->topology->cpus[id].online) {
			mask_set(&evidence.online, id);
			evidence.online_count++;
		}
		if (view->topology->cpus[id].isolated)
			mask_set(&evidence.isolated, id);
	}
	evidence.kept = view->topology->kept.kept;
	evidence.usable = mask_without(&evidence.kept, &evidence.isolated);
	return evidence;
}

static void look(struct evidence *evidence)
{
	rules_stopped(evidence);
	rules_off(evidence);
	rules_queues(evidence);
	rules_masks(evidence);
	rules_nodes(evidence);
	rules_load(evidence);
	rules_drops(evidence);
	rules_flows(evidence);
	rules_hardware(evidence);
}

static const struct finding *find_same(const struct findings *findings,
				       const struct finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++)
		if (same_finding(&findings->list[i], wanted))
			return &findings->list[i];
	return NULL;
}

/* What rests on rates stays for a while after its cause was last seen, so that it does not come and go. */
static void keep_recent(struct findings *now, struct findings *before, uint64_t ms)
{
	for (size_t i = 0; i < before->count; i++) {
		struct finding *old = &before->list[i];

		if (!old->observed || ms - old->seen_ms >= LINGER_MS || find_same(now, old)) {
			finding_free(old);
			continue;
		}
		now->list = grow(now->list, now->count, sizeof(*now->list));
		now->list[now->count++] = *old;
	}
	free(before->list);
}

/* The window begins at least WINDOW_NS ago, and less than twice that, once there is enough of it. */
static void move_window(struct doctor *doctor, struct reading *now)
{
	struct reading *from = &doctor->window[0], *next = &doctor->window[1];

	if (!from->ns) {
		*from = *now;
	} else if (!next->ns) {
		if (now->ns - from->ns >= WINDOW_NS)
			*next = *now;
		else
			reading_free(now);
	} else if (now->ns - next->ns >= WINDOW_NS) {
		reading_free(from);
		*from = *next;
		*next = *now;
	} else {
		reading_free(now);
	}
}

void doctor_examine(struct doctor *doctor, const struct host_view *view, struct softnet *softnet,
		    const struct counters *counters)
{
	struct findings found = {0};
	struct reading now = {0};
	struct evidence evidence;

	doctor->looked_ms = monotonic_ms();
	softnet_read(softnet);
	reading_take(&now, counters, view->devices, softnet);
	evidence = evidence_of(doctor, view, &now, &found);
	paces_between(&evidence.paces, evidence.from, evidence.to, counters);
	if (evidence.paces.seconds < SHORTEST) {
		free(evidence.paces.list);
		evidence.paces = (struct paces){0};
	}
	/* Of packets that a filter chooses nothing follows for the others. */
	if (!view->traced)
		evidence.paces.count = 0;
	look(&evidence);
	free(evidence.paces.list);
	for (size_t i = 0; i < found.count; i++)
		found.list[i].seen_ms = doctor->looked_ms;
	keep_recent(&found, &doctor->findings, doctor->looked_ms);
	findings_sort(&found);
	doctor->findings = found;
	doctor->news = true;
	move_window(doctor, &now);
}

void doctor_look(struct doctor *doctor, const struct host_view *view, struct softnet *softnet,
		 const struct counters *counters)
{
	/* Without devices nothing can be said; a host has one at least. */
	if (!view->devices->count)
		return;
	if (!doctor->looked_ms || monotonic_ms() + EARLY_MS >= doctor->looked_ms + PERIOD_MS)
		doctor_examine(doctor, view, softnet, counters);
}

bool doctor_take_news(struct doctor *doctor)
{
	bool news = doctor->news;

	doctor->news = false;
	return news;
}
