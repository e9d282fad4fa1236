// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "symptoms.h"

static const struct device *in_namespace(const struct patient *patient, uint32_t netns,
					 uint32_t ifindex)
{
	const struct devices *devices = patient->scene->devices;

	for (size_t i = 0; i < devices->count; i++)
		if (devices->list[i].netns == netns && devices->list[i].ifindex == ifindex)
			return &devices->list[i];
	return NULL;
}

/* Names the devices below one; true if all of them have masks. */
static bool add_lower_names(struct text *text, const struct patient *patient,
			    const struct device *device)
{
	bool all = *device->lower;

	for (const char *at = device->lower; *at;) {
		char *after;
		const struct device *lower =
			in_namespace(patient, device->netns, strtoul(at, &after, 10));
		struct mask mask = {0};

		if (lower) {
			mask = device_mask(lower);
			text_format(text, "%s%s", at == device->lower ? "" : ", ", lower->name);
		}
		all = all && mask_count(&mask);
		at = *after == ',' ? after + 1 : after;
	}
	return all;
}

static void look_for_no_effect(struct patient *patient, const struct device *device,
			       const struct mask *mask)
{
	struct text lower = {0};
	bool covered = add_lower_names(&lower, patient, device);
	struct finding *finding = finding_new(patient->findings, "mask-no-effect",
					      covered ? SEVERITY_INFO : SEVERITY_WARNING, device);

	text_bytes(&lower, "", 1);
	value_text(finding, "kind", kind_names[device->kind]);
	value_text(finding, "lower", lower.data);
	value_list(finding, "cpus", mask);
	text_add(&finding->title, "The mask of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " has no effect");
	text_format(&finding->evidence, "%s is a %s, and its rps_cpus names ", device->name,
		    kind_names[device->kind]);
	add_cpu_list(&finding->evidence, mask);
	text_add(&finding->evidence, ".");
	if (lower.data[0])
		text_format(&finding->evidence, " Below it: %s, %s.", lower.data,
			    covered ? "with masks of their own" : "not all with a mask");
	finding->explanation = "Packets are steered when they arrive at the lowest device. When "
			       "they are passed up "
			       "to a device on top of it, the kernel does not ask again.";
	text_format(&finding->remedy, "Set the mask on %s instead, and clear it here.",
		    lower.data[0] ? lower.data : "the device below");
	free(lower.data);
}

static struct mask without(const struct mask *mask, const struct mask *those)
{
	struct mask rest = *mask;

	for (unsigned int word = 0; word < MASK_WORDS; word++)
		rest.words[word] &= ~those->words[word];
	return rest;
}

/* Begins a finding that is about some CPUs of a mask. */
static struct finding *about_cpus(struct patient *patient, const char *id, enum severity severity,
				  const struct device *device, const struct mask *cpus)
{
	struct finding *finding = finding_new(patient->findings, id, severity, device);

	value_list(finding, "cpus", cpus);
	text_add(&finding->title, "The mask of ");
	add_device_name(&finding->title, device);
	return finding;
}

static void add_new_mask(struct patient *patient, struct finding *finding,
			 const struct device *device, struct mask mask)
{
	if (!mask_count(&mask))
		mask = good_cpus(patient, device);
	add_mask_command(&finding->command, patient, device, -1, &mask);
}

static void look_for_one_cpu(struct patient *patient, const struct device *device,
			     const struct mask *mask)
{
	struct finding *finding;

	if (mask_count(mask) != 1 || patient->online_count < 2)
		return;
	finding = about_cpus(patient, "mask-one-cpu", SEVERITY_WARNING, device, mask);
	value_number(finding, "online", patient->online_count);
	text_add(&finding->title, " is a single CPU");
	text_add(&finding->evidence, "All that arrives goes to ");
	add_cpu_list(&finding->evidence, mask);
	text_format(&finding->evidence, ", one of %u that are online.", patient->online_count);
	finding->explanation = "One CPU spreads nothing: packets only move, at the price of an "
			       "interrupt between CPUs.";
	text_add(&finding->remedy, "Name several CPUs.");
	add_new_mask(patient, finding, device, (struct mask){0});
}

static void look_for_offline(struct patient *patient, const struct device *device,
			     const struct mask *mask)
{
	struct mask offline = without(mask, &patient->online);
	struct finding *finding;

	if (!mask_count(&offline))
		return;
	finding = about_cpus(patient, "mask-offline", SEVERITY_WARNING, device, &offline);
	value_list(finding, "mask", mask);
	text_add(&finding->title, " names CPUs that are offline");
	add_cpu_list(&finding->evidence, &offline);
	text_add(&finding->evidence, " of its mask ");
	mask_add_list(&finding->evidence, mask);
	text_format(&finding->evidence, " %s offline.", mask_count(&offline) == 1 ? "is" : "are");
	finding->explanation =
		"The share of packets that would go there is not steered: it stays on "
		"the CPU where it arrived.";
	text_add(&finding->remedy, "Bring the CPUs back, or leave them out.");
	add_new_mask(patient, finding, device, mask_and(mask, &patient->online));
}

static void look_for_isolated(struct patient *patient, const struct device *device,
			      const struct mask *mask)
{
	struct mask isolated = mask_and(mask, &patient->isolated);
	struct finding *finding;

	if (!mask_count(&isolated))
		return;
	finding = about_cpus(patient, "mask-isolated", SEVERITY_WARNING, device, &isolated);
	value_list(finding, "mask", mask);
	text_add(&finding->title, " names isolated CPUs");
	add_cpu_list(&finding->evidence, &isolated);
	text_add(&finding->evidence, " of its mask ");
	mask_add_list(&finding->evidence, mask);
	text_format(&finding->evidence, " %s isolated.", mask_count(&isolated) == 1 ? "is" : "are");
	finding->explanation =
		"Isolated CPUs are kept free for one program, and steered packets disturb it. From "
		"Linux 5.10 on the kernel leaves them out of masks that are written after they "
		"were "
		"isolated.";
	text_add(&finding->remedy, "Leave them out.");
	add_new_mask(patient, finding, device, without(mask, &patient->isolated));
}

/* Packets a second that are steered by a device, and how many of them to another node. */
static double steered(const struct patient *patient, const struct device *device, double *across)
{
	const struct topology *topology = patient->scene->topology;
	double all = 0;

	*across = 0;
	for (unsigned int i = 0; i < device->queue_count; i++) {
		size_t count;
		const struct pace *pace =
			paces_of(&patient->paces, device, device->queues[i].rx, &count);

		for (; count--; pace++) {
			unsigned int target = pace->decision.target;

			if (pace->decision.target < 0 || target >= topology->count)
				continue;
			all += pace->rate;
			if (topology->cpus[target].node != topology->cpus[pace->cpu].node)
				*across += pace->rate;
		}
	}
	return all;
}

static struct mask on_node(const struct patient *patient, unsigned int node)
{
	const struct topology *topology = patient->scene->topology;
	struct mask mask = {0};

	for (unsigned int id = 0; id < topology->count && id < MASK_CPUS; id++)
		if (topology->cpus[id].node == node)
			mask_set(&mask, id);
	return mask;
}

static void look_for_other_nodes(struct patient *patient, const struct device *device,
				 const struct mask *mask)
{
	bool placed = device->kind == KIND_PHYSICAL && device->node >= 0;
	struct mask near = on_node(patient, placed ? device->node : 0), far;
	double across, all = steered(patient, device, &across);
	bool much = across >= BUSY && across >= 0.25 * all;
	struct finding *finding;

	far = without(mask, &near);
	/* A device that is no hardware is on no node: there only what happens counts. */
	if (!(placed && mask_count(&far)) && !much)
		return;
	finding = about_cpus(patient, "mask-crosses-nodes", much ? SEVERITY_WARNING : SEVERITY_INFO,
			     device, mask);
	finding->weight = across;
	finding->observed = !placed;
	value_number(finding, "node", device->node);
	value_rate(finding, "across", across);
	text_add(&finding->title, " crosses NUMA nodes");
	if (placed) {
		value_list(finding, "far", &far);
		text_format(&finding->evidence, "The interface is on node %d; ", device->node);
		add_cpu_list(&finding->evidence, &far);
		text_add(&finding->evidence, " of its mask are elsewhere.");
	} else {
		text_add(&finding->evidence, "Its mask is ");
		mask_add_list(&finding->evidence, mask);
		text_add(&finding->evidence, ".");
	}
	if (much) {
		value_number(finding, "percent", 100 * across / all);
		value_rate(finding, "packets", all);
		text_format(&finding->evidence, " %.0f %% of ", 100 * across / all);
		add_rate_text(&finding->evidence, all);
		text_add(&finding->evidence, " packets/s are steered to another node.");
	}
	finding->explanation =
		"A packet lies in the memory of the node where it arrived. On another "
		"one, every look at it crosses the link between the nodes.";
	text_add(&finding->remedy, "Keep to one node, if its CPUs suffice.");
	add_new_mask(patient, finding, device, mask_and(mask, &near));
}

void look_at_masks(struct patient *patient)
{
	const struct devices *devices = patient->scene->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		struct mask mask = device_mask(device);

		if (!mask_count(&mask))
			continue;
		if (!masks_count(device)) {
			look_for_no_effect(patient, device, &mask);
			continue;
		}
		look_for_one_cpu(patient, device, &mask);
		look_for_offline(patient, device, &mask);
		look_for_isolated(patient, device, &mask);
		look_for_other_nodes(patient, device, &mask);
	}
}
