/* SPDX-License-Identifier: MIT */
/* What the parts of the table share. */
#ifndef TERMINAL_TABLE_PARTS_H
#define TERMINAL_TABLE_PARTS_H

#include "terminal/table.h"

#define CELL 7		/* columns of a number */
#define BESIDE_MATRIX 9 /* lines of the screen that are neither matrix nor rows */

/* Ends a line; what an older, longer line left on a terminal goes. */
void table_end_line(const struct table *table, struct text *text);

/* Begins a style, "0" for none, by its number on terminals. */
void table_style(const struct table *table, struct text *text, const char *code);

/* A rate in CELL columns. */
void table_add_rate(struct text *text, uint64_t rate);

/* A text for a terminal: nothing in it may be taken for a command. It takes `width` columns and has `most` characters. */
void table_add_name(struct text *text, const char *name, unsigned int width, unsigned int most);

void table_draw_matrix(const struct table *table, struct text *text, const struct matrix *matrix);

#endif
