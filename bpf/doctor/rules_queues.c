// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "doctor/rules.h"

/* Packets a second that come with numbers of queues that a device does not have; the numbers go into `missing`. */
static double rate_beyond(const struct evidence *evidence, const struct device *device,
			  struct mask *missing)
{
	double rate = 0;

	*missing = (struct mask){0};
	for (size_t i = 0; i < evidence->paces.count; i++) {
		const struct pace *pace = &evidence->paces.list[i];
		const struct decision *decision = &pace->decision;

		if (decision->netns != device->netns || decision->ifindex != device->ifindex ||
		    decision->instance != device->instance || decision->queue < device->queue_count)
			continue;
		rate += pace->rate;
		if (decision->queue < MASK_CPUS)
			mask_set(missing, decision->queue);
	}
	return rate;
}

static void tell_missing(struct evidence *evidence, const struct device *device,
			 const struct mask *missing, double rate)
{
	struct text lower = {0};
	bool covered = name_lower(&lower, evidence, device);
	struct finding *finding = finding_new(evidence->findings, "queue-missing",
					      covered ? SEVERITY_INFO : SEVERITY_WARNING, device);

	finding->observed = true;
	finding->weight = rate;
	value_rate(finding, "packets", rate);
	value_list(finding, "missing", missing);
	value_number(finding, "queues", device->queue_count);
	text_add(&finding->title, "The masks of ");
	add_device_name(&finding->title, device);
	text_add(&finding->title, " miss packets: it has too few receive queues");
	add_rate_text(&finding->evidence, rate);
	text_format(&finding->evidence, " packets/s come with the number of receive queue%s ",
		    mask_count(missing) == 1 ? "" : "s");
	mask_add_list(&finding->evidence, missing);
	text_format(&finding->evidence, "; %s has %u, numbered from 0.", device->name,
		    device->queue_count);
	tell_lower(finding, &lower, covered);
	finding->explanation =
		"A packet keeps the number of the queue where it arrived first, or was sent, when "
		"a bridge or a veth pair passes it on. Where the next device has no queue of this "
		"number, the kernel steers the packet nowhere, whatever the masks.";
	if (lower.data[0])
		text_format(&finding->remedy, "Set the masks on %s, where packets arrive first.",
			    lower.data);
	else
		text_add(&finding->remedy,
			 "Give it more receive queues (ethtool --set-channels), and them masks.");
	free(lower.data);
}

void rules_queues(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		struct mask mask = device_mask(device), missing;
		double rate;

		if (!mask_count(&mask) || !masks_count(device))
			continue;
		rate = rate_beyond(evidence, device, &missing);
		if (rate >= BUSY)
			tell_missing(evidence, device, &missing, rate);
	}
}
