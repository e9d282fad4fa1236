// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "doctor/rules.h"

static void look_for_no_effect(struct evidence *evidence, const struct device *device,
			       const struct mask *mask)
{
	struct text lower = {0};
	bool covered = name_lower(&lower, evidence, device);
	/* What is below it may be in another namespace, and have a mask there. */
	bool known = *device->lower;
	struct finding *finding =
		finding_new(evidence->findings, "mask-no-effect",
			    known && !covered ? SEVERITY_WARNING : SEVERITY_INFO, device);

	value_text(finding, "kind", kind_names[device->kind]);
	value_list(finding, "cpus", mask);
	text_add(&finding->title, "The mask of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " has hardly any effect");
	text_format(&finding->evidence, "%s is of the kind %s, and its rps_cpus names ",
		    device->name, kind_names[device->kind]);
	add_cpu_list(&finding->evidence, mask);
	text_add(&finding->evidence, ".");
	tell_lower(finding, &lower, covered);
	finding->explanation =
		"Packets are steered when they arrive at the lowest device. When they are passed "
		"up "
		"to a device on top of it, the kernel does not ask again. It asks here only for "
		"what devices of this host send each other, and for copies of broadcasts and "
		"multicasts.";
	text_format(&finding->remedy,
		    "Set the mask on %s, and clear it here unless it is meant for those.",
		    lower.data[0] ? lower.data : "the device below");
	free(lower.data);
}

/* Begins a finding that is about some CPUs of a mask. */
static struct finding *about_cpus(struct evidence *evidence, const char *id, enum severity severity,
				  const struct device *device, const struct mask *cpus)
{
	struct finding *finding = finding_new(evidence->findings, id, severity, device);

	value_list(finding, "cpus", cpus);
	text_add(&finding->title, "The mask of ");
	add_device_name(&finding->title, device);
	return finding;
}

static void add_new_mask(struct evidence *evidence, struct finding *finding,
			 const struct device *device, struct mask mask)
{
	if (!mask_count(&mask))
		mask = good_cpus(evidence, device);
	add_mask_command(&finding->command, evidence, device, -1, &mask);
}

static void look_for_one_cpu(struct evidence *evidence, const struct device *device,
			     const struct mask *mask)
{
	struct mask better = good_cpus(evidence, device);
	struct finding *finding;

	if (mask_count(mask) != 1 || mask_count(&better) < 2)
		return;
	finding = about_cpus(evidence, "mask-one-cpu", SEVERITY_WARNING, device, mask);
	value_number(finding, "online", evidence->online_count);
	text_add(&finding->title, " is a single CPU");
	text_add(&finding->evidence, "All that arrives goes to ");
	add_cpu_list(&finding->evidence, mask);
	text_format(&finding->evidence, ", one of %u that are online.", evidence->online_count);
	finding->explanation = "One CPU spreads nothing: packets only move, at the price of an "
			       "interrupt between CPUs.";
	text_add(&finding->remedy, "Name several CPUs.");
	add_new_mask(evidence, finding, device, better);
}

static void look_for_offline(struct evidence *evidence, const struct device *device,
			     const struct mask *mask)
{
	struct mask offline = mask_without(mask, &evidence->online);
	struct finding *finding;

	if (!mask_count(&offline))
		return;
	finding = about_cpus(evidence, "mask-offline", SEVERITY_WARNING, device, &offline);
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
	add_new_mask(evidence, finding, device, mask_and(mask, &evidence->kept));
}

static void look_for_isolated(struct evidence *evidence, const struct device *device,
			      const struct mask *mask)
{
	struct mask isolated = mask_and(mask, &evidence->isolated);
	struct finding *finding;

	if (!mask_count(&isolated))
		return;
	finding = about_cpus(evidence, "mask-isolated", SEVERITY_WARNING, device, &isolated);
	value_list(finding, "mask", mask);
	text_add(&finding->title, " names isolated CPUs");
	add_cpu_list(&finding->evidence, &isolated);
	text_add(&finding->evidence, " of its mask ");
	mask_add_list(&finding->evidence, mask);
	text_format(&finding->evidence, " %s isolated.", mask_count(&isolated) == 1 ? "is" : "are");
	finding->explanation =
		"Isolated CPUs are kept free for one program, and steered packets disturb it. The "
		"kernel keeps them in masks when a cpuset partition has isolated them; from Linux "
		"5.10 on it drops those of isolcpus= and nohz_full=.";
	text_add(&finding->remedy, "Leave them out.");
	add_new_mask(evidence, finding, device, mask_and(mask, &evidence->usable));
}

void rules_masks(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		struct mask mask = device_mask(device);

		if (!mask_count(&mask))
			continue;
		if (!masks_count(device)) {
			look_for_no_effect(evidence, device, &mask);
			continue;
		}
		look_for_one_cpu(evidence, device, &mask);
		look_for_offline(evidence, device, &mask);
		look_for_isolated(evidence, device, &mask);
	}
}
