// SPDX-License-Identifier: MIT
#include "base/json.h"
#include "guard/guard_frame.h"

static const char *const states[] = {
	[WRITE_UNTOUCHED] = "untouched", [WRITE_UNSURE] = "unsure", [WRITE_DONE] = "written",
	[WRITE_RESTORED] = "restored",	 [WRITE_LEFT] = "left",	    [WRITE_GONE] = "gone",
};

static void add_write(struct json *json, const struct queue_write *write)
{
	const struct queue_address *address = &write->address;

	json_begin_object(json, NULL);
	json_number(json, "netns", address->netns);
	json_number(json, "ifindex", address->ifindex);
	json_number(json, "instance", address->instance);
	json_string(json, "name", address->name);
	json_number(json, "queue", address->queue);
	json_string(json, "state", states[write->state]);
	json_string(json, "before", write->before);
	json_string(json, "now", write->now);
	json_end_object(json);
}

void guard_frame(struct text *text, const struct plan *plan, const char *state, const char *why)
{
	struct json json = json_begin_frame(text, "guard");

	json_string(&json, "state", state);
	if (why)
		json_string(&json, "why", why);
	json_begin_array(&json, "writes");
	for (size_t i = 0; i < plan->count; i++)
		add_write(&json, &plan->writes[i]);
	json_end_array(&json);
	json_end_frame(&json);
}
