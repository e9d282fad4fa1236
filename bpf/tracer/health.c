// SPDX-License-Identifier: MIT
#include "process/fdinfo.h"
#include "tracer/misses.h"
#include "tracer/tracer.h"

/*
 * Calls of which a pair of probes has missed one half or both. A half alone was missed once and left one unpaired, two
 * halves were missed twice. Before Linux 6.7 the kernel does not tell all, and what is left unpaired is what is known.
 */
static __u64 missed_calls(__u64 missed, __u64 unpaired)
{
	__u64 calls = (missed + unpaired + 1) / 2;

	return calls > unpaired ? calls : unpaired;
}

struct health tracer_health(const struct tracer *tracer, const struct counters *counters)
{
	__u64 unpaired = counters_unpaired(counters), missed = tracer->missed;
	struct health health = {0};

	for (int i = 0; i < BACKEND_PROGRAMS && tracer->programs[i]; i++) {
		char text[1024];
		__u64 number;

		fdinfo_read(tracer->fdinfo[i], text, sizeof(text));
		if (fdinfo_number(text, "recursion_misses", &number))
			missed += number;
		/* Only probes tell more than this, and it takes a system call. */
		if (tracer->links[i] && tracer->backend != BACKEND_FEXIT)
			missed += probe_misses(bpf_link__fd(tracer->links[i]));
		/* A call is one run of each program. */
		fdinfo_number(text, "run_cnt", &health.runs);
		if (fdinfo_number(text, "run_time_ns", &number))
			health.run_ns += number;
	}
	health.missed =
		tracer->backend == BACKEND_KRETPROBE ? missed_calls(missed, unpaired) : missed;
	return health;
}
