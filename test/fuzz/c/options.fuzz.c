// SPDX-License-Identifier: MIT
/* The command line, an argument in each line. */
#include "fuzz.h"
#include "session/options.h"

#define ARGUMENTS_MOST 100

static void check_options(const struct options *options)
{
	HOLDS(options->interval_ms >= 10 && options->interval_ms <= 60000);
	HOLDS(options->duration_s <= 31536000 && options->lease_s <= 31536000);
	HOLDS(options->rows <= 65536);
	HOLDS(options->what_if_count <= RPS_CANDIDATES);
	HOLDS(options->selection.interface_count <= SELECTION_INTERFACES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *arguments[ARGUMENTS_MOST + 1] = {fuzz_text((const uint8_t *)"rpstrace", 8)};
	struct failure failure = {0};
	struct options options;
	int count = 1;

	while (size && count < ARGUMENTS_MOST)
		arguments[count++] = fuzz_line(&data, &size);
	if (options_read(&options, count, arguments, &failure))
		HOLDS(failure.code && failure.hint && failure.message[0]);
	else
		check_options(&options);
	while (count--)
		free(arguments[count]);
	return 0;
}
