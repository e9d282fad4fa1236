// SPDX-License-Identifier: MIT
/* /proc/net/softnet_stat behind a line with the list of CPUs that are online, read twice. */
#include "fuzz.h"
#include "host/softnet.h"

#define CPUS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct softnet softnet = {.cpus = calloc(CPUS, sizeof(*softnet.cpus)), .count = CPUS};
	char *online = fuzz_line(&data, &size), *text = fuzz_text(data, size);

	HOLDS(softnet.cpus);
	for (int reading = 0; reading < 2; reading++)
		if (softnet_take(&softnet, text, online))
			for (int cpu = 0; cpu < CPUS; cpu++)
				HOLDS(softnet.cpus[cpu].known || !softnet.cpus[cpu].online);
	free(online);
	free(text);
	free(softnet.cpus);
	return 0;
}
