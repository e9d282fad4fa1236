// SPDX-License-Identifier: MIT
/* The ring of the audit, and each of its records as what is printed of it. */
#include <string.h>
#include "audit/audit.h"
#include "audit/ring.h"
#include "base/text.h"
#include "frames/audit_frame.h"
#include "fuzz.h"

#define ROOM 4096

static void visit(void *context, const void *record, size_t length)
{
	struct json json = {.text = context};
	struct rps_write write;

	audit_record(&write, record, length);
	frame_add_audit_write(&json, &write, 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Twice, one behind the other, as the kernel maps it. */
	char *records = calloc(2, ROOM);
	unsigned long taken = 0, made = size < ROOM ? size / 8 * 8 : ROOM;
	struct ring ring = {.taken = &taken, .made = &made, .size = ROOM};
	struct text text = {0};

	HOLDS(records);
	memcpy(records, data, made);
	memcpy(records + ROOM, data, made);
	ring_take_from(&ring, records, visit, &text);
	HOLDS(!text.length || !memchr(text.data, '\n', text.length));
	free(text.data);
	free(records);
	return 0;
}
