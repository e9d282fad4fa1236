// SPDX-License-Identifier: MIT
/*
 * sizes CPUS INTERFACES TARGETS: what the loader's own code takes to read and print the counters of a host of that
 * size, where each CPU has sent packets of each interface to that many targets. The counters are in memory that is filled
 * here, laid out as the BPF program does it, and of the size that the loader would choose.
 *
 * Prints the rows told in a sample, the CPU time of reading and printing each of some samples in microseconds, the first
 * of which finds all rows, and at last the memory that was resident at most, in KiB.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "doctor/doctor.h"
#include "frames/frames.h"
#include "process/output.h"
#include "candidates/predictions.h"

#define SAMPLES 9
#define NETNS 4026531840U
#define INSTANCE 4711

static void must(bool done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

/* Memory like that of a map: all of it is there from the beginning. */
static int make_map(size_t size)
{
	int fd = memfd_create("map", MFD_CLOEXEC);

	must(fd >= 0 && !posix_fallocate(fd, 0, size), "memory");
	return fd;
}

static void touch(const char *memory, size_t size)
{
	for (size_t at = 0; at < size; at += RPS_PAGE)
		*(volatile const char *)(memory + at);
}

static struct rps_region *region_at(const struct counters *counters, unsigned int cpu)
{
	return (struct rps_region *)(counters->memory + cpu * counters->stride);
}

static void claim(const struct counters *counters, unsigned int cpu, __u32 ifindex,
		  unsigned int target)
{
	struct rps_region *region = region_at(counters, cpu);
	__u32 *order = (__u32 *)&region->rows[counters->rows];
	struct rps_row *row = &region->rows[region->claimed];

	row->device = (__u64)NETNS << 32 | ifindex;
	row->path = RPS_USED | (__u64)(INSTANCE + ifindex) << RPS_INSTANCE_SHIFT | target;
	order[region->claimed] = region->claimed + 1;
	region->claimed++;
}

/* Packets in every row. */
static void count(const struct counters *counters)
{
	for (unsigned int cpu = 0; cpu < counters->cpus; cpu++) {
		struct rps_region *region = region_at(counters, cpu);

		for (__u32 i = 0; i < region->claimed; i++) {
			region->rows[i].skbs += 123456 + i;
			region->rows[i].bytes += 123456789 + i;
			region->rows[i].more += 1000;
		}
	}
}

static void make_counters(struct counters *counters, unsigned int cpus, unsigned int interfaces,
			  unsigned int targets)
{
	unsigned int rows = counters_rows(cpus), far = counters_far(rows);

	must(interfaces * targets <= rows, "more rows than the loader would have");
	must(!counters_map(counters, make_map(region_size(far) * cpus), far, cpus, cpus), "map");
	touch(counters->memory, counters->stride * cpus);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		for (unsigned int i = 0; i < interfaces; i++)
			for (unsigned int target = 0; target < targets; target++)
				claim(counters, cpu, 2 + i, (cpu + target) % cpus);
}

static void make_predictions(struct predictions *predictions, struct counters *counters,
			     unsigned int cpus)
{
	static struct prediction_maps maps;
	static struct kept_cpus kept;
	size_t size = prediction_size(prediction_room(cpus)) * cpus;
	struct candidates candidates;
	struct failure failure;
	char line[64];

	must(!prediction_maps_open(&maps, make_map(sizeof(struct rps_plan)), make_map(size), cpus,
				   cpus),
	     "candidates' map");
	snprintf(line, sizeof(line), "0-%u", cpus - 1);
	kept.width = cpus;
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		mask_set(&kept.housekeeping, cpu);
	kept_cpus_set_online(&kept, line);
	predictions_begin(predictions, &maps, &kept);
	snprintf(line, sizeof(line), "1 %u:2:0=0-%u", NETNS, cpus - 1);
	must(!candidates_read(&candidates, line, &failure), "candidate");
	must(!predictions_set(predictions, counters, &candidates, &failure), "candidates");
	touch(predictions->memory, size);
}

static void make_devices(struct devices *devices, unsigned int interfaces)
{
	struct text packed = {0};

	for (unsigned int i = 0; i < interfaces; i++) {
		char name[16];
		const struct device device = {
			.netns = NETNS,
			.ifindex = 2 + i,
			.instance = INSTANCE + 2 + i,
			.name = name,
			.netns_name = "",
			.up = true,
			.lower = "",
		};
		const struct queue queue = {.rps_cpus = "ffffffff,ffffffff", .irq_cpus = ""};

		snprintf(name, sizeof(name), "eth%u", i);
		devices_pack_device(&packed, &device);
		devices_pack_queue(&packed, &queue);
	}
	devices_unpack(devices, packed.data, packed.length);
}

static void make_host(struct host *host, unsigned int cpus)
{
	host->topology.count = cpus;
	host->topology.cpus = calloc(cpus, sizeof(*host->topology.cpus));
	must(host->topology.cpus, "CPUs");
	for (unsigned int id = 0; id < cpus; id++)
		host->topology.cpus[id] = (struct cpu){.present = true, .online = true};
	softnet_open(&host->softnet, &host->topology);
}

static long cpu_us(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	return spent.tv_sec * 1000000 + spent.tv_nsec / 1000;
}

static long peak_kib(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	long kib = 0;

	while (status && fgets(line, sizeof(line), status) && !sscanf(line, "VmHWM: %ld", &kib))
		;
	return kib;
}

static size_t rows_in(const struct text *text)
{
	size_t rows = 0;

	for (size_t i = 0; i + 1 < text->length; i++)
		rows += text->data[i] == ',' && text->data[i + 1] == '[';
	return rows + 1;
}

int main(int argc, char **argv)
{
	unsigned int cpus = argc == 4 ? atoi(argv[1]) : 0;
	unsigned int interfaces = argc == 4 ? atoi(argv[2]) : 0;
	FILE *report = fdopen(dup(STDOUT_FILENO), "w");
	struct counters counters;
	struct predictions predictions;
	struct devices devices = {0};
	struct host host = {0};
	struct doctor doctor = {0};
	struct output output;
	long us[SAMPLES];
	size_t rows = 0;

	must(cpus && interfaces && report, "usage: sizes CPUS INTERFACES TARGETS");
	must(dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) >= 0, "/dev/null");
	make_counters(&counters, cpus, interfaces, atoi(argv[3]));
	make_predictions(&predictions, &counters, cpus);
	make_devices(&devices, interfaces);
	make_host(&host, cpus);
	output_open(&output);
	for (int i = 0; i < SAMPLES; i++) {
		const struct host_view view = host_view_of(&host, &devices, BACKEND_FEXIT, false);
		long began;

		count(&counters);
		began = cpu_us();
		frame_sample(&output.text, &counters, i, i);
		us[i] = cpu_us() - began;
		rows = rows_in(&output.text);
		began = cpu_us();
		output_flush(&output);
		us[i] += cpu_us() - began;
		doctor_examine(&doctor, &view, &host.softnet, &counters);
	}
	fprintf(report, "{\"rows\":%zu,\"us\":[%ld", rows, us[0]);
	for (int i = 1; i < SAMPLES; i++)
		fprintf(report, ",%ld", us[i]);
	fprintf(report, "],\"resident_kib\":%ld}\n", peak_kib());
	fclose(report);
	return 0;
}
