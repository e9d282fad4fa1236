// SPDX-License-Identifier: MIT
#include "backend.h"
#include "rpstrace.skel.h"

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

int backend_select(enum backend backend, struct rpstrace_bpf *skeleton, bool guarded,
		   struct programs *programs)
{
	struct bpf_program *program;
	int error = 0;

	*programs = (struct programs){0};
	switch (backend) {
	case BACKEND_FEXIT:
		programs->list[0] =
			guarded ? skeleton->progs.get_rps_cpu : skeleton->progs.get_rps_cpu_old;
		break;
	case BACKEND_KPROBE:
		programs->list[0] = skeleton->progs.enqueue_to_backlog;
		break;
	default:
		programs->list[0] = skeleton->progs.get_rps_cpu_called;
		programs->list[1] = skeleton->progs.get_rps_cpu_returned;
	}
	bpf_object__for_each_program(program, skeleton->obj) error =
		error
			?: bpf_program__set_autoload(program, program == programs->list[0] ||
								      program == programs->list[1]);
	return error ?: bpf_map__set_autocreate(skeleton->maps.calls, backend == BACKEND_KRETPROBE);
}

struct bpf_link *backend_attach(enum backend backend, const struct bpf_program *program)
{
	return backend == BACKEND_FEXIT ? bpf_program__attach_trace(program)
					: bpf_program__attach(program);
}
