// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "abi/candidates.h"
#include "tracer/prediction_maps.h"

/* All regions together take about this many bytes at most, where that allows a queue with all its candidates. */
#define MEMORY (12 << 20)
#define ROOM_LEAST 1024
#define ROOM_MOST 32768

/* What a queue with four candidates of all CPUs takes. */
static unsigned int whole_queue(unsigned int cpus)
{
	return cpus + RPS_CANDIDATES * (cpus + 2);
}

size_t prediction_size(unsigned int room)
{
	return sizeof(struct rps_predictions) + room * sizeof(struct rps_prediction);
}

unsigned int prediction_room(unsigned int cpus)
{
	unsigned int room = ROOM_LEAST;

	while (room < ROOM_MOST &&
	       (room < whole_queue(cpus) ||
		(room < 16 * whole_queue(cpus) && prediction_size(room * 2) * cpus <= MEMORY)))
		room *= 2;
	return room;
}

int prediction_maps_open(struct prediction_maps *maps, int plan, int counters, unsigned int regions,
			 unsigned int cpus)
{
	*maps = (struct prediction_maps){
		.plan = fcntl(plan, F_DUPFD_CLOEXEC, 3),
		.counters = fcntl(counters, F_DUPFD_CLOEXEC, 3),
		.regions = regions,
		.cpus = cpus,
	};
	return maps->plan < 0 || maps->counters < 0 ? -errno : 0;
}

void prediction_maps_close(struct prediction_maps *maps)
{
	if (maps->plan > 0)
		close(maps->plan);
	if (maps->counters > 0)
		close(maps->counters);
	*maps = (struct prediction_maps){0};
}
