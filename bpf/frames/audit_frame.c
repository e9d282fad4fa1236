// SPDX-License-Identifier: MIT
#include <string.h>
#include "abi/counters.h"
#include "base/cpumask.h"
#include "frames/audit_frame.h"

struct writes {
	struct text *text;
	unsigned int cpus;
	size_t count;
};

/* Masks with more CPUs than are told of are left out. */
static void add_mask(struct text *text, const struct rps_write *write, unsigned int cpus)
{
	struct mask mask = {0};

	if (write->mask > RPS_WRITE_CPUS)
		return;
	for (unsigned int i = 0; i < write->mask; i++)
		if (write->cpus[i] < MASK_CPUS)
			mask_set(&mask, write->cpus[i]);
	text_add(text, ",\"rps_cpus\":\"");
	mask_add_kernel(text, &mask, cpus);
	text_add(text, "\"");
}

static void add_write(void *context, const struct rps_write *write)
{
	struct writes *writes = context;
	struct text *text = writes->text;

	text_add(text, writes->count++ ? ",{\"ns\":" : "{\"ns\":");
	text_counter(text, write->ns);
	text_format(text, ",\"netns\":%u,\"ifindex\":%u,\"instance\":%u,\"queue\":%u",
		    (unsigned int)(write->device >> 32), (unsigned int)write->device,
		    (unsigned int)RPS_INSTANCE(write->instance), write->queue);
	text_format(text, ",\"pid\":%u,\"tid\":%u,\"uid\":%u", write->pid, write->tid, write->uid);
	if (write->login != (__u32)-1)
		text_format(text, ",\"login\":%u", write->login);
	text_add(text, ",\"comm\":");
	text_json(text, write->name);
	text_format(text, ",\"result\":%d", write->result);
	add_mask(text, write, writes->cpus);
	text_add(text, "}");
}

void add_audit_outcome(struct text *text, const struct auditor_outcome *outcome)
{
	if (outcome->worked) {
		text_format(text, ",\"by\":\"%s\"", outcome->way);
		return;
	}
	text_format(text, ",\"code\":\"%s\",\"why\":", outcome->failure.code);
	text_json(text, outcome->failure.message);
	text_add(text, ",\"hint\":");
	text_json(text, outcome->failure.hint);
}

void frame_audit(struct text *text, struct audit *audit, unsigned int cpus)
{
	struct writes writes = {.text = text, .cpus = cpus};

	if (!audit_news(audit))
		return;
	text_format(text, "{\"type\":\"audit\",\"state\":\"%s\"",
		    audit->outcome.worked ? "used" : "refused");
	add_audit_outcome(text, &audit->outcome);
	text_add(text, ",\"writes\":[");
	audit_take(audit, add_write, &writes);
	text_add(text, "],\"lost\":");
	text_counter(text, audit_lost(audit));
	text_add(text, "}\n");
}
