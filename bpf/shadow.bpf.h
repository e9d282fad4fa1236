/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Counts where up to four candidate masks would send the packets that flow. */
#ifndef SHADOW_BPF_H
#define SHADOW_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "plan.h"
#include "rpstrace.h"

/* Set before loading: counters of a CPU, a power of two, minus 1. */
const volatile __u32 prediction_mask = 0;

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
	__uint(value_size, sizeof(struct rps_shadow) + sizeof(struct rps_prediction));
} shadows SEC(".maps");

/* What a candidate mask needs to know of a packet. */
struct packet {
	__u64 device;
	__u32 queue;
	__u32 hash;
	struct rps_prediction counted;
	__u16 target; /* when RFS chose it */
	bool flow;    /* RFS chose, and would under any mask */
	bool certain; /* `hash` is the one the kernel steers by; otherwise it has not computed it */
};

static __always_inline void add_to(struct rps_prediction *counter,
				   const struct rps_prediction *counted)
{
	counter->skbs += counted->skbs;
	counter->segments += counted->segments;
	counter->bytes += counted->bytes;
}

static __always_inline void predict(struct rps_shadow *shadow, __u32 number,
				    const struct rps_prediction *counted)
{
	number &= prediction_mask;
	barrier_var(number);
	add_to(&shadow->counters[number], counted);
}

/* Adds packets of one flow to the counters of every candidate. */
static __noinline int predict_all(struct rps_shadow *shadow, const struct rps_plan *plan, __u64 key,
				  const struct rps_prediction *counted)
{
	__u32 at = RPS_FLOW_PLACE(key), first;
	const struct rps_place *place;
	struct rps_prediction amount;

	if (!shadow || !plan || !counted)
		return 0;
	amount = *counted;
	barrier_var(at);
	place = &plan->places[at];
	first = shadow->first[at] - 1;
	for (int i = 0; i < RPS_CANDIDATES; i++) {
		__u32 cpus = place->candidates[i].cpus;

		if (cpus != RPS_NO_CANDIDATE)
			predict(shadow, first + place->candidates[i].first + rps_choice(cpus, key),
				&amount);
	}
	return 0;
}

static __always_inline __u32 counters_at(struct rps_shadow *shadow, __u32 at,
					 const struct rps_place *place)
{
	__u32 first = shadow->first[at];

	if (first)
		return first;
	if (shadow->used + place->counters > prediction_mask + 1) {
		shadow->lost++;
		return 0;
	}
	first = shadow->used + 1;
	shadow->used += place->counters;
	shadow->first[at] = first;
	return first;
}

/* For the loader, which reads meanwhile. */
static __always_inline void move(__u32 *moves)
{
	barrier();
	*(volatile __u32 *)moves = *moves + 1;
	barrier();
}

/* `number` is that of the region that the call counts in. */
static __noinline int shadow(__u32 number, const struct packet *packet)
{
	struct rps_shadow *shadow = bpf_map_lookup_elem(&shadows, &number);
	__u32 only = 0, at = rps_place_of(packet->device, packet->queue), first;
	struct rps_plan *plan = bpf_map_lookup_elem(&plans, &only);
	const struct rps_place *place = NULL;
	struct rps_flow *flow;
	__u64 key;

	if (!shadow || !plan)
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
	first = counters_at(shadow, at, place);
	if (!first)
		return 0;
	if (packet->flow) {
		predict(shadow, first - 1 + packet->target, &packet->counted);
		return 0;
	}
	key = rps_flow_key(packet->hash, at, packet->certain);
	at = (packet->hash * 0x9e3779b1U ^ at) & (RPS_FLOWS - 1);
	barrier_var(at);
	flow = &shadow->flows[at];
	if (flow->key == key) {
		add_to(&flow->counted, &packet->counted);
		return 0;
	}
	if (flow->counted.skbs > flow->others) {
		flow->others++;
		return predict_all(shadow, plan, key, &packet->counted);
	}
	move(&shadow->moves);
	if (flow->key)
		predict_all(shadow, plan, flow->key, &flow->counted);
	flow->key = key;
	flow->others = 0;
	flow->counted = packet->counted;
	move(&shadow->moves);
	return 0;
}

#endif
