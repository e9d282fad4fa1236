// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "btf/load_failure.h"
#include "host/settings.h"
#include "process/fdinfo.h"
#include "rpstrace.skel.h"
#include "tracer/loading.h"
#include "tracer/misses.h"
#include "tracer/tracer.h"

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
	char text[1024];
	__u64 misses;
	int info, fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "MIT", nothing, 2, NULL);

	if (fd < 0)
		return false;
	info = fdinfo_open(fd);
	fdinfo_read(info, text, sizeof(text));
	close(info);
	close(fd);
	return fdinfo_number(text, "recursion_misses", &misses);
}

static void release(struct tracer *tracer)
{
	for (int i = BACKEND_PROGRAMS - 1; i >= 0; i--) {
		bpf_link__destroy(tracer->links[i]);
		tracer->links[i] = NULL;
		if (tracer->programs[i]) {
			close(tracer->fdinfo[i]);
			close(tracer->programs[i]);
		}
		tracer->programs[i] = 0;
	}
	if (tracer->regions)
		close(tracer->regions);
	tracer->regions = 0;
	rpstrace_bpf__destroy(tracer->skeleton);
	tracer->skeleton = NULL;
	prediction_maps_close(&tracer->predictions);
}

/* Candidate masks take a backend that sees every decision. */
static int size_predictions(struct loading *loading, bool possible, unsigned int regions,
			    unsigned int cpus)
{
	struct rpstrace_bpf *skeleton = loading->skeleton;

	if (!possible)
		return bpf_map__set_autocreate(skeleton->maps.plans, false)
			       ?: bpf_map__set_autocreate(skeleton->maps.predicted, false);
	loading->constants[RPS_PREDICTION_MASK] = prediction_room(cpus) - 1;
	return bpf_map__set_max_entries(skeleton->maps.predicted, regions)
		       ?: bpf_map__set_value_size(skeleton->maps.predicted,
						  prediction_size(prediction_room(cpus)));
}

/* As far as the verifier follows an address (BPF_MAX_VAR_OFF in include/linux/bpf_verifier.h). */
#define VALUE_MOST (1 << 29)

/*
 * All regions are one value of their map, or each is one. Values of more than 4 MiB came (Linux 5.15, f0dce1d9b7c8) before
 * what `cast` stands for.
 */
static int size_regions(struct loading *loading, size_t size, unsigned int regions)
{
	struct bpf_map *map = loading->skeleton->maps.regions;
	bool one = loading->cast && size * regions < VALUE_MOST;

	loading->constants[RPS_REGIONS] = one ? regions : 0;
	loading->constants[RPS_STRIDE] = size;
	return bpf_map__set_max_entries(map, one ? 1 : regions)
		       ?: bpf_map__set_value_size(map, one ? size * regions : size);
}

static int load(struct tracer *tracer, struct counters *counters, struct loading *loading,
		const struct tracer_plan *plan, struct programs *programs)
{
	struct rpstrace_bpf *skeleton = loading->skeleton;
	enum backend backend = loading->backend;
	unsigned int rows = plan->rows ?: counters_rows(plan->cpus);
	unsigned int far = counters_far(rows);
	bool guarded = backend != BACKEND_FEXIT || kernel_guards();
	unsigned int regions = guarded ? plan->cpus : 2 * plan->cpus;
	int error;

	loading->constants[RPS_FAR_MASK] = far - 1;
	loading->constants[RPS_ROW_LIMIT] = rows;
	loading->constants[RPS_NESTED_BASE] = plan->cpus;
	error = backend_select(backend, skeleton, guarded, plan->filter, programs) ?:
		size_regions(loading, region_size(far), regions) ?:
		size_predictions(loading, backend != BACKEND_KPROBE, regions, plan->cpus) ?:
		loading_finish(loading) ?:
		counters_map(counters, bpf_map__fd(skeleton->maps.regions), far, regions, plan->cpus);
	if (!error && backend != BACKEND_KPROBE)
		error = prediction_maps_open(
			&tracer->predictions, bpf_map__fd(skeleton->maps.plans),
			bpf_map__fd(skeleton->maps.predicted), regions, plan->cpus);
	if (error)
		return error;
	/* Until the setting was looked at, and until the program is told of devices. */
	counters_set_extra(counters, RPS_RFS | RPS_UNTOLD, true);
	if (guarded && backend == BACKEND_FEXIT && !plan->filter)
		tracer->regions = fcntl(bpf_map__fd(skeleton->maps.regions), F_DUPFD_CLOEXEC, 3);
	return 0;
}

/* Opens and loads. Not every kernel that has bpf_rdonly_cast() lets every program use it. */
static int prepare(struct tracer *tracer, struct counters *counters, enum backend backend,
		   const struct tracer_plan *plan, struct programs *programs)
{
	bool casts = true;

	for (;;) {
		struct loading loading;
		int error = loading_open(&loading, backend, plan->btf, plan->filter, casts);

		tracer->skeleton = loading.skeleton;
		error = error ?: load(tracer, counters, &loading, plan, programs);
		loading_close(&loading);
		if (!error || !loading.cast || error == -EPERM)
			return error;
		casts = false;
		counters_unmap(counters);
		release(tracer);
		load_failure_listen();
	}
}

static int attach(struct tracer *tracer, enum backend backend, const struct programs *programs)
{
	for (int i = 0; i < BACKEND_PROGRAMS && programs->list[i]; i++) {
		tracer->links[i] = backend_attach(backend, programs, i);
		if (!tracer->links[i])
			return -errno;
		tracer->programs[i] = fcntl(bpf_program__fd(programs->list[i]), F_DUPFD_CLOEXEC, 3);
		tracer->fdinfo[i] = fdinfo_open(tracer->programs[i]);
	}
	/* What libbpf knows of them is much, and no longer needed. */
	rpstrace_bpf__destroy(tracer->skeleton);
	tracer->skeleton = NULL;
	return 0;
}

/*
 * Waits for calls that are under way: get_rps_cpu() is called under rcu_read_lock(), and this waits for those who hold
 * it. Kernels with nohz_full= refuse; there, time does it.
 */
void tracer_wait_for_calls(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(100000);
}

static int try(struct tracer *tracer, struct counters *counters, enum backend backend,
	       const struct tracer_plan *plan)
{
	struct attempt *attempt = &tracer->attempts[backend];
	struct programs programs;
	int error;

	attempt->tried = true;
	if (backend_needs_ftrace(backend) && settings_ftrace_is_off())
		return ftrace_failure_explain(&attempt->failure);
	load_failure_listen();
	error = prepare(tracer, counters, backend, plan, &programs);
	if (error) {
		load_failure_explain(error, &attempt->failure);
	} else {
		error = attach(tracer, backend, &programs);
		if (error)
			attach_failure_explain(error, &attempt->failure);
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
		tracer_wait_for_calls();
		counters_forget_unpaired(counters);
	}
	return 0;
}

int tracer_attach(struct tracer *tracer, struct counters *counters, const struct tracer_plan *plan,
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

void tracer_check(struct tracer *tracer, const struct tracer_plan *plan)
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
	if (!tracer->links[0])
		return;
	for (int i = BACKEND_PROGRAMS - 1; i >= 0; i--) {
		if (tracer->links[i])
			tracer->missed += probe_misses(bpf_link__fd(tracer->links[i]));
		bpf_link__destroy(tracer->links[i]);
		tracer->links[i] = NULL;
	}
	tracer_wait_for_calls();
}
