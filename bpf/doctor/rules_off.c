// SPDX-License-Identifier: MIT
#include <limits.h>
#include "base/files.h"
#include "doctor/rules.h"

/* A device that packets come in at from elsewhere. */
static bool matters(const struct device *device)
{
	return device->kind != KIND_LOOPBACK && device->up && device->queue_count &&
	       masks_count(device);
}

/* Whether the hardware alone can spread packets over all CPUs. */
static bool hardware_spreads(const struct evidence *evidence, const struct device *device)
{
	return device->kind == KIND_PHYSICAL && device->queue_count >= evidence->online_count;
}

/* Packets that have come in since boot; 0 where that is out of sight. */
static long received(const struct device *device)
{
	char path[NAME_MAX + 64];

	if (device->netns_name[0])
		return 0;
	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/rx_packets", device->name);
	return file_read_long(path, 0);
}

/* The device whose masks are worth setting first, or NULL: the busiest piece of hardware, or else the first. */
static const struct device *most_important(const struct devices *devices)
{
	const struct device *best = NULL;
	long most = -1;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];
		long packets;

		if (!matters(device) || (best && device->kind != KIND_PHYSICAL))
			continue;
		packets = device->kind == KIND_PHYSICAL ? received(device) : -1;
		if (best && packets <= most)
			continue;
		best = device;
		most = packets;
	}
	return best;
}

struct census {
	unsigned int devices, queues, physical, spread;
	int busiest; /* CPU */
	double packets, most;
};

static struct census take_census(const struct evidence *evidence)
{
	struct census census = {.busiest = -1};

	for (size_t i = 0; i < evidence->view->devices->count; i++) {
		const struct device *device = &evidence->view->devices->list[i];

		if (!matters(device))
			continue;
		census.devices++;
		census.queues += device->queue_count;
		census.physical += device->kind == KIND_PHYSICAL;
		census.spread += hardware_spreads(evidence, device);
	}
	for (unsigned int cpu = 0; cpu < evidence->to->cpus; cpu++) {
		double rate = softnet_rate(evidence, cpu, SOFTNET_PROCESSED);

		census.packets += rate;
		if (rate <= census.most)
			continue;
		census.most = rate;
		census.busiest = cpu;
	}
	return census;
}

static void tell_rps_off(struct evidence *evidence, const struct device *device)
{
	struct census census = take_census(evidence);
	bool spread = census.physical && census.spread == census.physical;
	bool lopsided = census.packets >= BUSY && census.most >= 0.6 * census.packets;
	struct mask mask = good_cpus(evidence, device);
	struct finding *finding;

	/* Where all other CPUs are set apart, there is nothing to spread over. */
	if (mask_count(&mask) < 2)
		return;
	finding = finding_new(evidence->findings, "rps-off",
			      lopsided && !spread ? SEVERITY_WARNING : SEVERITY_INFO, NULL);
	finding->weight = census.packets;
	value_number(finding, "devices", census.devices);
	value_number(finding, "queues", census.queues);
	value_number(finding, "cpus", evidence->online_count);
	value_number(finding, "spread", spread);
	text_add(&finding->title, "RPS is off on every interface");
	text_format(
		&finding->evidence,
		"%u receive queue%s on %u interface%s: no rps_cpus mask has an effect, and no RFS "
		"flow table is in use.",
		census.queues, census.queues == 1 ? "" : "s", census.devices,
		census.devices == 1 ? "" : "s");
	if (census.packets >= BUSY) {
		value_rate(finding, "packets", census.packets);
		value_number(finding, "busiest", census.busiest);
		value_number(finding, "percent", 100 * census.most / census.packets);
		text_format(&finding->evidence, " CPU %d processes %.0f %% of ", census.busiest,
			    100 * census.most / census.packets);
		add_rate_text(&finding->evidence, census.packets);
		text_format(&finding->evidence, " packets/s, of %u CPUs.", evidence->online_count);
	}
	if (spread)
		text_add(&finding->evidence,
			 " Every physical interface has a receive queue for each CPU.");
	finding->explanation =
		spread ? "The hardware spreads packets by itself (RSS), so that RPS has little to "
			 "add. The kernel does not call get_rps_cpu() while RPS is off, so that "
			 "there is nothing to see."
		       : "Packets are processed on the CPU that takes the interrupt, or that sent "
			 "them. The kernel does not call get_rps_cpu() while RPS is off, so that "
			 "there is nothing to see.";
	text_add(&finding->remedy, spread ? "Nothing has to be done, but it can be tried."
					  : "Give the busiest interface a mask.");
	add_mask_command(&finding->command, evidence, device, -1, &mask);
}

/* Decisions for nobody on a queue, a second. */
static double unsteered(const struct evidence *evidence, const struct device *device,
			unsigned int rx)
{
	const struct pace *paces;
	double rate = 0;
	size_t count;

	paces = paces_of(&evidence->paces, device, rx, &count);
	for (size_t i = 0; i < count; i++)
		if (paces[i].decision.verdict == RPS_NONE)
			rate += paces[i].rate;
	return rate;
}

/* Tells of queues without a mask, if it is likely that somebody forgot them. */
static void look_at_queues(struct evidence *evidence, const struct device *device)
{
	struct mask off = {0}, mask = device_mask(device);
	unsigned int on = 0;
	double rate = 0;
	struct finding *finding;
	int first = -1;

	for (unsigned int i = 0; i < device->queue_count; i++) {
		const struct queue *queue = &device->queues[i];
		struct mask cpus = queue_mask(queue);

		if (mask_count(&cpus) || flows_steer(evidence, queue)) {
			on++;
			continue;
		}
		if (first < 0)
			first = queue->rx;
		if (queue->rx < MASK_CPUS)
			mask_set(&off, queue->rx);
		rate += unsteered(evidence, device, queue->rx);
	}
	if (first < 0)
		return;
	/* A device without any mask was left out on purpose, unless much comes in at few queues. */
	if (!on &&
	    (device->kind != KIND_PHYSICAL || rate < BUSY || hardware_spreads(evidence, device)))
		return;
	if (!on)
		mask = good_cpus(evidence, device);
	finding = finding_new(evidence->findings, "queue-off", SEVERITY_WARNING, device);
	finding->queue = first;
	finding->weight = rate;
	finding->observed = !on;
	value_number(finding, "off", mask_count(&off));
	value_list(finding, "without", &off);
	value_number(finding, "queues", device->queue_count);
	value_rate(finding, "unsteered", rate);
	text_add(&finding->title, "RPS is off on ");
	text_add(&finding->title, on ? "some queues of " : "");
	add_device_name(&finding->title, device);
	text_add(&finding->evidence, mask_count(&off) == 1 ? "Receive queue " : "Receive queues ");
	mask_add_list(&finding->evidence, &off);
	text_format(&finding->evidence, " of %u %s neither an rps_cpus mask nor a flow table",
		    device->queue_count, mask_count(&off) == 1 ? "has" : "have");
	if (rate >= 1) {
		text_add(&finding->evidence, "; ");
		add_rate_text(&finding->evidence, rate);
		text_add(&finding->evidence, " packets/s stay where they arrive");
	}
	text_add(&finding->evidence, ".");
	finding->explanation = "Each receive queue has a mask of its own. What arrives at a queue "
			       "without one is processed on the CPU that takes its interrupt.";
	text_add(&finding->remedy, "Give all queues a mask.");
	add_mask_command(&finding->command, evidence, device, -1, &mask);
}

void rules_off(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;
	const struct device *device;

	if (evidence->online_count < 2)
		return;
	if (!anything_steers(evidence)) {
		device = most_important(devices);
		if (device)
			tell_rps_off(evidence, device);
		return;
	}
	for (size_t i = 0; i < devices->count; i++)
		if (matters(&devices->list[i]))
			look_at_queues(evidence, &devices->list[i]);
}
