// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/memory.h"
#include "host/softnet.h"

/* What is asked for at a time: the kernel's own buffer, a page; and what a line takes at most. */
#define PIECE 4096
#define LINE_MOST 256

/* Columns, from 0: 11 of them up to Linux 5.9, 13 from 5.10, 15 from 6.4. */
enum { PROCESSED, DROPPED, SQUEEZED, RECEIVED_RPS = 9, FLOW_LIMIT, BACKLOG, CPU, COLUMNS };

void softnet_open(struct softnet *softnet, const struct topology *topology)
{
	*softnet = (struct softnet){
		.fd = open("/proc/net/softnet_stat", O_RDONLY | O_CLOEXEC),
		.cpus = must(calloc(topology->count, sizeof(*softnet->cpus))),
		.count = topology->count,
	};
}

/* Reads into softnet->text. The kernel gives whole lines, and less than asked for only when the next would not fit. */
static bool read_whole(struct softnet *softnet)
{
	struct text *text = &softnet->text;
	ssize_t length;

	text->length = 0;
	do {
		char *room = text_room(text, PIECE + 1);

		length = pread(softnet->fd, room, PIECE, text->length);
		if (length > 0)
			text->length += length;
	} while (length > PIECE - LINE_MOST);
	text_bytes(text, "", 1);
	return length >= 0 && text->length > 1;
}

/* A digit as the kernel prints it, or -1. */
static int hex_digit(char digit)
{
	return digit >= '0' && digit <= '9'   ? digit - '0'
	       : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
					      : -1;
}

/* Reads the numbers of a line, COLUMNS of them at most; returns how many there are. */
static unsigned int read_columns(const char **line, uint32_t columns[COLUMNS])
{
	const char *at = *line;
	unsigned int count = 0;

	while (count < COLUMNS && hex_digit(*at) >= 0) {
		uint32_t number = 0;

		for (int digit; (digit = hex_digit(*at)) >= 0; at++)
			number = number << 4 | digit;
		columns[count++] = number;
		at += *at == ' ';
	}
	while (*at && *at != '\n')
		at++;
	*line = at + (*at == '\n');
	return count;
}

static void take(struct softnet *softnet, struct softnet_cpu *cpu, const uint32_t *columns,
		 unsigned int count)
{
	const uint32_t shown[SOFTNET_VALUES] = {
		[SOFTNET_PROCESSED] = columns[PROCESSED],   [SOFTNET_DROPPED] = columns[DROPPED],
		[SOFTNET_SQUEEZED] = columns[SQUEEZED],	    [SOFTNET_IPIS] = columns[RECEIVED_RPS],
		[SOFTNET_FLOW_LIMIT] = columns[FLOW_LIMIT],
	};

	softnet->moved |= memcmp(cpu->shown, shown, sizeof(shown));
	for (int i = 0; i < SOFTNET_VALUES; i++)
		/* Unsigned: the difference is right across a wrap, too. */
		cpu->values[i] += (uint32_t)(shown[i] - cpu->shown[i]);
	memcpy(cpu->shown, shown, sizeof(shown));
	cpu->backlog = count > BACKLOG ? (int64_t)columns[BACKLOG] : -1;
	cpu->known = cpu->online = true;
}

/* The CPU of each line. A list may name a CPU twice: then there are more than there is room for, and none is believed. */
struct order {
	unsigned int *ids;
	unsigned int count, room;
};

static void append(void *context, unsigned int id)
{
	struct order *order = context;

	if (order->count < order->room)
		order->ids[order->count] = id;
	order->count++;
}

/* Whether the kernel names the CPU in each line. */
static bool has_ids(const char *text)
{
	uint32_t columns[COLUMNS];

	return read_columns(&text, columns) > CPU;
}

/* `order`: the CPU of each line where only the order of the lines tells, or NULL. */
static void take_lines(struct softnet *softnet, const char *text, const struct order *order)
{
	softnet->moved = false;
	for (unsigned int id = 0; id < softnet->count; id++)
		softnet->cpus[id].online = false;
	for (unsigned int line = 0; *text; line++) {
		uint32_t columns[COLUMNS];
		unsigned int count = read_columns(&text, columns);
		unsigned int id = order ? order->ids[line] : columns[CPU];

		if (count > FLOW_LIMIT && id < softnet->count)
			take(softnet, &softnet->cpus[id], columns, count);
	}
}

static unsigned int count_lines(const char *text)
{
	uint32_t columns[COLUMNS];
	unsigned int lines = 0;

	for (; *text; lines++)
		read_columns(&text, columns);
	return lines;
}

/* Before 5.10 the lines have no names: they are the CPUs that are online, in order. */
static bool take_in_order(struct softnet *softnet, const char *text, const char *online)
{
	struct order order = {
		.ids = must(calloc(softnet->count, sizeof(*order.ids))),
		.room = softnet->count,
	};
	bool sure;

	each_cpu(online, softnet->count, append, &order);
	sure = order.count <= order.room && count_lines(text) == order.count;
	if (sure)
		take_lines(softnet, text, &order);
	free(order.ids);
	return sure;
}

bool softnet_take(struct softnet *softnet, const char *text, const char *online)
{
	if (!has_ids(text))
		return !softnet->ids && take_in_order(softnet, text, online);
	softnet->ids = true;
	take_lines(softnet, text, NULL);
	return true;
}

bool softnet_read(struct softnet *softnet)
{
	char before[CPU_LIST] = "", after[CPU_LIST] = "";

	if (!softnet->ids)
		topology_read_online(before);
	if (!read_whole(softnet))
		return false;
	/* That list is read before and after, so that a CPU that comes or goes meanwhile does not shift all others. */
	if (!softnet->ids)
		topology_read_online(after);
	return softnet_take(softnet, softnet->text.data, strcmp(before, after) ? "" : before);
}
