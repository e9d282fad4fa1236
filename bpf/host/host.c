// SPDX-License-Identifier: MIT
#include "host/host.h"

/* Reading them takes as long as all the rest of a sample, and with hundreds of CPUs longer; people do not see more than this. */
#define SOFTNET_NS 500000000ULL
/* The same while they stand still. */
#define STILL_NS 1000000000ULL
/* Timer slack. */
#define EARLY_NS 10000000ULL

int host_open(struct host *host, struct failure *failure)
{
	*host = (struct host){.news = true};
	if (topology_read(&host->topology, failure))
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

bool host_take_news(struct host *host)
{
	bool news = host->news;

	host->news = false;
	return news;
}

bool host_read_softnet(struct host *host, uint64_t ns)
{
	if (host->softnet_ns &&
	    ns - host->softnet_ns < (host->softnet.moved ? SOFTNET_NS : STILL_NS) - EARLY_NS)
		return false;
	host->softnet_ns = ns;
	return softnet_read(&host->softnet);
}
