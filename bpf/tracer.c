// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "diagnosis.h"
#include "fdinfo.h"
#include "misses.h"
#include "rpstrace.skel.h"
#include "tracer.h"

/* Unless told otherwise, the counters take about this much memory, within these bounds. */
#define COUNTER_MEMORY (24 << 20)
#define ROWS_LEAST 1024
#define ROWS_MOST 8192

static unsigned int suitable_rows(unsigned int cpus)
{
	unsigned int rows = ROWS_LEAST;

	while (rows < ROWS_MOST && region_size(rows * 2) * cpus <= COUNTER_MEMORY)
		rows *= 2;
	return rows;
}

static unsigned int power_of_two(unsigned int least)
{
	unsigned int power = 1;

	while (power < least)
		power *= 2;
	return power;
}

/*
 * Whether the kernel keeps a BPF program from interrupting itself. It came together with counting what was kept off
 * (Linux 5.12, ca06f55b9002 and 9ed9e9ba2337), which any program's fdinfo shows.
 */
static bool kernel_guards(void)
{
	const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	char path[64], text[1024];
	__u64 misses;
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "MIT", nothing, 2, NULL);

	if (fd < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	fdinfo_read(path, text, sizeof(text));
	close(fd);
	return fdinfo_number(text, "recursion_misses", &misses);
}

static void release(struct tracer *tracer)
{
	for (int i = BACKEND_PROGRAMS - 1; i >= 0; i--) {
		bpf_link__destroy(tracer->links[i]);
		tracer->links[i] = NULL;
	}
	rpstrace_bpf__destroy(tracer->skeleton);
	tracer->skeleton = NULL;
	shadow_unmap(&tracer->shadow);
}

/* The types of the kernel itself serve better than any file: a file of another kernel would do harm. */
static int open_skeleton(struct tracer *tracer, const char *btf, const struct filter *filter)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = btf);
	struct rpstrace_bpf *skeleton = calloc(1, sizeof(*skeleton));
	void *filtered = NULL;
	int error;

	if (!skeleton)
		return -ENOMEM;
	error = rpstrace_bpf__create_skeleton(skeleton);
	if (!error && filter) {
		filtered = filter_splice(filter, skeleton->skeleton->data,
					 skeleton->skeleton->data_sz);
		skeleton->skeleton->data = filtered;
	}
	error = error ?: bpf_object__open_skeleton(skeleton->skeleton, &options);
	free(filtered);
	if (error) {
		rpstrace_bpf__destroy(skeleton);
		return error;
	}
	skeleton->rodata->filtering = filter;
	tracer->skeleton = skeleton;
	return 0;
}

/* Candidate masks take a backend that sees every decision. */
static int size_shadow(const struct rpstrace_bpf *skeleton, bool possible, unsigned int regions,
		       unsigned int cpus)
{
	if (!possible)
		return bpf_map__set_autocreate(skeleton->maps.plans, false)
			       ?: bpf_map__set_autocreate(skeleton->maps.shadows, false);
	skeleton->rodata->prediction_mask = shadow_room(cpus) - 1;
	return bpf_map__set_max_entries(skeleton->maps.shadows, regions)
		       ?: bpf_map__set_value_size(skeleton->maps.shadows,
						  shadow_size(shadow_room(cpus)));
}

static int load(struct tracer *tracer, struct counters *counters, enum backend backend,
		const struct plan *plan, struct programs *programs)
{
	struct rpstrace_bpf *skeleton = tracer->skeleton;
	unsigned int rows = plan->rows ?: suitable_rows(plan->cpus);
	unsigned int far = power_of_two(rows);
	bool guarded = backend != BACKEND_FEXIT || kernel_guards();
	unsigned int regions = guarded ? plan->cpus : 2 * plan->cpus;
	int error;

	skeleton->rodata->far_mask = far - 1;
	skeleton->rodata->row_limit = rows;
	skeleton->rodata->nested_base = plan->cpus;
	error = backend_select(backend, skeleton, guarded, programs) ?:
		bpf_map__set_max_entries(skeleton->maps.regions, regions) ?:
		bpf_map__set_value_size(skeleton->maps.regions, region_size(far)) ?:
		size_shadow(skeleton, backend != BACKEND_KPROBE, regions, plan->cpus) ?:
		rpstrace_bpf__load(skeleton) ?:
		counters_map(counters, bpf_map__fd(skeleton->maps.regions), far, regions, plan->cpus);
	if (!error && backend != BACKEND_KPROBE)
		error = shadow_map(&tracer->shadow, bpf_map__fd(skeleton->maps.plans),
				   bpf_map__fd(skeleton->maps.shadows), regions, plan->cpus);
	/* Until the setting was looked at. */
	if (!error)
		counters_set_rfs(counters, true);
	return error;
}

static int attach(struct tracer *tracer, enum backend backend, const struct programs *programs)
{
	for (int i = 0; i < BACKEND_PROGRAMS && programs->list[i]; i++) {
		tracer->links[i] = backend_attach(backend, programs->list[i]);
		if (!tracer->links[i])
			return -errno;
		snprintf(tracer->fdinfo[i], sizeof(tracer->fdinfo[i]), "/proc/self/fdinfo/%d",
			 bpf_program__fd(programs->list[i]));
	}
	return 0;
}

/*
 * Waits for calls that are under way: get_rps_cpu() is called under rcu_read_lock(), and this waits for those who hold
 * it. Kernels with nohz_full= refuse; there, time does it.
 */
void wait_for_calls(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(100000);
}

static int try(struct tracer *tracer, struct counters *counters, enum backend backend,
	       const struct plan *plan)
{
	struct attempt *attempt = &tracer->attempts[backend];
	struct programs programs;
	int error;

	attempt->tried = true;
	diagnosis_listen();
	error = open_skeleton(tracer, backend == BACKEND_FEXIT ? NULL : plan->btf, plan->filter)
			?: load(tracer, counters, backend, plan, &programs);
	if (error) {
		diagnose_load(error, &attempt->failure);
	} else {
		error = attach(tracer, backend, &programs);
		if (error)
			diagnose_attach(error, &attempt->failure);
	}
	attempt->worked = !error;
	if (error) {
		counters_unmap(counters);
		release(tracer);
		return -1;
	}
	tracer->backend = backend;
	if (backend == BACKEND_KRETPROBE) {
		/* Calls that began before both were attached have lost their other half. */
		wait_for_calls();
		counters_forget_unpaired(counters);
	}
	return 0;
}

int tracer_attach(struct tracer *tracer, struct counters *counters, const struct plan *plan,
		  struct failure *failure)
{
	/* The kretprobe is slow, so it is for those who ask for it. */
	static const enum backend automatic[] = {BACKEND_FEXIT, BACKEND_KPROBE};

	*tracer = (struct tracer){.backend = BACKEND_NONE};
	*counters = (struct counters){0};
	if (plan->backend == BACKEND_NONE)
		return 0;
	if (plan->backend != BACKEND_AUTO) {
		if (!try(tracer, counters, plan->backend, plan))
			return 0;
		*failure = tracer->attempts[plan->backend].failure;
		return -1;
	}
	for (size_t i = 0; i < sizeof(automatic) / sizeof(*automatic); i++)
		if (!try(tracer, counters, automatic[i], plan))
			return 0;
	return 0;
}

void tracer_check(struct tracer *tracer, const struct plan *plan)
{
	*tracer = (struct tracer){.backend = BACKEND_AUTO};
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++) {
		struct counters counters = {0};

		if (try(tracer, &counters, backend, plan))
			continue;
		tracer_detach(tracer);
		counters_unmap(&counters);
		release(tracer);
	}
}

void tracer_detach(struct tracer *tracer)
{
	if (!tracer->skeleton)
		return;
	for (int i = BACKEND_PROGRAMS - 1; i >= 0; i--) {
		if (tracer->links[i])
			tracer->missed += probe_misses(bpf_link__fd(tracer->links[i]));
		bpf_link__destroy(tracer->links[i]);
		tracer->links[i] = NULL;
	}
	wait_for_calls();
}
