/* SPDX-License-Identifier: MIT */
/* Signals that ask a process to end. They are read when it suits, and reach no handler. */
#ifndef PROCESS_SIGNALS_H
#define PROCESS_SIGNALS_H

/* Blocks them, and lets a closed pipe be an error of write(). Returns what they can be read from, or -1. */
int signals_open(void);

/* The name of the next one, or NULL when none has come. */
const char *signals_next(int signals);

/* Blocks the signal that a child has ended or stopped. Returns what is readable when it came, or -1. */
int signals_open_child(void);

#endif
