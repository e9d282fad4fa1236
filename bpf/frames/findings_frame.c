// SPDX-License-Identifier: MIT
/* The `findings` frame. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "frames/findings_frame.h"

static void add_finding(struct json *json, const struct finding *finding)
{
	json_begin_object(json, NULL);
	json_string(json, "id", finding->id);
	json_string(json, "severity", severity_names[finding->severity]);
	if (finding->of_device) {
		json_number(json, "netns", finding->netns);
		json_number(json, "ifindex", finding->ifindex);
	}
	if (finding->queue >= 0)
		json_number(json, "queue", finding->queue);
	if (finding->cpu >= 0)
		json_number(json, "cpu", finding->cpu);
	json_begin_object(json, "values");
	json_members(json, &finding->values);
	json_end_object(json);
	json_text(json, "title", &finding->title);
	json_text(json, "evidence", &finding->evidence);
	json_string(json, "explanation", finding->explanation);
	json_text(json, "remedy", &finding->remedy);
	if (finding->command.length)
		json_text(json, "command", &finding->command);
	json_end_object(json);
}

void frame_findings(struct text *text, const struct findings *findings)
{
	struct json json = json_begin_frame(text, "findings");

	json_begin_array(&json, "findings");
	for (size_t i = 0; i < findings->count; i++)
		add_finding(&json, &findings->list[i]);
	json_end_array(&json);
	json_end_frame(&json);
}

void frame_new_findings(struct text *text, const struct findings *findings, struct text *last)
{
	struct text frame = {0};

	frame_findings(&frame, findings);
	if (frame.length == last->length && !memcmp(frame.data, last->data, frame.length)) {
		free(frame.data);
		return;
	}
	text_bytes(text, frame.data, frame.length);
	free(last->data);
	*last = frame;
}
