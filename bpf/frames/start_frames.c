// SPDX-License-Identifier: MIT
/* The frames that begin a run: `hello` and `check`. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "frames/audit_frame.h"
#include "frames/failure_frame.h"
#include "frames/frames.h"
#include "frames/host_frames.h"

#define PROTOCOL 1

static void add_host(struct json *json)
{
	struct utsname host;

	uname(&host);
	json_string(json, "kernel", host.release);
	json_string(json, "arch", host.machine);
}

/* Why a backend was not tried. */
static const char *untried(const struct tracer *tracer, enum backend backend)
{
	if (backend < tracer->backend && tracer->backend != BACKEND_NONE)
		return "not asked for";
	if (backend == BACKEND_KRETPROBE)
		return "slow: only on request";
	return tracer->backend == BACKEND_NONE ? "not asked for" : "not needed: a better one works";
}

static void add_backend(struct json *json, const struct tracer *tracer, enum backend backend)
{
	const struct attempt *attempt = &tracer->attempts[backend];

	json_begin_object(json, NULL);
	json_string(json, "name", backend_name(backend));
	if (backend == tracer->backend) {
		json_string(json, "state", "used");
	} else if (attempt->tried) {
		json_string(json, "state", "refused");
		frame_add_failure(json, &attempt->failure);
	} else {
		json_string(json, "state", "untried");
		json_string(json, "why", untried(tracer, backend));
	}
	json_end_object(json);
}

void frame_hello(struct text *text, const struct topology *topology, const struct tracer *tracer,
		 unsigned int interval_ms, const char *filter)
{
	struct json json = json_begin_frame(text, "hello");

	json_number(&json, "protocol", PROTOCOL);
	json_string(&json, "loader", RPSTRACE_VERSION);
	json_number(&json, "pid", getpid());
	json_string(&json, "backend", backend_name(tracer->backend));
	json_begin_array(&json, "backends");
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++)
		add_backend(&json, tracer, backend);
	json_end_array(&json);
	add_host(&json);
	if (filter)
		json_string(&json, "filter", filter);
	json_number(&json, "interval_ms", interval_ms);
	frame_add_cpus(&json, topology);
	json_end_frame(&json);
}

/* A missing permission says nothing about the kernel. */
static const char *tested(bool worked, const struct failure *failure)
{
	static const char *const untested[] = {"NO_CAPABILITY", "BPF_REFUSED", "LOCKDOWN",
					       "FTRACE_OFF"};

	if (worked)
		return "supported";
	for (size_t i = 0; i < sizeof(untested) / sizeof(*untested); i++)
		if (!strcmp(failure->code, untested[i]))
			return "untested";
	return "unsupported";
}

void frame_check(struct text *text, const struct tracer *tracer,
		 const struct auditor_outcome *audit)
{
	struct json json = json_begin_frame(text, "check");

	json_number(&json, "protocol", PROTOCOL);
	json_string(&json, "loader", RPSTRACE_VERSION);
	add_host(&json);
	json_begin_array(&json, "backends");
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++) {
		const struct attempt *attempt = &tracer->attempts[backend];

		json_begin_object(&json, NULL);
		json_string(&json, "name", backend_name(backend));
		json_string(&json, "state", tested(attempt->worked, &attempt->failure));
		if (!attempt->worked)
			frame_add_failure(&json, &attempt->failure);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_begin_object(&json, "audit");
	json_string(&json, "state", tested(audit->worked, &audit->failure));
	frame_add_audit_outcome(&json, audit);
	json_end_object(&json);
	json_end_frame(&json);
}
