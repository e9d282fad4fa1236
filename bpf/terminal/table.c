// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "base/memory.h"
#include "terminal/table_parts.h"

#define NAME 15 /* columns of a name in a row */

#define HOME "\x1b[H"
#define CLEAR_BELOW "\x1b[J"
#define HIDE_CURSOR "\x1b[?25l"
#define SHOW_CURSOR "\x1b[?25h"

void table_open(struct table *table, const struct topology *topology, const struct tracer *tracer,
		const char *filter, const struct device_selection *selection,
		const struct findings *findings)
{
	*table = (struct table){
		.topology = topology,
		.tracer = tracer,
		.filter = filter,
		.selection = selection,
		.findings = findings,
		.terminal = isatty(STDOUT_FILENO),
	};
}

static void measure(struct table *table)
{
	struct winsize size;

	table->width = 120;
	table->height = 60;
	if (table->terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col) {
		table->width = size.ws_col;
		table->height = size.ws_row;
	}
}

/* What is left out, if anything is, in one line. */
static void draw_scope(const struct table *table, struct text *text)
{
	const char *filter = table->filter;
	char devices[256], line[512];

	selection_describe(table->selection, devices, sizeof(devices));
	if (!filter && !devices[0])
		return;
	snprintf(line, sizeof(line), "only %s%s%s", filter ? filter : "",
		 filter && devices[0] ? ", " : "", devices);
	table_add_name(text, line, 0, table->width - 1);
	table_end_line(table, text);
}

/* Who has written masks last, in one line. */
static void draw_write(const struct table *table, struct text *text, const struct devices *devices)
{
	const struct rps_write *write = &table->write;
	const struct decision of = {
		.netns = write->device >> 32,
		.ifindex = write->device,
		.instance = RPS_INSTANCE(write->instance),
	};
	const struct device *device = devices_find(devices, &of);
	char line[128];

	if (!write->ns)
		return;
	snprintf(line, sizeof(line), "rps_cpus of %s rx-%u was written by %s (pid %u, uid %u)",
		 device ? device->name : "?", write->queue, write->name, write->pid, write->uid);
	table_add_name(text, line, 0, table->width - 1);
	table_end_line(table, text);
}

static void draw_header(const struct table *table, struct text *text, const struct matrix *matrix,
			const struct devices *devices, const struct health *health, uint64_t lost)
{
	struct utsname host;

	uname(&host);
	table_style(table, text, "1");
	text_format(text, "rpstrace on %s", host.nodename);
	table_style(table, text, "0");
	text_format(text, "  Linux %s %s  %s", host.release, host.machine,
		    backend_name(table->tracer->backend));
	table_end_line(table, text);
	draw_scope(table, text);
	draw_write(table, text, devices);
	if (table->seconds > 0)
		text_format(text, "In %.1f s, on average ", table->seconds);
	text_format(text, "%llu skbs/s: %llu steered, %llu self, %llu none",
		    (unsigned long long)(matrix->steered + matrix->self + matrix->none),
		    (unsigned long long)matrix->steered, (unsigned long long)matrix->self,
		    (unsigned long long)matrix->none);
	if (health->missed || lost) {
		table_style(table, text, "33");
		text_format(text, "   not counted: %llu missed, %llu lost", health->missed,
			    (unsigned long long)lost);
		table_style(table, text, "0");
	}
	table_end_line(table, text);
	table_end_line(table, text);
}

static const uint64_t *sort_rates, *sort_totals;

static int busier(const void *a, const void *b)
{
	size_t one = *(const size_t *)a, other = *(const size_t *)b;

	if (sort_rates[one] != sort_rates[other])
		return sort_rates[one] < sort_rates[other] ? 1 : -1;
	if (sort_totals[one] != sort_totals[other])
		return sort_totals[one] < sort_totals[other] ? 1 : -1;
	return one < other ? -1 : 1;
}

static void draw_row(const struct table *table, struct text *text, const struct counter *counter,
		     size_t number, const struct devices *devices)
{
	static const char *const verdicts[] = {"map", "flow", "none"};
	struct decision decision = counter_decision(counter);
	const struct device *device = devices_find(devices, &decision);
	char unnamed[16];

	snprintf(unnamed, sizeof(unnamed), "#%u", decision.ifindex);
	table_add_name(text, device ? device->name : unnamed, NAME + 1, NAME);
	table_add_name(text, device ? device->netns_name : "?", NAME + 1, NAME);
	text_format(text, "%5u %5u ", decision.queue, counter->cpu);
	if (decision.target < 0)
		text_add(text, "     -");
	else
		text_format(text, "%6d", decision.target);
	text_format(text, "  %-7s", verdicts[decision.verdict]);
	table_add_rate(text, table->rates.rate[number]);
	text_format(text, " %13llu", (unsigned long long)table->rates.last[number]);
	table_end_line(table, text);
}

static void draw_rows(const struct table *table, struct text *text, const struct counters *counters,
		      const struct devices *devices, unsigned int room)
{
	size_t *order = must(calloc(counters->count + 1, sizeof(*order)));

	for (size_t i = 0; i < counters->count; i++)
		order[i] = i;
	sort_rates = table->rates.rate;
	sort_totals = table->rates.last;
	qsort(order, counters->count, sizeof(*order), busier);
	table_style(table, text, "1");
	text_add(text, "interface       namespace       queue   CPU target  verdict  skbs/s        "
		       " total");
	table_style(table, text, "0");
	table_end_line(table, text);
	for (size_t i = 0; i < counters->count && i < room; i++)
		draw_row(table, text, &counters->list[order[i]], order[i], devices);
	free(order);
}

/* What stands in place of decisions: why there are none. */
static void draw_nothing(const struct table *table, struct text *text)
{
	const struct attempt *best = &table->tracer->attempts[0];
	char line[sizeof(best->failure.message) + 64];

	if (table->tracer->backend != BACKEND_NONE) {
		text_add(text, "No decision yet.");
		table_end_line(table, text);
	} else if (best->tried) {
		snprintf(line, sizeof(line), "This host can be read but not traced: %s",
			 best->failure.message);
		table_add_name(text, line, 0, sizeof(line));
		table_end_line(table, text);
		text_add(text, best->failure.hint);
		table_end_line(table, text);
	}
	for (size_t i = 0; i < table->findings->count; i++) {
		const struct finding *finding = &table->findings->list[i];

		snprintf(line, sizeof(line), "%s: %.*s", severity_names[finding->severity],
			 (int)finding->title.length, finding->title.data);
		table_add_name(text, line, 0, table->width - 1);
		table_end_line(table, text);
	}
	if (table->findings->count) {
		text_add(text, "rpstrace --check tells more.");
		table_end_line(table, text);
	}
}

void table_note(void *table, const struct rps_write *write)
{
	/* One that was refused has changed nothing. */
	if (write->result >= 0)
		((struct table *)table)->write = *write;
}

void table_draw(struct table *table, struct text *text, struct counters *counters,
		const struct devices *devices, const struct health *health, uint64_t ns)
{
	struct matrix matrix;
	unsigned int used;

	measure(table);
	counters_find(counters);
	rates_update(&table->rates, counters, ns);
	matrix = matrix_of(&table->rates, counters, table->topology->count);
	if (table->terminal)
		text_add(text, table->drawn ? HOME : HIDE_CURSOR HOME CLEAR_BELOW);
	table->drawn = true;
	draw_header(table, text, &matrix, devices, health, counters_lost(counters));
	if (!matrix.count) {
		draw_nothing(table, text);
	} else {
		table_draw_matrix(table, text, &matrix);
		used = matrix.count + BESIDE_MATRIX;
		draw_rows(table, text, counters, devices,
			  table->height > used + BESIDE_MATRIX ? table->height - used
							       : BESIDE_MATRIX);
	}
	if (table->terminal)
		text_add(text, CLEAR_BELOW);
	else
		table_end_line(table, text);
	matrix_free(&matrix);
}

void table_end(struct table *table, struct text *text, struct counters *counters,
	       const struct devices *devices, const struct health *health, uint64_t ns)
{
	table->seconds = rates_from_start(&table->rates, ns);
	table_draw(table, text, counters, devices, health, ns);
	if (table->terminal)
		text_add(text, SHOW_CURSOR);
}
