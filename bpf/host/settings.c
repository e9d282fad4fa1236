// SPDX-License-Identifier: MIT
#include <string.h>
#include "base/files.h"
#include "host/settings.h"

#define CORE "/proc/sys/net/core/"

static struct kept_file rps_sock_flow_entries = {.path = CORE "rps_sock_flow_entries"},
			netdev_max_backlog = {.path = CORE "netdev_max_backlog"},
			netdev_budget = {.path = CORE "netdev_budget"},
			netdev_budget_usecs = {.path = CORE "netdev_budget_usecs"},
			rps_default_mask = {.path = CORE "rps_default_mask"},
			flow_limit_cpu_bitmap = {.path = CORE "flow_limit_cpu_bitmap"},
			ftrace_enabled = {.path = "/proc/sys/kernel/ftrace_enabled"};

bool settings_ftrace_is_off(void)
{
	return !kept_file_read_long(&ftrace_enabled, 1);
}

bool settings_read(struct settings *settings)
{
	struct settings now;

	now.rps_sock_flow_entries = kept_file_read_long(&rps_sock_flow_entries, -1);
	now.netdev_max_backlog = kept_file_read_long(&netdev_max_backlog, -1);
	now.netdev_budget = kept_file_read_long(&netdev_budget, -1);
	now.netdev_budget_usecs = kept_file_read_long(&netdev_budget_usecs, -1);
	now.ftrace_off = settings_ftrace_is_off();
	kept_file_read_line(&rps_default_mask, now.rps_default_mask, SETTING_MASK);
	kept_file_read_line(&flow_limit_cpu_bitmap, now.flow_limit_cpus, SETTING_MASK);
	if (now.rps_sock_flow_entries == settings->rps_sock_flow_entries &&
	    now.netdev_max_backlog == settings->netdev_max_backlog &&
	    now.netdev_budget == settings->netdev_budget &&
	    now.netdev_budget_usecs == settings->netdev_budget_usecs &&
	    now.ftrace_off == settings->ftrace_off &&
	    !strcmp(now.rps_default_mask, settings->rps_default_mask) &&
	    !strcmp(now.flow_limit_cpus, settings->flow_limit_cpus))
		return false;
	*settings = now;
	return true;
}
