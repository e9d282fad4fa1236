// SPDX-License-Identifier: MIT
#include <ctype.h>
#include "terminal/table_parts.h"

void table_end_line(const struct table *table, struct text *text)
{
	text_add(text, table->terminal ? "\x1b[K\n" : "\n");
}

void table_style(const struct table *table, struct text *text, const char *code)
{
	if (table->terminal)
		text_format(text, "\x1b[%sm", code);
}

void table_add_rate(struct text *text, uint64_t rate)
{
	if (!rate)
		text_format(text, "%*s", CELL + 1, "·"); /* two bytes */
	else if (rate < 10000)
		text_format(text, "%*llu", CELL, (unsigned long long)rate);
	else if (rate < 10000000)
		text_format(text, "%*.1fk", CELL - 1, rate / 1e3);
	else
		text_format(text, "%*.1fM", CELL - 1, rate / 1e6);
}

void table_add_name(struct text *text, const char *name, unsigned int width, unsigned int most)
{
	char safe[512];
	size_t length = 0;

	for (; name[length] && length < most && length < sizeof(safe) - 1; length++)
		safe[length] = isprint((unsigned char)name[length]) ? name[length] : '?';
	safe[length] = '\0';
	text_format(text, "%-*s", width, safe);
}
