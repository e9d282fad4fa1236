// SPDX-License-Identifier: MIT
/*
 * libpcap says what is wrong with an expression, but not where. Its parser takes one token after the other from its
 * scanner, and an LALR(1) parser refuses the first one that no correct expression has after those before it: that is
 * the last it was given. The linker puts the function here between the two, by --wrap in the Makefile.
 */
#include <stdio.h>
#include <string.h>
#include "filter/error_position.h"

/* libpcap's own, of its scanner.l: reentrant since libpcap 1.8. */
int __real_pcap_lex(void *value, void *scanner);
int __wrap_pcap_lex(void *value, void *scanner);
char *pcap_get_text(void *scanner);

static const char *expression;
static const char *copy; /* the scanner's, of the expression */
static size_t offset;	 /* of the last token, in bytes */
static char token[32];	 /* its beginning; empty: the end was reached */

void position_begin(const char *text)
{
	expression = text;
	copy = NULL;
	offset = 0;
	token[0] = '\0';
}

int __wrap_pcap_lex(void *value, void *scanner)
{
	int kind = __real_pcap_lex(value, scanner);
	const char *text;

	if (!kind) {
		token[0] = '\0';
		return kind;
	}
	text = pcap_get_text(scanner);
	/* The first token follows white space at most. */
	if (!copy)
		copy = text - strspn(expression, " \t\r\n");
	offset = text - copy;
	snprintf(token, sizeof(token), "%s", text);
	return kind;
}

static size_t characters(const char *text, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes; i++)
		count += (text[i] & 0xc0) != 0x80;
	return count;
}

/* Other refusals come when a part is complete, and name it: what was read last may be what follows. */
static int means_last_token(const char *said)
{
	return strstr(said, "syntax error") || strstr(said, "illegal char") ||
	       strstr(said, "illegal token");
}

void position_add(const char *said, char *refusal, size_t size)
{
	if (!means_last_token(said))
		snprintf(refusal, size, "%s", said);
	else if (!token[0])
		snprintf(refusal, size, "%s at the end", said);
	else
		snprintf(refusal, size, "%s at character %zu: \"%s\"", said,
			 characters(expression, offset) + 1, token);
}
