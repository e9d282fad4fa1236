// SPDX-License-Identifier: MIT
#include <string.h>
#include <unistd.h>
#include "base/numbers.h"
#include "candidates/candidates.h"
#include "session/options.h"

#define INTERVAL_MIN 10
#define INTERVAL_MAX 60000
#define SECONDS_MAX 31536000
#define ROWS_MIN 1
#define ROWS_MAX 65536

static const char help[] =
	"Counts every decision of the kernel's get_rps_cpu(): which CPU hands packets to which.\n"
	"\n"
	"Usage: rpstrace [OPTION]...\n"
	"\n"
	"  --backend NAME   auto, fexit, kprobe (sees steered packets only) or kretprobe (slow);\n"
	"                   auto takes fexit, or else kprobe, or else none (auto);\n"
	"                   none traces nothing and tells what the host shows to everyone\n"
	"  --btf FILE       the kernel's types, for a kernel that does not tell them; for kprobe\n"
	"                   and kretprobe\n"
	"  --filter EXPR    count only packets that tcpdump EXPR would show, see pcap-filter(7)\n"
	"  --interface NAME tell only of devices with this name; may be given several times\n"
	"  --netns NAME     tell only of devices in this network namespace; a name or an inode\n"
	"  --what-if MASKS  predict what other masks would do to the packets that flow, and "
	"change\n"
	"                   nothing: \"eth0:0=0-3 eth0:1=4-7\", or eth0=0-7 for all queues; up to\n"
	"                   four times\n"
	"  --compile-only   say whether --filter can be understood, and trace nothing\n"
	"  --interval MS    time between two samples, 10 to 60000 ms (1000)\n"
	"  --duration S     end by itself after S seconds\n"
	"  --lease S        end when nothing arrives on stdin for S seconds\n"
	"  --format FORMAT  ndjson for programs, table for people (table on a terminal)\n"
	"  --rows N         rows that may be in use on each CPU, 1 to 65536 (by the number of "
	"CPUs)\n"
	"  --check          say which backends this host allows, and what stands in the way of a\n"
	"                   good distribution, after watching for 3 s\n"
	"  --guard          write masks as stdin tells, and take them back unless it confirms;\n"
	"                   see docs/protocol.md\n"
	"  --version        print the version\n"
	"  --help           print this\n"
	"\n"
	"To trace, it needs root, or CAP_BPF and CAP_PERFMON. It ends, leaving nothing in the\n"
	"kernel, when stdin ends (a terminal never does), on SIGINT and SIGTERM, when nobody "
	"reads\n"
	"its output, and after --duration. With --duration, a stdin that is at its end from the\n"
	"start does not matter.\n";

void print_help(void)
{
	fputs(help, stdout);
}

#define usage(failure, ...) \
	fail(failure, "USAGE", "options", "rpstrace --help lists the options.", __VA_ARGS__)

static int read_whole(const char *option, const char *value, unsigned int least, unsigned int most,
		      unsigned int *number, struct failure *failure)
{
	uint64_t parsed;

	if (!number_read(value, least, most, &parsed))
		return usage(failure, "%s takes a whole number from %u to %u, not \"%s\"", option,
			     least, most, value);
	*number = parsed;
	return 0;
}

static int read_backend(const char *value, enum backend *backend, struct failure *failure)
{
	*backend = BACKEND_AUTO;
	if (!strcmp(value, "auto"))
		return 0;
	*backend = BACKEND_NONE;
	if (!strcmp(value, "none"))
		return 0;
	for (enum backend each = 0; each < BACKEND_COUNT; each++) {
		*backend = each;
		if (!strcmp(value, backend_name(each)))
			return 0;
	}
	return usage(failure, "--backend takes auto, fexit, kprobe, kretprobe or none, not \"%s\"",
		     value);
}

static int read_format(const char *value, enum format *format, struct failure *failure)
{
	if (!strcmp(value, "ndjson"))
		*format = FORMAT_NDJSON;
	else if (!strcmp(value, "table"))
		*format = FORMAT_TABLE;
	else
		return usage(failure, "--format takes ndjson or table, not \"%s\"", value);
	return 0;
}

static int read_interface(const char *value, struct choice *choice, struct failure *failure)
{
	if (choice->interface_count == CHOICE_INTERFACES)
		return usage(failure, "--interface may be given %d times", CHOICE_INTERFACES);
	choice->interfaces[choice->interface_count++] = value;
	return 0;
}

static int read_what_if(const char *value, struct options *options, struct failure *failure)
{
	const struct devices none = {0};
	struct candidates candidates = {0};
	int result = candidates_add(&candidates, value, NULL, &none, failure);

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

/* Reads `option`, which takes a value. */
static int read_option(struct options *options, const char *option, const char *value,
		       struct failure *failure)
{
	if (!strcmp(option, "--backend"))
		return read_backend(value, &options->backend, failure);
	if (!strcmp(option, "--btf")) {
		options->btf = value;
		return 0;
	}
	if (!strcmp(option, "--filter")) {
		options->filter = value;
		return 0;
	}
	if (!strcmp(option, "--interface"))
		return read_interface(value, &options->choice, failure);
	if (!strcmp(option, "--what-if"))
		return read_what_if(value, options, failure);
	if (!strcmp(option, "--netns")) {
		options->choice.netns = value;
		return 0;
	}
	if (!strcmp(option, "--format"))
		return read_format(value, &options->format, failure);
	if (!strcmp(option, "--interval"))
		return read_whole(option, value, INTERVAL_MIN, INTERVAL_MAX, &options->interval_ms,
				  failure);
	if (!strcmp(option, "--duration"))
		return read_whole(option, value, 1, SECONDS_MAX, &options->duration_s, failure);
	if (!strcmp(option, "--lease"))
		return read_whole(option, value, 1, SECONDS_MAX, &options->lease_s, failure);
	return read_whole(option, value, ROWS_MIN, ROWS_MAX, &options->rows, failure);
}

static int takes_value(const char *option)
{
	static const char *const names[] = {"--backend",   "--btf",	 "--filter", "--format",
					    "--interval",  "--duration", "--lease",  "--rows",
					    "--interface", "--netns",	 "--what-if"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(option, names[i]))
			return 1;
	return 0;
}

int read_options(struct options *options, int argc, char **argv, struct failure *failure)
{
	*options = (struct options){
		.format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_NDJSON,
		.backend = BACKEND_AUTO,
		.interval_ms = 1000,
	};
	for (int i = 1; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!strcmp(argv[i], "--help")) {
			options->action = ACTION_HELP;
			return 0;
		}
		if (!strcmp(argv[i], "--version")) {
			options->action = ACTION_VERSION;
			return 0;
		}
		if (!strcmp(argv[i], "--check")) {
			options->action = ACTION_CHECK;
			continue;
		}
		if (!strcmp(argv[i], "--guard")) {
			options->action = ACTION_GUARD;
			options->format = FORMAT_NDJSON;
			continue;
		}
		if (!strcmp(argv[i], "--compile-only")) {
			options->action = ACTION_COMPILE;
			continue;
		}
		if (value)
			*value++ = '\0';
		if (!takes_value(argv[i]))
			return usage(failure, "unknown option %s", argv[i]);
		if (!value && i + 1 == argc)
			return usage(failure, "%s needs a value", argv[i]);
		if (read_option(options, argv[i], value ? value : argv[i + 1], failure))
			return -1;
		if (!value)
			i++;
	}
	return 0;
}
