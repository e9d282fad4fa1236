// SPDX-License-Identifier: MIT
#include "clock.h"
#include "host.h"

/* Reading the counters of hundreds of CPUs takes its time; people do not see more than this. */
#define SOFTNET_NS 100000000ULL

int host_open(struct host *host, struct failure *failure)
{
	*host = (struct host){.news = true};
	if (read_topology(&host->topology, failure))
		return -1;
	softnet_open(&host->softnet, &host->topology);
	return 0;
}

void host_look(struct host *host)
{
	bool topology = topology_refresh(&host->topology);
	bool settings = settings_read(&host->settings);

	host->news |= topology || settings;
}

void host_tell(struct host *host, struct text *text)
{
	uint64_t ns = monotonic_ns();

	if (host->news)
		frame_configuration(text, &host->topology, &host->settings);
	host->news = false;
	/* Who asks is never early by more than a millisecond or two. */
	if (host->softnet_ns && ns - host->softnet_ns < SOFTNET_NS / 2)
		return;
	if (softnet_read(&host->softnet))
		frame_softnet(text, &host->softnet, ns);
	host->softnet_ns = ns;
}
