// SPDX-License-Identifier: MIT
/* The frames with counters: `sample`, `health` and `end`. */
#include <string.h>
#include "base/json.h"
#include "frames/frames.h"

/* The text of a device in a row, before and behind the other values: the same for all its rows. */
struct device_text {
	__u32 netns, ifindex, instance;
	unsigned int before_length, behind_length;
	char before[32], behind[16]; /* with room for what text_put_digits() overwrites */
};

/* Caches the text of this many devices, as a power of two: more than most hosts have. */
#define DEVICE_TEXT_BITS 6

static const struct device_text *device_text(const struct decision *decision)
{
	static struct device_text cache[1 << DEVICE_TEXT_BITS];
	__u32 mixed = (decision->netns ^ decision->ifindex ^ decision->instance) * 0x9e3779b1U;
	struct device_text *text = &cache[mixed >> (32 - DEVICE_TEXT_BITS)];
	char *at;

	if (text->before_length && text->netns == decision->netns &&
	    text->ifindex == decision->ifindex && text->instance == decision->instance)
		return text;
	text->netns = decision->netns;
	text->ifindex = decision->ifindex;
	text->instance = decision->instance;
	text->before[0] = '[';
	at = text_put_digits(text->before + 1, decision->netns);
	*at++ = ',';
	at = text_put_digits(at, decision->ifindex);
	*at++ = ',';
	text->before_length = at - text->before;
	text->behind[0] = ',';
	at = text_put_digits(text->behind + 1, decision->instance);
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
	at = text_put_digits(at + device->before_length, decision.queue);
	*at++ = ',';
	at = text_put_digits(at, counter->cpu);
	*at++ = ',';
	if (decision.verdict != RPS_NONE)
		at = text_put_digits(at, decision.target);
	memcpy(at, verdicts[decision.verdict].text, sizeof(verdicts->text));
	at = text_put_counter(at + verdicts[decision.verdict].length, values->skbs);
	*at++ = ',';
	at = text_put_counter(at, values->segments);
	*at++ = ',';
	at = text_put_counter(at, values->bytes);
	memcpy(at, device->behind, sizeof(device->behind));
	text_end(text, at + device->behind_length);
}

void frame_sample(struct text *text, struct counters *counters, uint64_t number, uint64_t ns)
{
	struct json json = json_begin_frame(text, "sample");
	bool first = true;

	json_number(&json, "seq", number);
	json_counter(&json, "ns", ns);
	json_begin_array(&json, "rows");
	counters_find(counters);
	for (size_t i = 0; i < counters->count; i++) {
		struct values values = counter_values(&counters->list[i]);

		if (!counter_changed(&counters->list[i], &values))
			continue;
		add_row(text, first, &counters->list[i], &values);
		first = false;
	}
	json_end_array(&json);
	json_end_frame(&json);
}

static void add_misses(struct json *json, uint64_t missed, uint64_t lost)
{
	json_counter(json, "missed", missed);
	json_counter(json, "lost", lost);
}

void frame_health(struct text *text, const struct health *health, uint64_t lost)
{
	struct json json = json_begin_frame(text, "health");

	add_misses(&json, health->missed, lost);
	json_counter(&json, "runs", health->runs);
	json_counter(&json, "run_ns", health->run_ns);
	json_end_frame(&json);
}

void frame_end(struct text *text, const char *reason, const struct counters *counters, uint64_t ns,
	       const struct health *health)
{
	struct json json = json_begin_frame(text, "end");

	json_string(&json, "reason", reason);
	json_counter(&json, "ns", ns);
	json_begin_array(&json, "rows");
	for (size_t i = 0; i < counters->count; i++) {
		struct values values = counter_values(&counters->list[i]);

		add_row(text, !i, &counters->list[i], &values);
	}
	json_end_array(&json);
	add_misses(&json, health->missed, counters_lost(counters));
	json_end_frame(&json);
}
