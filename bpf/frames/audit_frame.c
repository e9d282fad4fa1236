// SPDX-License-Identifier: MIT
#include <string.h>
#include "abi/counters.h"
#include "base/cpumask.h"
#include "frames/audit_frame.h"

struct writes {
	struct json *json;
	unsigned int cpus;
};

/* A mask with more CPUs than the audit records is left out. */
static void add_mask(struct json *json, const struct rps_write *write, unsigned int cpus)
{
	struct mask mask = {0};

	if (write->mask > RPS_WRITE_CPUS)
		return;
	for (unsigned int i = 0; i < write->mask; i++)
		if (write->cpus[i] < MASK_CPUS)
			mask_set(&mask, write->cpus[i]);
	mask_add_kernel(json_begin_plain(json, "rps_cpus"), &mask, cpus);
	json_end_plain(json);
}

void frame_add_audit_write(struct json *json, const struct rps_write *write, unsigned int cpus)
{
	json_begin_object(json, NULL);
	json_counter(json, "ns", write->ns);
	json_number(json, "netns", write->device >> 32);
	json_number(json, "ifindex", (__u32)write->device);
	json_number(json, "instance", RPS_INSTANCE(write->instance));
	json_number(json, "queue", write->queue);
	json_number(json, "pid", write->pid);
	json_number(json, "tid", write->tid);
	json_number(json, "uid", write->uid);
	if (write->login != (__u32)-1)
		json_number(json, "login", write->login);
	json_string(json, "comm", write->name);
	json_number(json, "result", write->result);
	add_mask(json, write, cpus);
	json_end_object(json);
}

static void add_write(void *context, const struct rps_write *write)
{
	struct writes *writes = context;

	frame_add_audit_write(writes->json, write, writes->cpus);
}

void frame_add_audit_outcome(struct json *json, const struct auditor_outcome *outcome)
{
	if (outcome->worked)
		json_string(json, "by", outcome->way);
	else
		frame_add_failure(json, &outcome->failure);
}

void frame_audit(struct text *text, struct audit *audit, unsigned int cpus)
{
	struct json json;
	struct writes writes = {.json = &json, .cpus = cpus};

	if (!audit_news(audit))
		return;
	json = json_begin_frame(text, "audit");
	json_string(&json, "state", audit->outcome.worked ? "used" : "refused");
	frame_add_audit_outcome(&json, &audit->outcome);
	json_begin_array(&json, "writes");
	audit_take(audit, add_write, &writes);
	json_end_array(&json);
	json_counter(&json, "lost", audit_lost(audit));
	json_end_frame(&json);
}
