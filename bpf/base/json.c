// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/json.h"

/* Every name is a constant without anything to escape. */
static void begin_value(struct json *json, const char *name)
{
	if (json->comma)
		text_add(json->text, ",");
	json->comma = true;
	if (!name)
		return;
	text_add(json->text, "\"");
	text_add(json->text, name);
	text_add(json->text, "\":");
}

static void begin_level(struct json *json, const char *name, const char *bracket)
{
	begin_value(json, name);
	text_add(json->text, bracket);
	json->comma = false;
}

static void end_level(struct json *json, const char *bracket)
{
	text_add(json->text, bracket);
	json->comma = true;
}

void json_begin_object(struct json *json, const char *name)
{
	begin_level(json, name, "{");
}

void json_end_object(struct json *json)
{
	end_level(json, "}");
}

void json_begin_array(struct json *json, const char *name)
{
	begin_level(json, name, "[");
}

void json_end_array(struct json *json)
{
	end_level(json, "]");
}

struct json json_begin_frame(struct text *text, const char *type)
{
	struct json json = {.text = text};

	json_begin_object(&json, NULL);
	json_string(&json, "type", type);
	return json;
}

void json_end_frame(struct json *json)
{
	text_add(json->text, "}\n");
}

void json_string(struct json *json, const char *name, const char *value)
{
	begin_value(json, name);
	text_json(json->text, value);
}

void json_number(struct json *json, const char *name, int64_t value)
{
	begin_value(json, name);
	text_number(json->text, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin_value(json, name);
	text_add(json->text, value ? "true" : "false");
}

void json_counter(struct json *json, const char *name, uint64_t value)
{
	begin_value(json, name);
	text_counter(json->text, value);
}

void json_text(struct json *json, const char *name, const struct text *value)
{
	struct text whole = {0};

	text_bytes(&whole, value->data, value->length);
	text_bytes(&whole, "", 1);
	json_string(json, name, whole.data);
	free(whole.data);
}

struct text *json_begin_plain(struct json *json, const char *name)
{
	begin_value(json, name);
	text_add(json->text, "\"");
	return json->text;
}

void json_end_plain(struct json *json)
{
	text_add(json->text, "\"");
}

void json_members(struct json *json, const struct text *members)
{
	if (!members->length)
		return;
	begin_value(json, NULL);
	text_bytes(json->text, members->data, members->length);
}
