/* SPDX-License-Identifier: MIT */
/* Writes JSON (RFC 8259) at the end of a text: commas, quotes and escapes are its own business. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"

struct json {
	struct text *text;
	bool comma; /* a value or member was written at this level */
};

/* A frame is one object on a line of its own, with its type as first member. */
struct json json_begin_frame(struct text *text, const char *type);
void json_end_frame(struct json *json);

/* Objects and arrays: `name` is the member's, or NULL in an array. */
void json_begin_object(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_begin_array(struct json *json, const char *name);
void json_end_array(struct json *json);

/* Values: `name` is the member's, or NULL in an array. */
void json_string(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, int64_t value);
void json_bool(struct json *json, const char *name, bool value);

/* Above 2^53 - 1 a decimal string, see text_counter(). */
void json_counter(struct json *json, const char *name, uint64_t value);

/* A string whose `length` bytes may hold zeros, at which it ends. */
void json_text(struct json *json, const char *name, const struct text *value);

/* The caller appends the string to the returned text, without quotes, backslashes or control characters, then calls json_end_plain(). */
struct text *json_begin_plain(struct json *json, const char *name);
void json_end_plain(struct json *json);

/* Appends members that another writer of members has written. */
void json_members(struct json *json, const struct text *members);

#endif
