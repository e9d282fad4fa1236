// SPDX-License-Identifier: MIT
#include "terminal/table_parts.h"

#define SIDE 13 /* columns of the matrix's left side */

static unsigned int node_at(const struct table *table, const struct matrix *matrix,
			    unsigned int place)
{
	return table->topology->cpus[matrix->cpus[place]].node;
}

static bool node_begins(const struct table *table, const struct matrix *matrix, unsigned int place)
{
	return place && node_at(table, matrix, place) != node_at(table, matrix, place - 1);
}

static void draw_targets(const struct table *table, struct text *text, const struct matrix *matrix,
			 unsigned int columns)
{
	text_format(text, "%*s", SIDE, "CPU \\ target");
	for (unsigned int i = 0; i < columns; i++)
		text_format(text, "%s%*u", node_begins(table, matrix, i) ? " │" : "", CELL,
			    matrix->cpus[i]);
	text_format(text, " │%*s", CELL, "none");
	table_end_line(table, text);
}

static void draw_border(const struct table *table, struct text *text, const struct matrix *matrix,
			unsigned int columns)
{
	text_format(text, "%*s", SIDE, "");
	for (unsigned int i = 0; i < columns; i++) {
		if (node_begins(table, matrix, i))
			text_add(text, "─┼");
		for (int dash = 0; dash < CELL; dash++)
			text_add(text, "─");
	}
	text_add(text, "─┤");
	table_end_line(table, text);
}

static void draw_cpu(const struct table *table, struct text *text, const struct matrix *matrix,
		     unsigned int row, unsigned int columns)
{
	if (!row || node_begins(table, matrix, row))
		text_format(text, "node %-3u%*u", node_at(table, matrix, row), SIDE - 8,
			    matrix->cpus[row]);
	else
		text_format(text, "%*u", SIDE, matrix->cpus[row]);
	for (unsigned int i = 0; i < columns; i++) {
		if (node_begins(table, matrix, i))
			text_add(text, " │");
		table_style(table, text, i == row ? "36" : "32");
		table_add_rate(text, *matrix_cell(matrix, row, i));
		table_style(table, text, "0");
	}
	text_add(text, " │");
	table_add_rate(text, *matrix_cell(matrix, row, matrix->count));
	table_end_line(table, text);
}

void table_draw_matrix(const struct table *table, struct text *text, const struct matrix *matrix)
{
	unsigned int columns = table->width > SIDE + 2 * CELL + 4
				       ? (table->width - SIDE - CELL - 4) / (CELL + 1)
				       : 1;
	unsigned int lines =
		table->height > 2 * BESIDE_MATRIX ? table->height - 2 * BESIDE_MATRIX : 1;

	if (columns > matrix->count)
		columns = matrix->count;
	if (lines > matrix->count)
		lines = matrix->count;
	draw_targets(table, text, matrix, columns);
	for (unsigned int row = 0; row < lines; row++) {
		if (node_begins(table, matrix, row))
			draw_border(table, text, matrix, columns);
		draw_cpu(table, text, matrix, row, columns);
	}
	if (columns < matrix->count || lines < matrix->count) {
		text_format(text, "(%u of %u targets and %u of %u CPUs fit)", columns,
			    matrix->count, lines, matrix->count);
		table_end_line(table, text);
	}
	table_end_line(table, text);
}
