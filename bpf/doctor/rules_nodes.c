// SPDX-License-Identifier: MIT
#include "doctor/rules.h"

/* What a device steers, in packets a second. */
struct crossing {
	double all;
	double across;	   /* to another node than that where they arrived */
	unsigned int home; /* the node where most of them arrive */
	double elsewhere;  /* arrive on others */
};

static struct crossing crossing_of(const struct evidence *evidence, const struct device *device)
{
	const struct topology *topology = evidence->view->topology;
	double arrived[NODES_MAX] = {0};
	struct crossing crossing = {0};

	for (unsigned int i = 0; i < device->queue_count; i++) {
		size_t count;
		const struct pace *pace =
			paces_of(&evidence->paces, device, device->queues[i].rx, &count);

		for (; count--; pace++) {
			unsigned int target = pace->decision.target, node;

			if (pace->decision.target < 0 || target >= topology->count)
				continue;
			node = topology->cpus[pace->cpu].node;
			crossing.all += pace->rate;
			arrived[node] += pace->rate;
			if (arrived[node] > arrived[crossing.home])
				crossing.home = node;
			if (topology->cpus[target].node != node)
				crossing.across += pace->rate;
		}
	}
	crossing.elsewhere = crossing.all - arrived[crossing.home];
	return crossing;
}

static struct mask on_node(const struct evidence *evidence, unsigned int node)
{
	const struct topology *topology = evidence->view->topology;
	struct mask mask = {0};

	for (unsigned int id = 0; id < topology->count && id < MASK_CPUS; id++)
		if (topology->cpus[id].node == node)
			mask_set(&mask, id);
	return mask;
}

/* The CPUs of a mask that are on a node, or all that may be used there; none where that would be a single one. */
static struct mask kept_to(const struct evidence *evidence, const struct mask *mask,
			   const struct mask *node)
{
	struct mask usable = mask_and(node, &evidence->usable);
	struct mask kept = mask_and(mask, &usable);

	if (!mask_count(&kept))
		kept = usable;
	return mask_count(&kept) > 1 ? kept : (struct mask){0};
}

static void look_for_other_nodes(struct evidence *evidence, const struct device *device,
				 const struct mask *mask)
{
	bool placed = device->kind == KIND_PHYSICAL && device->node >= 0;
	struct crossing crossing = crossing_of(evidence, device);
	struct mask near = on_node(evidence, placed ? (unsigned int)device->node : crossing.home);
	struct mask far = mask_without(mask, &near), kept = kept_to(evidence, mask, &near);
	/* Where packets arrive on several nodes, some have to cross under any mask. */
	double saved = crossing.across - crossing.elsewhere;
	bool much = crossing.across >= BUSY && crossing.across >= 0.25 * crossing.all &&
		    (placed || (saved >= BUSY && saved >= 0.25 * crossing.all));
	struct finding *finding;

	/* A device that is no hardware is on no node: there only what happens counts. */
	if (!mask_count(&far) || !(placed || much))
		return;
	finding = finding_new(evidence->findings, "mask-crosses-nodes",
			      much ? SEVERITY_WARNING : SEVERITY_INFO, device);
	value_list(finding, "cpus", mask);
	finding->weight = crossing.across;
	finding->observed = !placed;
	value_number(finding, "node", device->node);
	value_rate(finding, "across", crossing.across);
	text_add(&finding->title, "The mask of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " crosses NUMA nodes");
	if (placed) {
		value_list(finding, "far", &far);
		text_format(&finding->evidence, "The interface is on node %d; ", device->node);
		add_cpu_list(&finding->evidence, &far);
		text_format(&finding->evidence, " of its mask %s elsewhere.",
			    mask_count(&far) == 1 ? "is" : "are");
	} else {
		value_number(finding, "home", crossing.home);
		text_add(&finding->evidence, "Its mask is ");
		mask_add_list(&finding->evidence, mask);
		text_format(&finding->evidence, "; packets arrive on node %u.", crossing.home);
	}
	if (much) {
		value_number(finding, "percent", 100 * crossing.across / crossing.all);
		value_rate(finding, "packets", crossing.all);
		text_format(&finding->evidence, " %.0f %% of ",
			    100 * crossing.across / crossing.all);
		add_rate_text(&finding->evidence, crossing.all);
		text_add(&finding->evidence, " packets/s are steered to another node.");
	}
	finding->explanation =
		"A packet lies in the memory of the node where it arrived. On another "
		"one, every look at it crosses the link between the nodes.";
	text_add(&finding->remedy, "Keep to one node, if its CPUs suffice.");
	if (mask_count(&kept))
		add_mask_command(&finding->command, evidence, device, -1, &kept);
}

void rules_nodes(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		struct mask mask = device_mask(device);

		if (mask_count(&mask) && masks_count(device))
			look_for_other_nodes(evidence, device, &mask);
	}
}
