// SPDX-License-Identifier: MIT
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "diagnosis.h"
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

/* Copies the number that follows `name` in an fdinfo file, if it is there. */
static bool fdinfo_number(const char *text, const char *name, __u64 *number)
{
	const char *line = strstr(text, name);

	return line && sscanf(line + strlen(name), ":%llu", number) == 1;
}

static void read_fdinfo(const char *path, char *text, size_t room)
{
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, room - 1, file) : 0;

	text[length] = '\0';
	if (file)
		fclose(file);
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
	read_fdinfo(path, text, sizeof(text));
	close(fd);
	return fdinfo_number(text, "recursion_misses", &misses);
}

static void release(struct tracer *tracer)
{
	bpf_link__destroy(tracer->link);
	rpstrace_bpf__destroy(tracer->program);
	*tracer = (struct tracer){0};
}

static int load(struct rpstrace_bpf *program, struct counters *counters, unsigned int cpus,
		unsigned int rows, bool guarded)
{
	unsigned int far = power_of_two(rows);
	unsigned int regions = guarded ? cpus : 2 * cpus;
	int error;

	program->rodata->far_mask = far - 1;
	program->rodata->row_limit = rows;
	program->rodata->nested_base = cpus;
	error = bpf_program__set_autoload(program->progs.get_rps_cpu, guarded) ?:
		bpf_program__set_autoload(program->progs.get_rps_cpu_old, !guarded) ?:
		bpf_map__set_max_entries(program->maps.regions, regions) ?:
		bpf_map__set_value_size(program->maps.regions, region_size(far)) ?:
		rpstrace_bpf__load(program) ?:
		counters_map(counters, bpf_map__fd(program->maps.regions), far, regions, cpus);
	/* Until the setting was looked at. */
	if (!error)
		counters_set_rfs(counters, true);
	return error;
}

int tracer_attach(struct tracer *tracer, struct counters *counters, unsigned int cpus,
		  unsigned int rows, struct failure *failure)
{
	bool guarded = kernel_guards();
	struct bpf_program *fexit;
	int error;

	*tracer = (struct tracer){0};
	diagnosis_listen();
	tracer->program = rpstrace_bpf__open();
	error = tracer->program ? load(tracer->program, counters, cpus, rows ?: suitable_rows(cpus),
				       guarded)
				: -errno;
	if (error) {
		release(tracer);
		return diagnose_load(error, failure);
	}
	fexit = guarded ? tracer->program->progs.get_rps_cpu
			: tracer->program->progs.get_rps_cpu_old;
	snprintf(tracer->fdinfo, sizeof(tracer->fdinfo), "/proc/self/fdinfo/%d",
		 bpf_program__fd(fexit));
	tracer->link = bpf_program__attach_trace(fexit);
	if (!tracer->link) {
		error = -errno;
		release(tracer);
		return diagnose_attach(error, failure);
	}
	return 0;
}

struct health tracer_health(const struct tracer *tracer)
{
	struct health health = {0};
	char text[1024];

	read_fdinfo(tracer->fdinfo, text, sizeof(text));
	fdinfo_number(text, "recursion_misses", &health.missed);
	fdinfo_number(text, "run_cnt", &health.runs);
	fdinfo_number(text, "run_time_ns", &health.run_ns);
	return health;
}

void tracer_detach(struct tracer *tracer)
{
	bpf_link__destroy(tracer->link);
	tracer->link = NULL;
	/*
	 * A program that began before may still run: get_rps_cpu() is called under rcu_read_lock(), and this waits for
	 * those who hold it. Kernels with nohz_full= refuse; there, time does it.
	 */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		usleep(100000);
}
