// SPDX-License-Identifier: MIT
#include "frames/failure_frame.h"

void frame_add_failure(struct json *json, const struct failure *failure)
{
	json_string(json, "code", failure->code);
	json_string(json, "why", failure->message);
	json_string(json, "hint", failure->hint);
}

void frame_error(struct text *text, const struct failure *failure)
{
	struct json json = json_begin_frame(text, "error");

	json_string(&json, "code", failure->code);
	json_string(&json, "stage", failure->stage);
	json_string(&json, "message", failure->message);
	json_string(&json, "hint", failure->hint);
	json_end_frame(&json);
}
