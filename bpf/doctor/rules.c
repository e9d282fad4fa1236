// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/memory.h"
#include "base/numbers.h"
#include "doctor/rules.h"

struct mask queue_mask(const struct queue *queue)
{
	struct mask mask = {0};

	if (mask_read_kernel(&mask, queue->rps_cpus))
		return (struct mask){0};
	return mask;
}

struct mask device_mask(const struct device *device)
{
	struct mask all = {0};

	for (unsigned int i = 0; i < device->queue_count; i++) {
		struct mask mask = queue_mask(&device->queues[i]);

		for (unsigned int word = 0; word < MASK_WORDS; word++)
			all.words[word] |= mask.words[word];
	}
	return all;
}

bool masks_count(const struct device *device)
{
	switch (device->kind) {
	case KIND_BOND:
	case KIND_TEAM:
	case KIND_VLAN:
	case KIND_MACVLAN:
	case KIND_IPVLAN:
	case KIND_VRF:
	case KIND_FAILOVER:
	case KIND_IFB: /* gives packets back to the device where they arrived */
		return false;
	default:
		return true;
	}
}

static const struct device *in_namespace(const struct evidence *evidence, uint32_t netns,
					 uint32_t ifindex)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++)
		if (devices->list[i].netns == netns && devices->list[i].ifindex == ifindex)
			return &devices->list[i];
	return NULL;
}

bool name_lower(struct text *names, const struct evidence *evidence, const struct device *device)
{
	bool all = *device->lower;

	uint64_t ifindex;

	for (const char *at = device->lower; number_take(&at, UINT32_MAX, &ifindex);
	     at += *at == ',') {
		const struct device *lower = in_namespace(evidence, device->netns, ifindex);
		struct mask mask = {0};

		if (lower) {
			mask = device_mask(lower);
			text_format(names, "%s%s", names->length ? ", " : "", lower->name);
		}
		all = all && mask_count(&mask);
	}
	text_bytes(names, "", 1);
	return all;
}

void tell_lower(struct finding *finding, const struct text *names, bool covered)
{
	value_text(finding, "lower", names->data);
	if (names->data[0])
		text_format(&finding->evidence, " Below it: %s, %s.", names->data,
			    covered ? "with masks of their own" : "not all with a mask");
}

bool flows_steer(const struct evidence *evidence, const struct queue *queue)
{
	return queue->rps_flow_cnt && evidence->view->settings->rps_sock_flow_entries > 0;
}

bool anything_steers(const struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		struct mask mask = device_mask(device);

		if (!masks_count(device))
			continue;
		if (mask_count(&mask))
			return true;
		for (unsigned int queue = 0; queue < device->queue_count; queue++)
			if (flows_steer(evidence, &device->queues[queue]))
				return true;
	}
	return false;
}

double softnet_rate(const struct evidence *evidence, unsigned int cpu, enum softnet_value value)
{
	const struct softnet_cpu *from, *to;

	if (!evidence->paces.seconds || cpu >= evidence->from->cpus || cpu >= evidence->to->cpus)
		return 0;
	from = &evidence->from->softnet[cpu];
	to = &evidence->to->softnet[cpu];
	/* The first reading of a CPU has all since boot. */
	if (!from->known)
		return 0;
	return (to->values[value] - from->values[value]) / evidence->paces.seconds;
}

int arrival_cpu(const struct evidence *evidence, const struct device *device,
		const struct queue *queue)
{
	double *rates = must(calloc(evidence->view->topology->count, sizeof(*rates))), all = 0;
	const struct pace *paces;
	size_t count;
	int busiest = -1;

	paces = paces_of(&evidence->paces, device, queue->rx, &count);
	for (size_t i = 0; i < count; i++) {
		rates[paces[i].cpu] += paces[i].rate;
		all += paces[i].rate;
		if (busiest < 0 || rates[paces[i].cpu] > rates[busiest])
			busiest = paces[i].cpu;
	}
	if (all < BUSY || rates[busiest] < 0.8 * all)
		busiest = -1;
	free(rates);
	return busiest;
}

void value_list(struct finding *finding, const char *name, const struct mask *mask)
{
	struct text list = {0};

	mask_add_list(&list, mask);
	text_bytes(&list, "", 1);
	value_text(finding, name, list.data);
	free(list.data);
}

void add_cpu_list(struct text *text, const struct mask *mask)
{
	text_add(text, mask_count(mask) == 1 ? "CPU " : "CPUs ");
	mask_add_list(text, mask);
}

struct mask good_cpus(const struct evidence *evidence, const struct device *device)
{
	const struct topology *topology = evidence->view->topology;
	struct mask near = {0}, all = {0};

	for (unsigned int id = 0; id < topology->count && id < MASK_CPUS; id++) {
		const struct cpu *cpu = &topology->cpus[id];

		if (!mask_has(&evidence->usable, id))
			continue;
		mask_set(&all, id);
		if (device->node < 0 || cpu->node == (unsigned int)device->node)
			mask_set(&near, id);
	}
	return mask_count(&near) > 1 ? near : all;
}

/* Whoever names a device must not choose what is run. */
static void add_quoted(struct text *text, const char *name)
{
	static const char harmless[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:@";

	if (!name[strspn(name, harmless)]) {
		text_add(text, name);
		return;
	}
	text_add(text, "'");
	for (; *name; name++)
		if (*name == '\'')
			text_add(text, "'\\''");
		else
			text_bytes(text, name, 1);
	text_add(text, "'");
}

/* Appends a command that runs a script as root where a namespace's devices are to be seen. See netns_name in docs/protocol.md. */
static void add_inside(struct text *text, const char *netns, const char *script)
{
	struct text inside = {0};
	static const char process[] = "pid ";
	uint64_t pid = 0;

	text_add(text, "sudo ");
	if (netns[0] == '/' || (!strncmp(netns, process, strlen(process)) &&
				number_read(netns + strlen(process), 1, INT32_MAX, &pid))) {
		text_add(text, "nsenter --net=");
		if (netns[0] == '/')
			add_quoted(text, netns);
		else
			text_format(text, "/proc/%u/ns/net", (unsigned int)pid);
		/* A sysfs shows the devices of the namespace that it was mounted in; `ip netns exec` does the same. */
		text_add(text, " unshare --mount");
		text_add(&inside, "mount -t sysfs sysfs /sys && ");
	} else {
		text_add(text, "ip netns exec ");
		add_quoted(text, netns);
	}
	text_bytes(&inside, script, strlen(script) + 1);
	text_add(text, " sh -c ");
	add_quoted(text, inside.data);
	free(inside.data);
}

void add_mask_command(struct text *text, const struct evidence *evidence,
		      const struct device *device, int queue, const struct mask *mask)
{
	bool foreign = device->netns_name[0];
	struct mask kept = mask_and(mask, &evidence->kept);
	struct text command = {0};

	text_add(&command, "echo ");
	mask_add_kernel(&command, mask_count(&kept) ? &kept : mask,
			evidence->view->topology->count);
	text_add(&command, foreign ? " | tee /sys/class/net/" : " | sudo tee /sys/class/net/");
	add_quoted(&command, device->name);
	text_add(&command, "/queues/rx-");
	if (queue < 0)
		text_add(&command, "*/rps_cpus");
	else
		text_format(&command, "%d/rps_cpus", queue);
	text_bytes(&command, "", 1);
	if (foreign)
		add_inside(text, device->netns_name, command.data);
	else
		text_add(text, command.data);
	free(command.data);
}
