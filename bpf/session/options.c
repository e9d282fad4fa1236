// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include "base/numbers.h"
#include "candidates/candidates.h"
#include "session/options.h"

/* ms; the shortest is what a person may see, the longest a minute. */
#define INTERVAL_MIN 10
#define INTERVAL_MAX 60000
#define SECONDS_MAX 31536000 /* a year */
#define ROWS_MIN 1
#define ROWS_MAX 65536

/* An option: one entry serves parsing and --help. */
struct option {
	const char *name;
	const char *argument; /* NULL: it takes none */
	const char *help;
	/* Returns -1 with `failure` set when `value` makes no sense. */
	int (*read)(struct options *options, const struct option *option, const char *value,
		    struct failure *failure);
	/* For read_string(), read_number(): the member of struct options, and what it may be. */
	size_t member;
	unsigned int least, most;
	enum action action; /* for read_action() */
};

#define usage(failure, ...) \
	fail(failure, "USAGE", "options", "rpstrace --help lists the options.", __VA_ARGS__)

static void *member_of(struct options *options, const struct option *option)
{
	return (char *)options + option->member;
}

static int read_string(struct options *options, const struct option *option, const char *value,
		       struct failure *failure)
{
	(void)failure;
	*(const char **)member_of(options, option) = value;
	return 0;
}

static int read_number(struct options *options, const struct option *option, const char *value,
		       struct failure *failure)
{
	uint64_t parsed;

	if (!number_read(value, option->least, option->most, &parsed))
		return usage(failure, "%s takes a whole number from %u to %u, not \"%s\"",
			     option->name, option->least, option->most, value);
	*(unsigned int *)member_of(options, option) = parsed;
	return 0;
}

static int read_action(struct options *options, const struct option *option, const char *value,
		       struct failure *failure)
{
	(void)value, (void)failure;
	options->action = option->action;
	if (option->action == ACTION_GUARD)
		options->format = FORMAT_NDJSON;
	return 0;
}

static int read_backend(struct options *options, const struct option *option, const char *value,
			struct failure *failure)
{
	(void)option;
	options->backend = BACKEND_AUTO;
	if (!strcmp(value, "auto"))
		return 0;
	options->backend = BACKEND_NONE;
	if (!strcmp(value, "none"))
		return 0;
	for (enum backend each = 0; each < BACKEND_COUNT; each++) {
		options->backend = each;
		if (!strcmp(value, backend_name(each)))
			return 0;
	}
	return usage(failure, "--backend takes auto, fexit, kprobe, kretprobe or none, not \"%s\"",
		     value);
}

static int read_format(struct options *options, const struct option *option, const char *value,
		       struct failure *failure)
{
	(void)option;
	if (!strcmp(value, "ndjson"))
		options->format = FORMAT_NDJSON;
	else if (!strcmp(value, "table"))
		options->format = FORMAT_TABLE;
	else
		return usage(failure, "--format takes ndjson or table, not \"%s\"", value);
	return 0;
}

static int read_interface(struct options *options, const struct option *option, const char *value,
			  struct failure *failure)
{
	struct device_selection *selection = &options->selection;

	(void)option;
	if (selection->interface_count == SELECTION_INTERFACES)
		return usage(failure, "--interface may be given %d times", SELECTION_INTERFACES);
	selection->interfaces[selection->interface_count++] = value;
	return 0;
}

static int read_what_if(struct options *options, const struct option *option, const char *value,
			struct failure *failure)
{
	const struct devices none = {0};
	struct candidates candidates = {0};
	int result = candidates_add(&candidates, value, NULL, &none, failure);

	(void)option;
	candidates_free(&candidates);
	if (result < 0)
		return -1;
	if (!value[strspn(value, " \t")])
		return usage(failure, "--what-if needs a device and a list of CPUs");
	if (options->what_if_count == RPS_CANDIDATES)
		return usage(failure, "--what-if may be given %d times", RPS_CANDIDATES);
	options->what_if[options->what_if_count++] = value;
	return 0;
}

static const struct option table[] = {
	{"--backend", "NAME",
	 "auto, fexit, kprobe (sees steered packets only) or kretprobe (slow);\n"
	 "auto takes fexit, or else kprobe, or else none (auto);\n"
	 "none traces nothing and tells what the host shows to everyone",
	 .read = read_backend},
	{"--btf", "FILE",
	 "the kernel's BTF, for a kernel without its own; for kprobe and kretprobe",
	 .read = read_string, .member = offsetof(struct options, btf)},
	{"--filter", "EXPR", "count only packets that tcpdump EXPR would show, see pcap-filter(7)",
	 .read = read_string, .member = offsetof(struct options, filter)},
	{"--interface", "NAME", "tell only of devices with this name; may be given several times",
	 .read = read_interface},
	{"--netns", "NAME", "tell only of devices in this network namespace; a name or an inode",
	 .read = read_string, .member = offsetof(struct options, selection.netns)},
	{"--what-if", "MASKS",
	 "predict what other masks would do to the packets that flow, and change\n"
	 "nothing: \"eth0:0=0-3 eth0:1=4-7\", or eth0=0-7 for all queues; up to\n"
	 "four times",
	 .read = read_what_if},
	{"--compile-only", NULL, "say whether --filter can be understood, and trace nothing",
	 .read = read_action, .action = ACTION_COMPILE},
	{"--interval", "MS", "time between two samples, 10 to 60000 ms (1000)", .read = read_number,
	 .member = offsetof(struct options, interval_ms), .least = INTERVAL_MIN,
	 .most = INTERVAL_MAX},
	{"--duration", "S", "end by itself after S seconds", .read = read_number,
	 .member = offsetof(struct options, duration_s), .least = 1, .most = SECONDS_MAX},
	{"--lease", "S", "end when nothing arrives on stdin for S seconds", .read = read_number,
	 .member = offsetof(struct options, lease_s), .least = 1, .most = SECONDS_MAX},
	{"--format", "FORMAT", "ndjson for programs, table for people (table on a terminal)",
	 .read = read_format},
	{"--rows", "N", "rows that may be in use on each CPU, 1 to 65536 (by the number of CPUs)",
	 .read = read_number, .member = offsetof(struct options, rows), .least = ROWS_MIN,
	 .most = ROWS_MAX},
	{"--check", NULL,
	 "say which backends this host allows, and what stands in the way of a\n"
	 "good distribution, after watching for 3 s",
	 .read = read_action, .action = ACTION_CHECK},
	{"--guard", NULL,
	 "write masks as stdin tells, and take them back unless it confirms;\n"
	 "see docs/protocol.md",
	 .read = read_action, .action = ACTION_GUARD},
	{"--version", NULL, "print the version", .read = read_action, .action = ACTION_VERSION},
	{"--help", NULL, "print this", .read = read_action, .action = ACTION_HELP},
};

#define OPTIONS (sizeof(table) / sizeof(*table))

/* Width of the column with the names in --help. */
#define NAMES 17

static void print_option(const struct option *option)
{
	const char *line = option->help;
	int printed = printf("  %s%s%s", option->name, option->argument ? " " : "",
			     option->argument ? option->argument : "");

	for (;;) {
		int length = strcspn(line, "\n");

		printf("%*s%.*s\n", printed < NAMES + 2 ? NAMES + 2 - printed : 1, "", length,
		       line);
		if (!line[length])
			return;
		line += length + 1;
		printed = 0;
	}
}

void options_print_help(void)
{
	fputs("Counts every decision of the kernel's get_rps_cpu(): which CPU hands packets to "
	      "which.\n"
	      "\n"
	      "Usage: rpstrace [OPTION]...\n"
	      "\n",
	      stdout);
	for (size_t i = 0; i < OPTIONS; i++)
		print_option(&table[i]);
	fputs("\n"
	      "To trace, it needs root, or CAP_BPF and CAP_PERFMON. It ends, leaving nothing in "
	      "the\n"
	      "kernel, when stdin ends (a terminal never does), on SIGINT and SIGTERM, when nobody "
	      "reads\n"
	      "its output, and after --duration. With --duration, a stdin that is at its end from "
	      "the\n"
	      "start does not matter.\n",
	      stdout);
}

static const struct option *find_option(const char *name, size_t length)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(table[i].name) == length && !memcmp(table[i].name, name, length))
			return &table[i];
	return NULL;
}

int options_read(struct options *options, int argc, char **argv, struct failure *failure)
{
	*options = (struct options){
		.format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_NDJSON,
		.backend = BACKEND_AUTO,
		.interval_ms = 1000,
	};
	for (int i = 1; i < argc; i++) {
		size_t length = strcspn(argv[i], "=");
		const struct option *option = find_option(argv[i], length);
		const char *value = argv[i][length] ? argv[i] + length + 1 : NULL;

		if (!option)
			return usage(failure, "unknown option %.*s", (int)length, argv[i]);
		if (!option->argument && value)
			return usage(failure, "%s takes no value", option->name);
		if (option->argument && !value && i + 1 == argc)
			return usage(failure, "%s needs a value", option->name);
		if (option->argument && !value)
			value = argv[++i];
		if (option->read(options, option, value, failure))
			return -1;
		/* What follows does not matter. */
		if (options->action == ACTION_HELP || options->action == ACTION_VERSION)
			return 0;
	}
	return 0;
}
