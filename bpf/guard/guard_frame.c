// SPDX-License-Identifier: MIT
#include "guard/guard_frame.h"

static const char *const states[] = {
	[WRITE_UNTOUCHED] = "untouched", [WRITE_UNSURE] = "unsure", [WRITE_DONE] = "written",
	[WRITE_RESTORED] = "restored",	 [WRITE_LEFT] = "left",	    [WRITE_GONE] = "gone",
};

static void add_write(struct text *text, const struct queue_write *write)
{
	const struct queue_address *address = &write->address;

	text_format(text, "{\"netns\":%u,\"ifindex\":%u,\"instance\":%u,\"name\":", address->netns,
		    address->ifindex, address->instance);
	text_json(text, address->name);
	text_format(text, ",\"queue\":%u,\"state\":\"%s\",\"before\":", address->queue,
		    states[write->state]);
	text_json(text, write->before);
	text_add(text, ",\"now\":");
	text_json(text, write->now);
	text_add(text, "}");
}

void guard_frame(struct text *text, const struct plan *plan, const char *state, const char *why)
{
	text_format(text, "{\"type\":\"guard\",\"state\":\"%s\"", state);
	if (why) {
		text_add(text, ",\"why\":");
		text_json(text, why);
	}
	text_add(text, ",\"writes\":[");
	for (size_t i = 0; i < plan->count; i++) {
		text_add(text, i ? "," : "");
		add_write(text, &plan->writes[i]);
	}
	text_add(text, "]}\n");
}
