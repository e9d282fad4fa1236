/* SPDX-License-Identifier: MIT */
/* Where in an expression libpcap's parser gave up. */
#ifndef FILTER_ERROR_POSITION_H
#define FILTER_ERROR_POSITION_H

#include <stddef.h>

/* Called before pcap_compile() with the expression that it is given. */
void position_begin(const char *expression);

/*
 * Writes what libpcap said to `refusal`, and, where it means the token that its parser was given last, what that token
 * is and where it stands, in characters from 1.
 */
void position_add(const char *said, char *refusal, size_t size);

#endif
