// SPDX-License-Identifier: MIT
#include "frames/host_frames.h"

/* Members whose value the kernel does not tell are left out. */
static void add_known(struct json *json, const char *name, long value)
{
	if (value >= 0)
		json_number(json, name, value);
}

static void add_mask(struct json *json, const char *name, const char *mask)
{
	if (mask[0])
		json_string(json, name, mask);
}

void frame_add_cpus(struct json *json, const struct topology *topology)
{
	json_begin_array(json, "cpus");
	for (unsigned int id = 0; id < topology->count; id++) {
		const struct cpu *cpu = &topology->cpus[id];

		if (!cpu->present)
			continue;
		json_begin_object(json, NULL);
		json_number(json, "id", id);
		json_number(json, "node", cpu->node);
		json_bool(json, "online", cpu->online);
		add_known(json, "package", cpu->package);
		add_known(json, "core", cpu->core);
		add_known(json, "llc", cpu->llc);
		json_bool(json, "isolated", cpu->isolated);
		json_end_object(json);
	}
	json_end_array(json);
	mask_add_list(json_begin_plain(json, "kept_cpus"), &topology->kept.kept);
	json_end_plain(json);
}

void frame_configuration(struct text *text, const struct topology *topology,
			 const struct settings *settings)
{
	struct json json = json_begin_frame(text, "configuration");

	frame_add_cpus(&json, topology);
	add_known(&json, "rps_sock_flow_entries", settings->rps_sock_flow_entries);
	add_mask(&json, "rps_default_mask", settings->rps_default_mask);
	add_known(&json, "netdev_max_backlog", settings->netdev_max_backlog);
	add_known(&json, "netdev_budget", settings->netdev_budget);
	add_known(&json, "netdev_budget_usecs", settings->netdev_budget_usecs);
	add_mask(&json, "flow_limit_cpus", settings->flow_limit_cpus);
	json_end_frame(&json);
}

void frame_softnet(struct text *text, const struct softnet *softnet, uint64_t ns)
{
	struct json json = json_begin_frame(text, "softnet");

	json_counter(&json, "ns", ns);
	json_begin_array(&json, "cpus");
	for (unsigned int id = 0; id < softnet->count; id++) {
		const struct softnet_cpu *cpu = &softnet->cpus[id];

		if (!cpu->online)
			continue;
		json_begin_array(&json, NULL);
		json_number(&json, NULL, id);
		for (int i = 0; i < SOFTNET_VALUES; i++)
			json_counter(&json, NULL, cpu->values[i]);
		json_number(&json, NULL, cpu->backlog);
		json_end_array(&json);
	}
	json_end_array(&json);
	json_end_frame(&json);
}

void frame_host(struct text *text, struct host *host, uint64_t ns)
{
	if (host_take_news(host))
		frame_configuration(text, &host->topology, &host->settings);
	if (host_read_softnet(host, ns))
		frame_softnet(text, &host->softnet, ns);
}
