// SPDX-License-Identifier: MIT
/* rpstrace: counts every decision of get_rps_cpu(). docs/protocol.md describes its output. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "btf/btf_file.h"
#include "frames/failure_frame.h"
#include "frames/frames.h"
#include "guard/guard.h"
#include "process/output.h"
#include "session/check.h"
#include "session/options.h"
#include "session/session.h"

#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define REPORT_MS 2000

/* A program of the kernel must not take the place of a standard descriptor that is closed. */
static void fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			/* For stdout: nobody reads it, and writing to it is to fail. */
			open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

static int report(const struct failure *failure, enum format format)
{
	struct output output;

	if (format == FORMAT_NDJSON) {
		output_open(&output);
		frame_error(&output.text, failure);
		output_drain(&output, REPORT_MS);
	}
	fprintf(stderr, "rpstrace: %s\n%s\n", failure->message, failure->hint);
	return strcmp(failure->code, "USAGE") ? EXIT_FAILED : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options;
	struct failure failure;
	struct filter filter;
	struct kernel_btf btf;
	bool traceable;

	fill_standard_descriptors();
	if (options_read(&options, argc, argv, &failure))
		return report(&failure, options.format);
	if (options.action == ACTION_HELP) {
		options_print_help();
		return 0;
	}
	if (options.action == ACTION_VERSION) {
		puts("rpstrace " RPSTRACE_VERSION);
		return 0;
	}
	if (options.action == ACTION_GUARD)
		return guard_run(&failure) ? report(&failure, options.format) : 0;
	if (options.filter && filter_compile(&filter, options.filter, &failure))
		return report(&failure, options.format);
	if (options.action == ACTION_COMPILE)
		return 0;
	if (options.btf && btf_file_read(&btf, options.btf, &failure))
		return report(&failure, options.format);
	if (options.action == ACTION_CHECK) {
		if (check_run(&options, options.btf ? &btf : NULL, &traceable, &failure))
			return report(&failure, options.format);
		return traceable ? 0 : EXIT_FAILED;
	}
	if (session_run(&options, options.btf ? &btf : NULL, options.filter ? &filter : NULL,
			&failure))
		return report(&failure, options.format);
	return 0;
}
