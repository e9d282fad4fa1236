// SPDX-License-Identifier: MIT
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "frames/audit_frame.h"
#include "frames/frames.h"
#include "frames/host_frames.h"

#define PROTOCOL 1

static void add_host(struct text *text)
{
	struct utsname host;

	uname(&host);
	text_add(text, ",\"kernel\":");
	text_json(text, host.release);
	text_add(text, ",\"arch\":");
	text_json(text, host.machine);
}

static void add_failure(struct text *text, const struct failure *failure)
{
	text_format(text, ",\"code\":\"%s\",\"why\":", failure->code);
	text_json(text, failure->message);
	text_add(text, ",\"hint\":");
	text_json(text, failure->hint);
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

static void add_backend(struct text *text, const struct tracer *tracer, enum backend backend)
{
	const struct attempt *attempt = &tracer->attempts[backend];

	text_format(text, "{\"name\":\"%s\",\"state\":", backend_name(backend));
	if (backend == tracer->backend) {
		text_add(text, "\"used\"");
	} else if (attempt->tried) {
		text_add(text, "\"refused\"");
		add_failure(text, &attempt->failure);
	} else {
		text_add(text, "\"untried\",\"why\":");
		text_json(text, untried(tracer, backend));
	}
	text_add(text, "}");
}

void frame_hello(struct text *text, const struct topology *topology, const struct tracer *tracer,
		 unsigned int interval_ms, const char *filter)
{
	const char *separator = "";

	text_format(text, "{\"type\":\"hello\",\"protocol\":%d,\"loader\":\"%s\",\"pid\":%d",
		    PROTOCOL, RPSTRACE_VERSION, getpid());
	text_format(text, ",\"backend\":\"%s\",\"backends\":[", backend_name(tracer->backend));
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++) {
		text_add(text, separator);
		add_backend(text, tracer, backend);
		separator = ",";
	}
	text_add(text, "]");
	add_host(text);
	if (filter) {
		text_add(text, ",\"filter\":");
		text_json(text, filter);
	}
	text_format(text, ",\"interval_ms\":%u,", interval_ms);
	add_cpus(text, topology);
	text_add(text, "}\n");
}

/* What was not permitted may work for somebody else: that says nothing about the kernel. */
static const char *tested(bool worked, const struct failure *failure)
{
	if (worked)
		return "supported";
	return strcmp(failure->code, "NO_CAPABILITY") && strcmp(failure->code, "BPF_REFUSED") &&
			       strcmp(failure->code, "LOCKDOWN") &&
			       strcmp(failure->code, "FTRACE_OFF")
		       ? "unsupported"
		       : "untested";
}

void frame_check(struct text *text, const struct tracer *tracer,
		 const struct auditor_outcome *audit)
{
	const char *separator = "";

	text_format(text, "{\"type\":\"check\",\"protocol\":%d,\"loader\":\"%s\"", PROTOCOL,
		    RPSTRACE_VERSION);
	add_host(text);
	text_add(text, ",\"backends\":[");
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++) {
		const struct attempt *attempt = &tracer->attempts[backend];
		const struct failure *failure = &attempt->failure;

		text_format(text, "%s{\"name\":\"%s\",\"state\":\"%s\"", separator,
			    backend_name(backend), tested(attempt->worked, failure));
		if (!attempt->worked)
			add_failure(text, failure);
		text_add(text, "}");
		separator = ",";
	}
	text_format(text, "],\"audit\":{\"state\":\"%s\"", tested(audit->worked, &audit->failure));
	add_audit_outcome(text, audit);
	text_add(text, "}}\n");
}

static void add_queue(struct text *text, const struct queue *queue)
{
	text_format(text, "{\"rx\":%u,\"rps_cpus\":", queue->rx);
	text_json(text, queue->rps_cpus);
	text_format(text, ",\"rps_flow_cnt\":%u", queue->rps_flow_cnt);
	if (queue->irq)
		text_format(text, ",\"irq\":%u", queue->irq);
	if (queue->irq_cpus[0]) {
		text_add(text, ",\"irq_cpus\":");
		text_json(text, queue->irq_cpus);
	}
	text_add(text, "}");
}

static void add_device(struct text *text, const struct device *device)
{
	text_format(text, "{\"netns\":%u,", device->netns);
	if (device->netns_name[0]) {
		text_add(text, "\"netns_name\":");
		text_json(text, device->netns_name);
		text_add(text, ",");
	}
	text_format(text, "\"ifindex\":%u,\"instance\":%u,\"name\":", device->ifindex,
		    device->instance);
	text_json(text, device->name);
	text_format(text, ",\"kind\":\"%s\",\"node\":%d,\"up\":%s,\"lower\":[%s],\"xdp\":%s",
		    kind_names[device->kind], device->node, device->up ? "true" : "false",
		    device->lower, device->xdp ? "true" : "false");
	text_add(text, ",\"queues\":[");
	for (unsigned int i = 0; i < device->queue_count; i++) {
		if (i)
			text_add(text, ",");
		add_queue(text, &device->queues[i]);
	}
	text_add(text, "]}");
}

void frame_devices(struct text *text, const struct devices *devices)
{
	text_add(text, "{\"type\":\"devices\",\"devices\":[");
	for (size_t i = 0; i < devices->count; i++) {
		if (i)
			text_add(text, ",");
		add_device(text, &devices->list[i]);
	}
	text_add(text, "]}\n");
}

/* What a row says of its device, before and behind the rest, is the same for all its rows. */
struct device_text {
	__u32 netns, ifindex, instance;
	unsigned int before_length, behind_length;
	char before[32], behind[16]; /* with room for what put_digits() overwrites */
};

/* Of this many devices, which is more than most hosts have, they are kept. */
#define DEVICE_TEXT_BITS 6

static const struct device_text *device_text(const struct decision *decision)
{
	static struct device_text kept[1 << DEVICE_TEXT_BITS];
	__u32 mixed = (decision->netns ^ decision->ifindex ^ decision->instance) * 0x9e3779b1U;
	struct device_text *text = &kept[mixed >> (32 - DEVICE_TEXT_BITS)];
	char *at;

	if (text->before_length && text->netns == decision->netns &&
	    text->ifindex == decision->ifindex && text->instance == decision->instance)
		return text;
	text->netns = decision->netns;
	text->ifindex = decision->ifindex;
	text->instance = decision->instance;
	text->before[0] = '[';
	at = put_digits(text->before + 1, decision->netns);
	*at++ = ',';
	at = put_digits(at, decision->ifindex);
	*at++ = ',';
	text->before_length = at - text->before;
	text->behind[0] = ',';
	at = put_digits(text->behind + 1, decision->instance);
	*at++ = ']';
	text->behind_length = at - text->behind;
	return text;
}

/* Each number with what stands behind it, the texts, and what is overwritten behind the last. */
#define ROW_MOST (8 * (PUT_MOST + 3) + 3 * sizeof(struct device_text))

static void add_row(struct text *text, bool first, const struct counter *counter,
		    const struct values *values)
{
	static const struct {
		char text[12];
		unsigned int length;
	} verdicts[] = {
		[RPS_MAP] = {",\"map\",", 7},
		[RPS_FLOW] = {",\"flow\",", 8},
		[RPS_NONE] = {"-1,\"none\",", 10},
	};
	const struct decision decision = counter_decision(counter);
	const struct device_text *device = device_text(&decision);
	char *at = text_room(text, ROW_MOST);

	*at = ',';
	at += !first;
	/* Whole arrays are copied: a length that the compiler knows takes no call. */
	memcpy(at, device->before, sizeof(device->before));
	at = put_digits(at + device->before_length, decision.queue);
	*at++ = ',';
	at = put_digits(at, counter->cpu);
	*at++ = ',';
	if (decision.verdict != RPS_NONE)
		at = put_digits(at, decision.target);
	memcpy(at, verdicts[decision.verdict].text, sizeof(verdicts->text));
	at = put_counter(at + verdicts[decision.verdict].length, values->skbs);
	*at++ = ',';
	at = put_counter(at, values->segments);
	*at++ = ',';
	at = put_counter(at, values->bytes);
	memcpy(at, device->behind, sizeof(device->behind));
	text_end(text, at + device->behind_length);
}

void frame_sample(struct text *text, struct counters *counters, uint64_t number, uint64_t ns)
{
	bool first = true;

	text_add(text, "{\"type\":\"sample\",\"seq\":");
	text_number(text, number);
	text_add(text, ",\"ns\":");
	text_counter(text, ns);
	text_add(text, ",\"rows\":[");
	counters_find(counters);
	for (size_t i = 0; i < counters->count; i++) {
		struct values values = counter_values(&counters->list[i]);

		if (!counter_changed(&counters->list[i], &values))
			continue;
		add_row(text, first, &counters->list[i], &values);
		first = false;
	}
	text_add(text, "]}\n");
}

static void add_misses(struct text *text, uint64_t missed, uint64_t lost)
{
	text_add(text, "\"missed\":");
	text_counter(text, missed);
	text_add(text, ",\"lost\":");
	text_counter(text, lost);
}

void frame_health(struct text *text, const struct health *health, uint64_t lost)
{
	text_add(text, "{\"type\":\"health\",");
	add_misses(text, health->missed, lost);
	text_add(text, ",\"runs\":");
	text_counter(text, health->runs);
	text_add(text, ",\"run_ns\":");
	text_counter(text, health->run_ns);
	text_add(text, "}\n");
}

void frame_error(struct text *text, const struct failure *failure)
{
	text_format(text, "{\"type\":\"error\",\"code\":\"%s\",\"stage\":\"%s\",\"message\":",
		    failure->code, failure->stage);
	text_json(text, failure->message);
	text_add(text, ",\"hint\":");
	text_json(text, failure->hint);
	text_add(text, "}\n");
}

void frame_end(struct text *text, const char *reason, const struct counters *counters, uint64_t ns,
	       const struct health *health)
{
	text_format(text, "{\"type\":\"end\",\"reason\":\"%s\",\"ns\":", reason);
	text_counter(text, ns);
	text_add(text, ",\"rows\":[");
	for (size_t i = 0; i < counters->count; i++) {
		struct values values = counter_values(&counters->list[i]);

		add_row(text, !i, &counters->list[i], &values);
	}
	text_add(text, "],");
	add_misses(text, health->missed, counters_lost(counters));
	text_add(text, "}\n");
}
