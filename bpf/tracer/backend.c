// SPDX-License-Identifier: MIT
#include "rpstrace.skel.h"
#include "tracer/backend.h"

const char *backend_name(enum backend backend)
{
	switch (backend) {
	case BACKEND_FEXIT:
		return "fexit";
	case BACKEND_KPROBE:
		return "kprobe";
	case BACKEND_KRETPROBE:
		return "kretprobe";
	default:
		return "none";
	}
}

bool backend_needs_ftrace(enum backend backend)
{
#ifdef __x86_64__
	return backend < BACKEND_COUNT;
#else
	return backend == BACKEND_FEXIT;
#endif
}

static void choose_fexit(struct programs *programs, struct rpstrace_bpf *skeleton, bool guarded,
			 bool filtered)
{
	if (guarded)
		programs->list[0] = filtered ? skeleton->progs.get_rps_cpu_filtered
					     : skeleton->progs.get_rps_cpu;
	else
		programs->list[0] = filtered ? skeleton->progs.get_rps_cpu_old_filtered
					     : skeleton->progs.get_rps_cpu_old;
	bpf_program__set_expected_attach_type(programs->list[0], BPF_TRACE_FEXIT);
}

int backend_select(enum backend backend, struct rpstrace_bpf *skeleton, bool guarded, bool filtered,
		   struct programs *programs)
{
	struct bpf_program *program;
	int error = 0;

	*programs = (struct programs){.functions = {"get_rps_cpu", "get_rps_cpu"}};
	switch (backend) {
	case BACKEND_FEXIT:
		choose_fexit(programs, skeleton, guarded, filtered);
		break;
	case BACKEND_KPROBE:
		programs->list[0] = filtered ? skeleton->progs.enqueue_to_backlog_filtered
					     : skeleton->progs.enqueue_to_backlog;
		programs->functions[0] = "enqueue_to_backlog";
		break;
	default:
		programs->list[0] = skeleton->progs.get_rps_cpu_called;
		programs->list[1] = filtered ? skeleton->progs.get_rps_cpu_returned_filtered
					     : skeleton->progs.get_rps_cpu_returned;
	}
	bpf_object__for_each_program(program, skeleton->obj) error =
		error
			?: bpf_program__set_autoload(program, program == programs->list[0] ||
								      program == programs->list[1]);
	return error ?: bpf_map__set_autocreate(skeleton->maps.calls, backend == BACKEND_KRETPROBE);
}

struct bpf_link *backend_attach(enum backend backend, const struct programs *programs, int place)
{
	if (backend == BACKEND_FEXIT)
		return bpf_program__attach_trace(programs->list[place]);
	/* The second of a pair is for the return. */
	return bpf_program__attach_kprobe(programs->list[place], place == 1,
					  programs->functions[place]);
}
