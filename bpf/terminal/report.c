// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <string.h>
#include <unistd.h>
#include "terminal/report.h"

#define WIDTH 100

static void style(struct text *text, const char *code)
{
	if (isatty(STDOUT_FILENO))
		text_format(text, "\x1b[%sm", code);
}

/* Appends a byte of a text. Bytes above ASCII may hide a terminal's command of 8 bits: no text of the doctor's has them. */
static void add_byte(struct text *text, char c)
{
	text_bytes(text, isprint((unsigned char)c) ? &c : "?", 1);
}

/* Appends what must not be broken into lines. */
static void add_line(struct text *text, int indent, const char *words, size_t length)
{
	text_format(text, "%*s", indent, "");
	for (size_t at = 0; at < length; at++)
		add_byte(text, words[at]);
	text_add(text, "\n");
}

/* Appends words, broken into lines that begin with `indent` blanks. */
static void add_paragraph(struct text *text, int indent, const char *words, size_t length)
{
	int column = indent;

	text_format(text, "%*s", indent, "");
	for (size_t at = 0; at < length;) {
		size_t end = at;

		while (end < length && words[end] != ' ' && words[end] != '\n')
			end++;
		if (at && column + 1 + (int)(end - at) > WIDTH) {
			text_format(text, "\n%*s", indent, "");
			column = indent;
		} else if (at) {
			text_add(text, " ");
			column++;
		}
		for (; at < end; at++, column++)
			add_byte(text, words[at]);
		at++;
	}
	text_add(text, "\n");
}

static void add_string(struct text *text, int indent, const char *words)
{
	add_paragraph(text, indent, words, strlen(words));
}

static void report_attempt(struct text *text, const char *name, bool worked,
			   const struct failure *failure)
{
	text_format(text, "%-10s %s\n", name, worked ? "works" : "does not work:");
	if (worked)
		return;
	add_string(text, 11, failure->message);
	add_string(text, 11, failure->hint);
}

void report_backends(struct text *text, const struct tracer *tracer,
		     const struct auditor_outcome *audit)
{
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++) {
		const struct attempt *attempt = &tracer->attempts[backend];

		report_attempt(text, backend_name(backend), attempt->worked, &attempt->failure);
	}
	report_attempt(text, "audit", audit->worked, &audit->failure);
	text_add(text, "\n");
}

static void report_finding(struct text *text, const struct finding *finding)
{
	static const char *const colors[] = {"1;31", "1;33", "1;36"};

	style(text, colors[finding->severity]);
	text_format(text, "%s: ", severity_names[finding->severity]);
	add_paragraph(text, 0, finding->title.data, finding->title.length);
	style(text, "0");
	add_paragraph(text, 2, finding->evidence.data, finding->evidence.length);
	add_string(text, 2, finding->explanation);
	text_add(text, "  To mend it:\n");
	add_paragraph(text, 4, finding->remedy.data, finding->remedy.length);
	if (finding->command.length)
		add_line(text, 4, finding->command.data, finding->command.length);
	text_add(text, "\n");
}

void report_findings(struct text *text, const struct findings *findings)
{
	if (!findings->count)
		text_add(text, "Nothing is found wrong.\n");
	for (size_t i = 0; i < findings->count; i++)
		report_finding(text, &findings->list[i]);
}
