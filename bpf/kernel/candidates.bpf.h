/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Counts where up to four candidate masks would send the packets that flow. */
#ifndef KERNEL_CANDIDATES_BPF_H
#define KERNEL_CANDIDATES_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "abi/candidates.h"
#include "abi/counters.h"
#include "kernel/reads.bpf.h"

/* The loader sets the real sizes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rps_plan);
} plans SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct rps_predictions) + sizeof(struct rps_prediction));
} predicted SEC(".maps");

static __always_inline void predict(struct rps_predictions *predictions, __u32 number,
				    const struct rps_arrival *packet)
{
	volatile __u32 *kept = &predictions->number;
	struct rps_prediction *counter;

	/* In the map's memory the verifier forgets how it was chosen: it need not follow each way to the end. */
	*kept = number;
	number = *kept & CONSTANT(RPS_PREDICTION_MASK);
	barrier_var(number);
	counter = &predictions->counters[number];
	counter->skbs++;
	counter->segments += packet->segments;
	counter->bytes += packet->bytes;
}

/* Which counter of a candidate with so many CPUs: see struct rps_place. As get_rps_cpu() in the kernel's net/core/dev.c. */
static __always_inline __u32 choice_of(__u32 cpus, const struct rps_arrival *packet)
{
	if (!cpus || (packet->certain && !packet->hash))
		return cpus;
	if (cpus == 1)
		return 0;
	if (!packet->certain)
		return cpus + 1;
	return (__u64)packet->hash * cpus >> 32; /* reciprocal_scale() */
}

static __always_inline void vote(struct rps_predictions *predictions, __u32 place,
				 const struct rps_arrival *packet)
{
	__u32 at = (packet->hash * 0x9e3779b1U ^ place) & (RPS_FLOWS - 1);
	struct rps_flow *flow;

	barrier_var(at);
	flow = &predictions->flows[at];
	if (flow->skbs && (flow->hash != packet->hash || flow->place != place)) {
		flow->skbs--;
		return;
	}
	flow->hash = packet->hash;
	flow->place = place;
	flow->skbs++;
}

static __always_inline __u32 counters_at(struct rps_predictions *predictions, __u32 at,
					 const struct rps_place *place)
{
	__u32 first = predictions->first[at];

	if (first)
		return first;
	if (predictions->used + place->counters > CONSTANT(RPS_PREDICTION_MASK) + 1) {
		predictions->lost++;
		return 0;
	}
	first = predictions->used + 1;
	predictions->used += place->counters;
	predictions->first[at] = first;
	return first;
}

/* `number` is that of the region that the call counts in. */
static __noinline int predict_candidates(__u32 number, const struct rps_arrival *packet)
{
	struct rps_predictions *predictions = bpf_map_lookup_elem(&predicted, &number);
	__u32 only = 0, at = rps_place_of(packet->device, packet->queue), first;
	struct rps_plan *plan = bpf_map_lookup_elem(&plans, &only);
	const struct rps_place *place = NULL;

	if (!predictions || !plan)
		return 0;
	for (int i = 0; i < RPS_PLACE_PROBES; i++, at++) {
		at &= RPS_PLACES - 1;
		barrier_var(at);
		place = &plan->places[at];
		if (place->device == packet->device && place->queue == packet->queue)
			break;
		if (!place->device)
			return 0;
		place = NULL;
	}
	if (!place)
		return 0;
	at &= RPS_PLACES - 1;
	barrier_var(at);
	first = counters_at(predictions, at, place);
	if (!first)
		return 0;
	first--;
	if (packet->flow) {
		predict(predictions, first + packet->target, packet);
		return 0;
	}
	for (int i = 0; i < RPS_CANDIDATES; i++) {
		__u32 cpus = place->candidates[i].cpus;

		if (cpus != RPS_NO_CANDIDATE)
			predict(predictions,
				first + place->candidates[i].first + choice_of(cpus, packet),
				packet);
	}
	if (packet->certain && packet->hash)
		vote(predictions, at, packet);
	return 0;
}

#endif
