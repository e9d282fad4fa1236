/* SPDX-License-Identifier: MIT */
/* Candidate masks that the BPF program evaluates on the packets that flow; see abi/candidates.h. */
#ifndef CANDIDATES_PREDICTIONS_H
#define CANDIDATES_PREDICTIONS_H

#include <stdbool.h>
#include "abi/candidates.h"
#include "base/failure.h"
#include "candidates/candidates.h"
#include "host/kept_cpus.h"
#include "tracer/counters.h"
#include "tracer/prediction_maps.h"

/* A queue's candidates, as the kernel would keep them. */
struct prediction_queue {
	uint32_t netns;
	uint32_t ifindex;
	unsigned int queue;
	unsigned int place; /* in the plan */
	struct {
		bool set;
		unsigned int first; /* as in the plan */
		unsigned int count;
		uint16_t *cpus; /* ascending */
	} candidates[RPS_CANDIDATES];
};

struct predictions {
	const struct prediction_maps *maps;
	const struct kept_cpus *kept;
	struct candidates candidates; /* as they were asked for */
	struct mask rests_on;	      /* the CPUs that were kept when they were set */
	struct rps_plan *plan;	      /* NULL until there are candidates */
	char *memory;
	size_t stride;	      /* from CPU to CPU */
	unsigned int regions; /* 0 where the program cannot predict */
	unsigned int cpus;
	unsigned int room;  /* counters on each CPU */
	unsigned int count; /* candidates */
	uint32_t ids[RPS_CANDIDATES];
	struct prediction_queue *queues;
	size_t queue_count;
	uint64_t since_ns; /* CLOCK_MONOTONIC when the candidates were set */
	uint64_t *told;	   /* for each counter, its skbs when it was last told */
	bool new;	   /* nothing was told of these candidates yet */
};

static inline struct rps_predictions *predictions_region(const struct predictions *predictions,
							 unsigned int region)
{
	return (struct rps_predictions *)(predictions->memory + region * predictions->stride);
}

/* Makes candidates possible in the maps of a tracer, which must outlive `predictions`, as must `kept`. There are none yet. */
void predictions_begin(struct predictions *predictions, const struct prediction_maps *maps,
		       const struct kept_cpus *kept);

/*
 * Replaces all candidates and empties `candidates`; their counters begin at 0. Returns -1 with `failure` set when there is no
 * room or memory for them, the kernel refuses a mask, or the program cannot predict: then there are none.
 */
int predictions_set(struct predictions *predictions, struct counters *counters,
		    struct candidates *candidates, struct failure *failure);

/* Sets the candidates again, with counters from 0, when the kernel keeps other CPUs by now. Returns whether it did. */
bool predictions_refresh(struct predictions *predictions, struct counters *counters);

/* A prediction for a queue that one CPU handles. `target`: -1 for none, -2 when it cannot be known. */
struct prediction {
	const struct prediction_queue *queue;
	unsigned int candidate;
	unsigned int cpu;
	int target;
	struct rps_prediction values;
};

#define PREDICTION_UNKNOWN (-2)

typedef void (*prediction_fn)(void *context, const struct prediction *prediction);

/*
 * Visits the predictions of a candidate, or, as number RPS_CANDIDATES, what RFS chose and would choose under any mask; with
 * `changed` only those that changed since the last such visit.
 */
void predictions_each(struct predictions *predictions, unsigned int candidate, bool changed,
		      prediction_fn visit, void *context);

/* Sets `largest` to the skbs of each queue's largest flow, or somewhat fewer. */
void predictions_largest(const struct predictions *predictions, uint64_t *largest);

/* Calls that could not be counted. */
uint64_t predictions_lost(const struct predictions *predictions);

#endif
