// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "clock.h"
#include "shadow.h"
#include "tracer.h"

#define CPU_DIRECTORY "/sys/devices/system/cpu/"
/* The counters take about this much memory at most, where that allows a queue with all its candidates. */
#define MEMORY (12 << 20)
#define ROOM_LEAST 1024
#define ROOM_MOST 32768

/* So often the counts of a CPU are read anew at most that moved meanwhile. */
#define LOOKS 8

#define LOAD(value) __atomic_load_n(&(value), __ATOMIC_RELAXED)

/* What a queue with four candidates of all CPUs takes. */
static unsigned int whole_queue(unsigned int cpus)
{
	return cpus + RPS_CANDIDATES * (cpus + 2);
}

size_t shadow_size(unsigned int room)
{
	return sizeof(struct rps_shadow) + room * sizeof(struct rps_prediction);
}

unsigned int shadow_room(unsigned int cpus)
{
	unsigned int room = ROOM_LEAST;

	while (room < ROOM_MOST &&
	       (room < whole_queue(cpus) ||
		(room < 16 * whole_queue(cpus) && shadow_size(room * 2) * cpus <= MEMORY)))
		room *= 2;
	return room;
}

int shadow_map(struct shadow *shadow, int plans, int shadows, unsigned int regions,
	       unsigned int cpus)
{
	const int protection = PROT_READ | PROT_WRITE;

	*shadow = (struct shadow){
		.room = shadow_room(cpus),
		.stride = shadow_size(shadow_room(cpus)),
		.regions = regions,
		.cpus = cpus,
		.seen = calloc((size_t)regions * shadow_room(cpus), sizeof(*shadow->seen)),
		.told = calloc((size_t)regions * shadow_room(cpus), sizeof(*shadow->told)),
	};
	if (!shadow->seen || !shadow->told)
		return -ENOMEM;
	shadow->plan = mmap(NULL, sizeof(*shadow->plan), protection, MAP_SHARED, plans, 0);
	shadow->memory = mmap(NULL, shadow->stride * regions, protection, MAP_SHARED, shadows, 0);
	return shadow->plan == MAP_FAILED || shadow->memory == MAP_FAILED ? -errno : 0;
}

static void forget(struct shadow *shadow)
{
	for (size_t i = 0; i < shadow->queue_count; i++)
		for (int candidate = 0; candidate < RPS_CANDIDATES; candidate++)
			free(shadow->queues[i].candidates[candidate].cpus);
	free(shadow->queues);
	shadow->queues = NULL;
	shadow->queue_count = shadow->count = 0;
}

void shadow_unmap(struct shadow *shadow)
{
	forget(shadow);
	if (shadow->plan && shadow->plan != MAP_FAILED)
		munmap(shadow->plan, sizeof(*shadow->plan));
	if (shadow->memory && shadow->memory != MAP_FAILED)
		munmap(shadow->memory, shadow->stride * shadow->regions);
	free(shadow->seen);
	free(shadow->told);
	*shadow = (struct shadow){0};
}

static struct rps_shadow *shadow_of(const struct shadow *shadow, unsigned int region)
{
	return (struct rps_shadow *)(shadow->memory + region * shadow->stride);
}

/* Reads a list of CPUs from sysfs; what is not there, or "(null)", is an empty one. */
static struct mask read_cpus(const char *path)
{
	char list[8192];
	struct mask mask;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, list, sizeof(list) - 1);

	if (fd >= 0)
		close(fd);
	list[length > 0 ? length : 0] = '\0';
	list[strcspn(list, "\n")] = '\0';
	if (mask_read_list(&mask, list))
		mask = (struct mask){0};
	return mask;
}

/*
 * The CPUs that the kernel keeps of a mask for rps_cpus: those online that are not set apart by isolcpus= or nohz_full=
 * (rps_cpumask_housekeeping() and netdev_rx_queue_set_rps_mask() in net/core/net-sysfs.c).
 */
static struct mask kept_cpus(void)
{
	struct mask online = read_cpus(CPU_DIRECTORY "online");
	struct mask isolated = read_cpus(CPU_DIRECTORY "isolated");
	struct mask tickless = read_cpus(CPU_DIRECTORY "nohz_full");

	for (int word = 0; word < MASK_WORDS; word++)
		online.words[word] &= ~(isolated.words[word] | tickless.words[word]);
	return online;
}

static struct shadow_queue *queue_for(struct shadow *shadow, const struct assignment *assignment)
{
	struct shadow_queue *queue;

	for (size_t i = 0; i < shadow->queue_count; i++) {
		queue = &shadow->queues[i];
		if (queue->netns == assignment->netns && queue->ifindex == assignment->ifindex &&
		    queue->queue == assignment->queue)
			return queue;
	}
	queue = realloc(shadow->queues, (shadow->queue_count + 1) * sizeof(*queue));
	if (!queue)
		abort();
	shadow->queues = queue;
	queue += shadow->queue_count++;
	*queue = (struct shadow_queue){
		.netns = assignment->netns,
		.ifindex = assignment->ifindex,
		.queue = assignment->queue,
	};
	return queue;
}

static void assign(struct shadow *shadow, const struct assignment *assignment,
		   const struct mask *kept)
{
	struct shadow_queue *queue = queue_for(shadow, assignment);
	struct mask mask = mask_and(&assignment->mask, kept);
	uint16_t *cpus = calloc(mask_count(&mask) + 1, sizeof(*cpus));
	unsigned int count = 0;

	if (!cpus)
		abort();
	for (unsigned int cpu = 0; cpu < MASK_CPUS; cpu++)
		if (mask_has(&mask, cpu))
			cpus[count++] = cpu;
	free(queue->candidates[assignment->candidate].cpus);
	queue->candidates[assignment->candidate].set = true;
	queue->candidates[assignment->candidate].count = count;
	queue->candidates[assignment->candidate].cpus = cpus;
}

/* Gives a queue its place in the plan. Returns -1 when there is none. */
static int place(struct shadow *shadow, struct shadow_queue *queue)
{
	struct rps_place entry = {
		.device = (uint64_t)queue->netns << 32 | queue->ifindex,
		.queue = queue->queue,
		.counters = shadow->cpus,
	};
	unsigned int at = rps_place_of(entry.device, entry.queue);

	for (int i = 0; i < RPS_CANDIDATES; i++) {
		entry.candidates[i].first = entry.counters;
		entry.candidates[i].cpus = RPS_NO_CANDIDATE;
		if (!queue->candidates[i].set)
			continue;
		queue->candidates[i].first = entry.counters;
		entry.candidates[i].cpus = queue->candidates[i].count;
		entry.counters += queue->candidates[i].count + 2;
	}
	for (int probe = 0; probe < RPS_PLACE_PROBES; probe++, at++) {
		at %= RPS_PLACES;
		if (shadow->plan->places[at].device)
			continue;
		shadow->plan->places[at] = entry;
		queue->place = at;
		return 0;
	}
	return -1;
}

static void clear(struct shadow *shadow)
{
	for (unsigned int region = 0; region < shadow->regions; region++) {
		struct rps_shadow *each = shadow_of(shadow, region);

		if (each->used || each->lost)
			memset(each, 0, shadow->stride);
	}
	memset(shadow->plan, 0, sizeof(*shadow->plan));
	memset(shadow->seen, 0, (size_t)shadow->regions * shadow->room * sizeof(*shadow->seen));
	memset(shadow->told, 0, (size_t)shadow->regions * shadow->room * sizeof(*shadow->told));
	forget(shadow);
}

int shadow_set(struct shadow *shadow, struct counters *counters,
	       const struct candidates *candidates, struct failure *failure)
{
	const struct mask kept = kept_cpus();

	if (!shadow->plan)
		return fail(failure, "SHADOW_UNAVAILABLE", "shadow",
			    "Use the backend fexit or kretprobe.",
			    "this backend sees too little to predict from");
	counters_set_shadow(counters, false);
	wait_for_calls();
	clear(shadow);
	for (size_t i = 0; i < candidates->assignments; i++)
		assign(shadow, &candidates->list[i], &kept);
	for (size_t i = 0; i < shadow->queue_count; i++) {
		if (!place(shadow, &shadow->queues[i]))
			continue;
		clear(shadow);
		return fail(failure, "SHADOW_INVALID", "shadow", "Ask for fewer queues at a time.",
			    "there is no room for the masks of so many queues");
	}
	memcpy(shadow->ids, candidates->ids, sizeof(shadow->ids));
	shadow->count = candidates->count;
	shadow->since_ns = monotonic_ns();
	shadow->new = true;
	counters_set_shadow(counters, candidates->count);
	return 0;
}

static void add_to(struct rps_prediction *sum, const struct rps_prediction *counter)
{
	sum->skbs += LOAD(counter->skbs);
	sum->segments += LOAD(counter->segments);
	sum->bytes += LOAD(counter->bytes);
}

/* Adds what is counted for a flow to the candidates, as the program does when another one takes its place. */
static void add_flow(const struct shadow *shadow, const struct rps_shadow *each,
		     const struct rps_flow *flow, struct rps_prediction *seen)
{
	uint64_t key = LOAD(flow->key);
	const struct rps_place *place = &shadow->plan->places[RPS_FLOW_PLACE(key)];
	unsigned int first = LOAD(each->first[RPS_FLOW_PLACE(key)]);

	if (!key || !first)
		return;
	for (int i = 0; i < RPS_CANDIDATES; i++) {
		unsigned int cpus = place->candidates[i].cpus;

		if (cpus != RPS_NO_CANDIDATE)
			add_to(&seen[(first - 1 + place->candidates[i].first +
				      rps_choice(cpus, key)) &
				     (shadow->room - 1)],
			       &flow->counted);
	}
}

static void look_at(struct shadow *shadow, unsigned int region)
{
	const struct rps_shadow *each = shadow_of(shadow, region);
	struct rps_prediction *seen = &shadow->seen[(size_t)region * shadow->room];
	unsigned int used = LOAD(each->used);

	memset(seen, 0, used * sizeof(*seen));
	for (unsigned int i = 0; i < used; i++)
		add_to(&seen[i], &each->counters[i]);
	for (unsigned int i = 0; used && i < RPS_FLOWS; i++)
		add_flow(shadow, each, &each->flows[i], seen);
}

void shadow_look(struct shadow *shadow)
{
	for (unsigned int region = 0; region < shadow->regions; region++) {
		const struct rps_shadow *each = shadow_of(shadow, region);

		/* What is moved meanwhile would count twice, or not at all. */
		for (int attempt = 0; attempt < LOOKS; attempt++) {
			unsigned int moves = __atomic_load_n(&each->moves, __ATOMIC_ACQUIRE);

			look_at(shadow, region);
			__atomic_thread_fence(__ATOMIC_ACQUIRE);
			if (!(moves & 1) && LOAD(each->moves) == moves)
				break;
		}
	}
}

/* Adds a counter of a queue on a CPU to `values`, and its place among those told. NULL: that CPU has none. */
static uint64_t *add(const struct shadow *shadow, unsigned int region, unsigned int place,
		     unsigned int number, struct rps_prediction *values)
{
	unsigned int first = LOAD(shadow_of(shadow, region)->first[place]);
	size_t at;

	if (!first)
		return NULL;
	at = (size_t)region * shadow->room + first - 1 + number;
	add_to(values, &shadow->seen[at]);
	return &shadow->told[at];
}

static void visit_counter(struct shadow *shadow, struct prediction *prediction, unsigned int number,
			  bool changed, prediction_fn visit, void *context)
{
	unsigned int place = prediction->queue->place;
	uint64_t *told, *nested = NULL;

	prediction->values = (struct rps_prediction){0};
	told = add(shadow, prediction->cpu, place, number, &prediction->values);
	if (shadow->regions > shadow->cpus)
		nested = add(shadow, prediction->cpu + shadow->cpus, place, number,
			     &prediction->values);
	told = told ?: nested;
	if (!prediction->values.skbs || (changed && *told == prediction->values.skbs))
		return;
	if (changed)
		*told = prediction->values.skbs;
	visit(context, prediction);
}

static void visit_cpu(struct shadow *shadow, struct prediction *prediction, bool changed,
		      prediction_fn visit, void *context)
{
	const struct shadow_queue *queue = prediction->queue;
	unsigned int candidate = prediction->candidate;
	unsigned int count;

	if (candidate == RPS_CANDIDATES) {
		for (unsigned int target = 0; target < shadow->cpus; target++) {
			prediction->target = target;
			visit_counter(shadow, prediction, target, changed, visit, context);
		}
		return;
	}
	count = queue->candidates[candidate].count;
	for (unsigned int i = 0; i < count + 2; i++) {
		prediction->target = i < count	  ? queue->candidates[candidate].cpus[i]
				     : i == count ? -1
						  : SHADOW_UNKNOWN;
		visit_counter(shadow, prediction, queue->candidates[candidate].first + i, changed,
			      visit, context);
	}
}

void shadow_each(struct shadow *shadow, unsigned int candidate, bool changed, prediction_fn visit,
		 void *context)
{
	for (size_t i = 0; i < shadow->queue_count; i++) {
		struct prediction prediction = {
			.queue = &shadow->queues[i],
			.candidate = candidate,
		};

		if (candidate < RPS_CANDIDATES && !prediction.queue->candidates[candidate].set)
			continue;
		for (; prediction.cpu < shadow->cpus; prediction.cpu++)
			visit_cpu(shadow, &prediction, changed, visit, context);
	}
}

static size_t queue_at(const struct shadow *shadow, unsigned int place)
{
	size_t queue = 0;

	while (queue < shadow->queue_count && shadow->queues[queue].place != place)
		queue++;
	return queue;
}

void shadow_largest(const struct shadow *shadow, uint64_t *largest)
{
	memset(largest, 0, shadow->queue_count * sizeof(*largest));
	/* A flow is at the same place of the table on every CPU that it comes through. */
	for (size_t at = 0; at < RPS_FLOWS * (size_t)shadow->regions; at++) {
		unsigned int region = at / RPS_FLOWS;
		const struct rps_flow *flow = &shadow_of(shadow, region)->flows[at % RPS_FLOWS];
		uint64_t key = LOAD(flow->key), skbs = LOAD(flow->counted.skbs);
		bool is_flow = RPS_FLOW_CERTAIN(key) && RPS_FLOW_HASH(key);
		size_t queue =
			is_flow ? queue_at(shadow, RPS_FLOW_PLACE(key)) : shadow->queue_count;

		if (queue == shadow->queue_count)
			continue;
		for (unsigned int other = region + 1; other < shadow->regions; other++) {
			const struct rps_flow *same =
				&shadow_of(shadow, other)->flows[at % RPS_FLOWS];

			if (LOAD(same->key) == key)
				skbs += LOAD(same->counted.skbs);
		}
		if (skbs > largest[queue])
			largest[queue] = skbs;
	}
}

uint64_t shadow_lost(const struct shadow *shadow)
{
	uint64_t lost = 0;

	for (unsigned int region = 0; region < shadow->regions; region++)
		lost += LOAD(shadow_of(shadow, region)->lost);
	return lost;
}
