/* SPDX-License-Identifier: MIT */
/* A failure the loader can explain: it becomes the `error` frame. */
#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

#include <stdarg.h>
#include <stdio.h>

struct failure {
	const char *code;  /* tells causes apart, for programs */
	const char *stage; /* options, host, load, attach */
	const char *hint;  /* what mends it, for people */
	char message[2048];
};

/* Fills `failure` and returns -1, so that a caller can `return fail(…)`. */
__attribute__((format(printf, 5, 6))) static inline int fail(struct failure *failure,
							     const char *code, const char *stage,
							     const char *hint, const char *format,
							     ...)
{
	va_list arguments;

	failure->code = code;
	failure->stage = stage;
	failure->hint = hint;
	va_start(arguments, format);
	vsnprintf(failure->message, sizeof(failure->message), format, arguments);
	va_end(arguments);
	return -1;
}

#endif
