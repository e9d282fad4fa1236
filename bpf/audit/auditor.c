// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "audit.skel.h"
#include "audit/auditor.h"
#include "btf/load_failure.h"
#include "btf/subset.h"
#include "host/settings.h"
#include "tracer/backend.h"

#define FUNCTION "store_rps_map"

enum way { WAY_FEXIT, WAY_KPROBE, WAYS };

/* The function's number among the kernel's types while its fexit program is being loaded, else 0: libbpf calls back. */
static __u32 traced;

/* As tracer/loading.c does it, libbpf is not told before that this is a tracing program. */
static int prepare(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	(void)cookie;
	if (!traced)
		return 0;
	options->attach_btf_id = traced;
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

static int prepare_all(void)
{
	static int registered = -1;
	LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = prepare);

	if (registered < 0)
		registered =
			libbpf_register_prog_handler("audit", BPF_PROG_TYPE_KPROBE, 0, &options);
	return registered < 0 ? registered : 0;
}

/* The programs of a way, in the order they are attached. */
static int choose(struct audit_bpf *skeleton, enum way way,
		  struct bpf_program *programs[AUDITOR_PROGRAMS])
{
	struct bpf_program *program;
	int error = 0;

	programs[0] = way == WAY_FEXIT ? skeleton->progs.store_rps_map
				       : skeleton->progs.store_rps_map_called;
	programs[1] = way == WAY_FEXIT ? NULL : skeleton->progs.store_rps_map_returned;
	if (way == WAY_FEXIT)
		bpf_program__set_expected_attach_type(programs[0], BPF_TRACE_FEXIT);
	bpf_object__for_each_program(program, skeleton->obj) error =
		error
			?: bpf_program__set_autoload(program, program == programs[0] ||
								      program == programs[1]);
	return error ?: bpf_map__set_autocreate(skeleton->maps.open_writes, way == WAY_KPROBE);
}

/* Loads the programs of a way with those of the kernel's types that they know, which libbpf finds in `file`. */
static int load(struct audit_bpf *skeleton, enum way way, const struct kernel_btf *types, int file)
{
	static const char *const functions[] = {FUNCTION, NULL};
	struct subset subset;
	int error = subset_find(&subset, types, bpf_object__btf(skeleton->obj), functions);

	if (!error)
		error = subset_write(&subset, NULL, file);
	traced = way == WAY_FEXIT ? subset_number(&subset, BTF_KIND_FUNC, FUNCTION) : 0;
	subset_free(&subset);
	if (!error && way == WAY_FEXIT && !traced)
		error = -ENOENT;
	return error ?: audit_bpf__load(skeleton);
}

static int attach(struct auditor *auditor, enum way way, struct bpf_program *const *programs)
{
	for (int i = 0; i < AUDITOR_PROGRAMS && programs[i]; i++) {
		auditor->links[i] = way == WAY_FEXIT ? bpf_program__attach_trace(programs[i])
						     : bpf_program__attach_kprobe(programs[i],
										  i == 1, FUNCTION);
		if (!auditor->links[i])
			return -errno;
		auditor->programs[i] = fcntl(bpf_program__fd(programs[i]), F_DUPFD_CLOEXEC, 3);
	}
	return 0;
}

static struct audit_bpf *open_skeleton(int file)
{
	char path[32];
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = path);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return audit_bpf__open_opts(&options);
}

static int try(struct auditor *auditor, enum way way, const struct kernel_btf *types,
	       struct failure *failure)
{
	struct bpf_program *programs[AUDITOR_PROGRAMS];
	struct audit_bpf *skeleton;
	int error, file;

	if (backend_needs_ftrace(way == WAY_FEXIT ? BACKEND_FEXIT : BACKEND_KRETPROBE) &&
	    settings_ftrace_is_off())
		return ftrace_failure_explain(failure);
	file = memfd_create("types", MFD_CLOEXEC);
	load_failure_listen();
	skeleton = file < 0 ? NULL : open_skeleton(file);
	error = skeleton ? choose(skeleton, way, programs) ?: load(skeleton, way, types, file)
			 : -errno;
	if (error) {
		load_failure_explain(error, failure);
	} else {
		error = attach(auditor, way, programs);
		if (error)
			attach_failure_explain(error, failure);
	}
	if (!error) {
		auditor->writes = fcntl(bpf_map__fd(skeleton->maps.writes), F_DUPFD_CLOEXEC, 3);
		auditor->lost = fcntl(bpf_map__fd(skeleton->maps.lost), F_DUPFD_CLOEXEC, 3);
	}
	audit_bpf__destroy(skeleton);
	if (file >= 0)
		close(file);
	if (error)
		auditor_detach(auditor);
	return error;
}

void auditor_attach(struct auditor *auditor, const struct kernel_btf *btf,
		    struct auditor_outcome *outcome)
{
	static const char *const names[] = {"fexit", "kprobe"};
	struct kernel_btf types;
	bool own = !kernel_btf_read(&types, NULL);
	int error = prepare_all();

	*auditor = (struct auditor){0};
	*outcome = (struct auditor_outcome){0};
	if (!error && !own)
		error = btf ? kernel_btf_read(&types, btf) : -ENODATA;
	if (error) {
		load_failure_listen();
		load_failure_explain(error, &outcome->failure);
	}
	/* What is told of a failure is the last one's: what keeps probes off keeps the others off, too. */
	for (enum way way = own ? WAY_FEXIT : WAY_KPROBE; !error && !outcome->worked && way < WAYS;
	     way++) {
		outcome->worked = !try(auditor, way, &types, &outcome->failure);
		outcome->way = names[way];
	}
	kernel_btf_free(&types);
}

void auditor_detach(struct auditor *auditor)
{
	for (int i = 0; i < AUDITOR_PROGRAMS; i++) {
		bpf_link__destroy(auditor->links[i]);
		if (auditor->programs[i])
			close(auditor->programs[i]);
	}
	if (auditor->writes)
		close(auditor->writes);
	if (auditor->lost)
		close(auditor->lost);
	*auditor = (struct auditor){0};
}
