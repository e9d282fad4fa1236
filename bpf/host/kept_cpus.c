// SPDX-License-Identifier: MIT
/*
 * netdev_rx_queue_set_rps_mask() and rps_cpumask_housekeeping() in the kernel's net/core/net-sysfs.c, before 6.3
 * store_rps_map(): of a mask that is not empty remain the housekeeping CPUs of HK_TYPE_DOMAIN, from 7.0 HK_TYPE_DOMAIN_BOOT,
 * and of HK_TYPE_WQ (kernel/sched/isolation.c). A cpuset partition changes neither.
 */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/files.h"
#include "base/numbers.h"
#include "host/kept_cpus.h"
#include "host/topology.h"

#define CPU_DIRECTORY "/sys/devices/system/cpu/"
/* COMMAND_LINE_SIZE of any architecture. */
#define COMMAND_LINE 4097
#define BLANKS " \t\n"

static bool at_least(const struct utsname *kernel, uint64_t major, uint64_t minor)
{
	const char *at = kernel->release;
	uint64_t first, second;

	if (!number_take(&at, UINT32_MAX, &first) ||
	    !number_take_behind(&at, '.', UINT32_MAX, &second))
		return true;
	return first > major || (first == major && second >= minor);
}

/* RHEL 8 has this of 5.10 in its 4.18. */
static bool drops_isolated(const struct utsname *kernel)
{
	return at_least(kernel, 5, 10) || strstr(kernel->release, ".el8");
}

/* True also when the command line cannot be read. */
static bool booted_with(const char *parameter)
{
	char line[COMMAND_LINE], *rest, *word;

	if (!file_read_line("/proc/cmdline", line, sizeof(line)))
		return true;
	for (word = strtok_r(line, BLANKS, &rest); word; word = strtok_r(NULL, BLANKS, &rest))
		if (!strncmp(word, parameter, strlen(parameter)))
			return true;
	return false;
}

static void clear_cpu(void *mask, unsigned int id)
{
	mask_clear(mask, id);
}

static void set_cpu(void *mask, unsigned int id)
{
	mask_set(mask, id);
}

/* An absent file, and the "(null)" that some kernels print, is no CPU. */
static void leave_out(struct mask *mask, const char *path)
{
	char list[CPU_LIST];

	if (file_read_line(path, list, sizeof(list)))
		each_cpu(list, MASK_CPUS, clear_cpu, mask);
}

void kept_cpus_begin(struct kept_cpus *cpus, unsigned int width)
{
	struct utsname kernel;

	*cpus = (struct kept_cpus){.width = width};
	for (unsigned int id = 0; id < width && id < MASK_CPUS; id++)
		mask_set(&cpus->housekeeping, id);
	uname(&kernel);
	if (!drops_isolated(&kernel))
		return;
	leave_out(&cpus->housekeeping, CPU_DIRECTORY "isolated");
	/* isolcpus=nohz shows here as well, and means HK_TYPE_WQ only since 6.14, where that is one with HK_TYPE_TICK. */
	if (at_least(&kernel, 6, 14) || booted_with("nohz_full="))
		leave_out(&cpus->housekeeping, CPU_DIRECTORY "nohz_full");
}

void kept_cpus_set_online(struct kept_cpus *cpus, const char *online)
{
	struct mask mask = {0};

	each_cpu(online, MASK_CPUS, set_cpu, &mask);
	cpus->kept = mask_and(&mask, &cpus->housekeeping);
}

int kept_cpus_take(const struct kept_cpus *cpus, struct mask *mask)
{
	struct mask left = mask_and(mask, &cpus->housekeeping);

	for (unsigned int id = cpus->width; id < MASK_CPUS; id++)
		if (mask_has(mask, id))
			return -EOVERFLOW;
	if (mask_count(mask) && !mask_count(&left))
		return -EINVAL;
	*mask = mask_and(mask, &cpus->kept);
	return 0;
}
