/* SPDX-License-Identifier: MIT */
/* The host-wide settings that decide how packets are spread and queued: /proc/sys/net/core; and whether they are counted. */
#ifndef HOST_SETTINGS_H
#define HOST_SETTINGS_H

#include <stdbool.h>

/* A mask of 8192 CPUs, 32 to a group of nine characters. */
#define SETTING_MASK 2400

/* Documentation/admin-guide/sysctl/net.rst. Numbers are -1, masks "", where the kernel has or shows none. */
struct settings {
	long rps_sock_flow_entries;
	long netdev_max_backlog;
	long netdev_budget;
	long netdev_budget_usecs;
	bool ftrace_off;
	char rps_default_mask[SETTING_MASK];
	char flow_limit_cpus[SETTING_MASK];
};

/*
 * kernel.ftrace_enabled is 0: what is attached to functions by ftrace stays attached and is not run, about which the kernel says
 * nothing. False where there is no such setting.
 */
bool settings_ftrace_is_off(void);

/* Reads them; true when they differ from what `settings` held. */
bool settings_read(struct settings *settings);

#endif
