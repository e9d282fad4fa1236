// SPDX-License-Identifier: MIT
#include "frames/host_frames.h"

static void add_place(struct text *text, const char *name, int value)
{
	if (value >= 0)
		text_format(text, ",\"%s\":%d", name, value);
}

void add_cpus(struct text *text, const struct topology *topology)
{
	const char *separator = "";

	text_add(text, "\"cpus\":[");
	for (unsigned int id = 0; id < topology->count; id++) {
		const struct cpu *cpu = &topology->cpus[id];

		if (!cpu->present)
			continue;
		text_format(text, "%s{\"id\":%u,\"node\":%u,\"online\":%s", separator, id,
			    cpu->node, cpu->online ? "true" : "false");
		add_place(text, "package", cpu->package);
		add_place(text, "core", cpu->core);
		add_place(text, "llc", cpu->llc);
		text_format(text, ",\"isolated\":%s}", cpu->isolated ? "true" : "false");
		separator = ",";
	}
	text_add(text, "]");
}

static void add_setting(struct text *text, const char *name, long value)
{
	if (value >= 0)
		text_format(text, ",\"%s\":%ld", name, value);
}

static void add_mask(struct text *text, const char *name, const char *mask)
{
	if (!mask[0])
		return;
	text_format(text, ",\"%s\":", name);
	text_json(text, mask);
}

void frame_configuration(struct text *text, const struct topology *topology,
			 const struct settings *settings)
{
	text_add(text, "{\"type\":\"configuration\",");
	add_cpus(text, topology);
	add_setting(text, "rps_sock_flow_entries", settings->rps_sock_flow_entries);
	add_mask(text, "rps_default_mask", settings->rps_default_mask);
	add_setting(text, "netdev_max_backlog", settings->netdev_max_backlog);
	add_setting(text, "netdev_budget", settings->netdev_budget);
	add_setting(text, "netdev_budget_usecs", settings->netdev_budget_usecs);
	add_mask(text, "flow_limit_cpus", settings->flow_limit_cpus);
	text_add(text, "}\n");
}

void frame_softnet(struct text *text, const struct softnet *softnet, uint64_t ns)
{
	const char *separator = "";

	text_add(text, "{\"type\":\"softnet\",\"ns\":");
	text_counter(text, ns);
	text_add(text, ",\"cpus\":[");
	for (unsigned int id = 0; id < softnet->count; id++) {
		const struct softnet_cpu *cpu = &softnet->cpus[id];

		if (!cpu->online)
			continue;
		text_add(text, separator);
		text_add(text, "[");
		text_number(text, id);
		for (int i = 0; i < SOFTNET_VALUES; i++) {
			text_add(text, ",");
			text_counter(text, cpu->values[i]);
		}
		text_add(text, ",");
		text_number(text, cpu->backlog);
		text_add(text, "]");
		separator = ",";
	}
	text_add(text, "]}\n");
}

void frame_host(struct text *text, struct host *host, uint64_t ns)
{
	if (host_take_news(host))
		frame_configuration(text, &host->topology, &host->settings);
	if (host_read_softnet(host, ns))
		frame_softnet(text, &host->softnet, ns);
}
