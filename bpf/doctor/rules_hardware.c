// SPDX-License-Identifier: MIT
#include "doctor/rules.h"

/* The CPUs that the interrupts of a device's queues go to, one each; false where that is not known of all. */
static bool interrupt_cpus(const struct device *device, struct mask *cpus)
{
	*cpus = (struct mask){0};
	for (unsigned int i = 0; i < device->queue_count; i++) {
		struct mask own = {0};

		if (mask_read_list(&own, device->queues[i].irq_cpus) || mask_count(&own) != 1)
			return false;
		for (unsigned int word = 0; word < MASK_WORDS; word++)
			cpus->words[word] |= own.words[word];
	}
	return true;
}

/* Whether the hardware's own queues are known to reach every CPU that the masks name. */
static bool covered(const struct device *device, const struct mask *mask)
{
	struct mask cpus, both;

	if (!interrupt_cpus(device, &cpus))
		return false;
	both = mask_and(&cpus, mask);
	return mask_equal(&both, mask);
}

static void look_for_redundance(struct evidence *evidence, const struct device *device)
{
	struct mask mask = device_mask(device);
	struct finding *finding;

	if (device->kind != KIND_PHYSICAL || !device->up || device->queue_count < 2 ||
	    mask_count(&mask) < 2 || !covered(device, &mask))
		return;
	finding = finding_new(evidence->findings, "rps-redundant", SEVERITY_INFO, device);
	value_number(finding, "queues", device->queue_count);
	value_number(finding, "cpus", mask_count(&mask));
	value_list(finding, "mask", &mask);
	text_add(&finding->title, "RPS does again what the hardware of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " does already");
	text_format(&finding->evidence, "%u receive queues bring packets to ", device->queue_count);
	add_cpu_list(&finding->evidence, &mask);
	text_add(&finding->evidence, ", which are all that its masks name.");
	finding->explanation =
		"RSS has spread the packets by the time RPS sees them. Spreading them once more "
		"costs "
		"an interrupt between CPUs and gains little, unless few flows share a queue.";
	text_add(&finding->remedy, "Clear the masks.");
	add_mask_command(&finding->command, evidence, device, -1, &(struct mask){0});
}

static const struct arrivals *arrivals_at(const struct reading *reading,
					  const struct device *device)
{
	for (size_t i = 0; i < reading->arrival_count; i++) {
		const struct arrivals *arrivals = &reading->arrivals[i];

		if (arrivals->netns == device->netns && arrivals->ifindex == device->ifindex &&
		    arrivals->instance == device->instance)
			return arrivals;
	}
	return NULL;
}

static void look_for_bypass(struct evidence *evidence, const struct device *device)
{
	const struct arrivals *from = arrivals_at(evidence->from, device);
	const struct arrivals *to = arrivals_at(evidence->to, device);
	struct finding *finding;
	double packets, decided;

	if (!evidence->paces.seconds || !from || !to || to->packets < from->packets)
		return;
	packets = (to->packets - from->packets) / evidence->paces.seconds;
	decided = (to->segments - from->segments) / evidence->paces.seconds;
	if (packets < BUSY || decided > 0.5 * packets)
		return;
	finding = finding_new(evidence->findings, "xdp-bypass", SEVERITY_INFO, device);
	finding->observed = true;
	finding->weight = packets;
	value_rate(finding, "packets", packets);
	value_rate(finding, "decided", decided);
	text_add(&finding->title, "An XDP program keeps packets of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " from RPS");
	add_rate_text(&finding->evidence, packets);
	text_add(&finding->evidence, " packets/s come in, and RPS decides on ");
	add_rate_text(&finding->evidence, decided);
	text_add(&finding->evidence, " of them. An XDP program is attached.");
	finding->explanation =
		"XDP programs, and AF_XDP sockets behind them, see packets before the kernel's "
		"network "
		"stack does. What they drop, redirect or send back never reaches RPS.";
	text_add(&finding->remedy,
		 "If that is not intended, look at what is attached. To spread such packets, the "
		 "program itself can hand them to CPUs with a CPUMAP.");
	text_add(&finding->command, "sudo bpftool net");
}

void rules_hardware(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;
	bool steers = anything_steers(evidence);

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];

		look_for_redundance(evidence, device);
		/*
		 * While nothing is steered, the kernel asks for no packet at all; and never on a
		 * device where masks do not count, whatever its program does.
		 */
		if (device->xdp && masks_count(device) && steers && evidence->view->complete)
			look_for_bypass(evidence, device);
	}
}
