// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "rpstrace.skel.h"
#include "tracer/loading.h"

/* What is being loaded: libbpf calls back once for each program. */
static const struct loading *under_way;

/* Makes calls of bpf_rdonly_cast(), and the address of the regions, out of their marks. */
static int set_marks(struct bpf_program *program, __u32 cast, int regions)
{
	size_t count = bpf_program__insn_cnt(program);
	struct bpf_insn *code = malloc(count * sizeof(*code));
	int error;

	if (!code)
		return -ENOMEM;
	memcpy(code, bpf_program__insns(program), count * sizeof(*code));
	for (size_t i = 0; i < count; i++)
		if (code[i].code == (BPF_JMP | BPF_CALL) && code[i].imm == RPS_CAST_MARK) {
			code[i].src_reg = BPF_PSEUDO_KFUNC_CALL;
			code[i].imm = cast;
		} else if (code[i].code == (BPF_LD | BPF_IMM | BPF_DW) &&
			   code[i + 1].imm == RPS_REGIONS_MARK) {
			code[i].src_reg = BPF_PSEUDO_MAP_VALUE;
			code[i].imm = regions;
			code[i + 1].imm = 0;
		}
	error = bpf_program__set_insns(program, code, count);
	free(code);
	return error;
}

/*
 * libbpf is not told before that these are tracing programs: it would take all of the kernel's types into memory to look
 * for the function.
 */
static int prepare(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	int error = 0;

	(void)cookie;
	if (under_way->backend == BACKEND_FEXIT) {
		error = bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
		options->attach_btf_id = under_way->function;
	}
	if (!error && under_way->cast)
		error = set_marks(program, under_way->cast,
				  bpf_map__fd(under_way->skeleton->maps.regions));
	return error;
}

/* The programs' sections mean nothing to libbpf: all of them are prepared here. */
static int prepare_all(void)
{
	static int registered = -1;
	LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = prepare);

	if (registered < 0)
		registered = libbpf_register_prog_handler(NULL, BPF_PROG_TYPE_KPROBE, 0, &options);
	return registered < 0 ? registered : 0;
}

/* What the program and this loader must know of the kernel's types by number. */
static int find_types(struct loading *loading, bool casts)
{
	static const char function[] = "get_rps_cpu", cast[] = "bpf_rdonly_cast";
	static const char *const functions[] = {function, cast, NULL};
	const struct subset *subset = &loading->subset;
	int error = subset_find(&loading->subset, &loading->types,
				bpf_object__btf(loading->skeleton->obj), functions);

	if (error)
		return error;
	loading->function = subset_number(subset, BTF_KIND_FUNC, function);
	loading->cast =
		casts && !loading->types.foreign ? subset_number(subset, BTF_KIND_FUNC, cast) : 0;
	loading->constants[RPS_CASTS] = loading->cast != 0;
	loading->constants[RPS_SK_BUFF] = subset_number(subset, BTF_KIND_STRUCT, "sk_buff");
	loading->constants[RPS_NET_DEVICE] = subset_number(subset, BTF_KIND_STRUCT, "net_device");
	loading->constants[RPS_WORD] = subset_number(subset, BTF_KIND_STRUCT, "timespec64");
	return loading->backend == BACKEND_FEXIT && !loading->function ? -ESRCH : 0;
}

static int open_skeleton(struct loading *loading, const struct filter *filter)
{
	char path[32];
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = path);
	struct rpstrace_bpf *skeleton;
	void *filtered = NULL;
	int error;

	loading->file = memfd_create("types", MFD_CLOEXEC);
	if (loading->file < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", loading->file);
	skeleton = calloc(1, sizeof(*skeleton));
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
	if (error)
		rpstrace_bpf__destroy(skeleton);
	else
		loading->skeleton = skeleton;
	return error;
}

int loading_open(struct loading *loading, enum backend backend, const struct kernel_btf *btf,
		 const struct filter *filter, bool casts)
{
	*loading = (struct loading){.backend = backend, .file = -1};
	/* The types of the kernel itself serve better than any file: a file of another kernel would do harm. */
	return kernel_btf_read(&loading->types, backend == BACKEND_FEXIT ? NULL : btf)
		       ?: prepare_all()
				  ?: open_skeleton(loading, filter) ?: find_types(loading, casts);
}

int loading_finish(struct loading *loading)
{
	under_way = loading;
	return subset_write(&loading->subset, loading->constants, loading->file)
		       ?: rpstrace_bpf__load(loading->skeleton);
}

void loading_close(struct loading *loading)
{
	if (loading->file >= 0)
		close(loading->file);
	subset_free(&loading->subset);
	kernel_btf_free(&loading->types);
}
