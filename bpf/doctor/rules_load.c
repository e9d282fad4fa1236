// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/memory.h"
#include "base/numbers.h"
#include "doctor/rules.h"

/* A CPU that has no time left, some of it spent on packets and other softirqs: taking in and what else runs there compete. */
#define FULL 0.9
#define SOFTIRQ 0.1

/* The parts of a CPU's time that it worked, and that it worked in softirqs; false while unknown. */
static bool time_spent(const struct evidence *evidence, unsigned int cpu, double *busy,
		       double *softirq)
{
	const struct cpu_time *from, *to;
	double all;

	if (!evidence->paces.seconds || cpu >= evidence->from->cpus || cpu >= evidence->to->cpus)
		return false;
	from = &evidence->from->times[cpu];
	to = &evidence->to->times[cpu];
	if (to->all <= from->all)
		return false;
	all = to->all - from->all;
	*busy = 1 - (double)(to->idle - from->idle) / all;
	*softirq = (to->softirq - from->softirq) / all;
	return true;
}

/* The CPU that takes a queue's packets in: as seen, or else as its interrupt says. */
static int intake_cpu(const struct evidence *evidence, const struct device *device,
		      const struct queue *queue)
{
	int seen = arrival_cpu(evidence, device, queue);
	const char *list = queue->irq_cpus;
	struct mask cpus = {0};
	uint64_t cpu;

	if (seen >= 0 || evidence->view->traced || mask_read_list(&cpus, queue->irq_cpus) ||
	    mask_count(&cpus) != 1 || !number_take(&list, MASK_CPUS - 1, &cpu))
		return seen;
	return softnet_rate(evidence, cpu, SOFTNET_PROCESSED) >= BUSY ? (int)cpu : -1;
}

/* A queue's mask without the CPU that takes its packets in; of many CPUs where that would leave a single one, or none. */
static struct mask spared(const struct evidence *evidence, const struct device *device,
			  const struct mask *mask, unsigned int cpu)
{
	struct mask rest = *mask;

	mask_clear(&rest, cpu);
	if (mask_count(&rest) < 2) {
		rest = good_cpus(evidence, device);
		mask_clear(&rest, cpu);
	}
	return mask_count(&rest) < 2 ? (struct mask){0} : rest;
}

static void look_for_full_intake(struct evidence *evidence, const struct device *device,
				 const struct queue *queue)
{
	struct mask mask = queue_mask(queue), rest;
	int cpu = intake_cpu(evidence, device, queue);
	struct finding *finding;
	double busy, softirq;

	if (cpu < 0 || !mask_has(&mask, cpu) || mask_count(&mask) < 2 ||
	    !time_spent(evidence, cpu, &busy, &softirq) || busy < FULL || softirq < SOFTIRQ)
		return;
	finding = finding_new(evidence->findings, "mask-has-irq-cpu", SEVERITY_WARNING, device);
	finding->queue = queue->rx;
	finding->cpu = cpu;
	finding->observed = true;
	finding->weight = softnet_rate(evidence, cpu, SOFTNET_PROCESSED);
	value_number(finding, "busy", 100 * busy);
	value_number(finding, "softirq", 100 * softirq);
	value_list(finding, "mask", &mask);
	if (queue->irq)
		value_number(finding, "irq", queue->irq);
	text_format(&finding->title, "CPU %d takes in all packets of ", cpu);
	add_device_name(&finding->title, device);
	text_format(&finding->title, " queue %u, is saturated, and is in its mask", queue->rx);
	text_format(&finding->evidence, "CPU %d is busy %.0f %% of its time, %.0f %% in softirqs",
		    cpu, 100 * busy, 100 * softirq);
	if (queue->irq)
		text_format(&finding->evidence, "; it serves interrupt %u", queue->irq);
	text_add(&finding->evidence, ". The mask is ");
	mask_add_list(&finding->evidence, &mask);
	text_add(&finding->evidence, ".");
	finding->explanation = "What its mask keeps on the CPU that takes packets in competes with "
			       "taking them in.";
	rest = spared(evidence, device, &mask, cpu);
	text_add(&finding->remedy, "Leave that CPU out.");
	if (mask_count(&rest))
		add_mask_command(&finding->command, evidence, device, queue->rx, &rest);
}

/* What share of evenly spread packets is too much for one of so many CPUs. */
static double too_much(unsigned int cpus)
{
	double share = 1.0 / cpus + 0.5;

	return share < 0.9 ? share : 0.9;
}

static void tell_dominant(struct evidence *evidence, const struct device *device,
			  const struct queue *queue, const struct mask *mask, int target,
			  double share, double all)
{
	struct finding *finding =
		finding_new(evidence->findings, "dominant-flow", SEVERITY_WARNING, device);
	unsigned int cpus = mask_count(mask);

	finding->queue = queue->rx;
	finding->cpu = target;
	finding->observed = true;
	finding->weight = all;
	value_number(finding, "percent", 100 * share);
	value_number(finding, "cpus", cpus);
	value_rate(finding, "packets", all);
	text_format(&finding->title, "CPU %d gets nearly all packets of ", target);
	add_device_name(&finding->title, device);
	text_format(&finding->title, " queue %u: one flow, or a few, dominate", queue->rx);
	text_format(&finding->evidence, "%.0f %% of ", 100 * share);
	add_rate_text(&finding->evidence, all);
	text_format(
		&finding->evidence,
		" packets/s go to CPU %d. Many flows would give each of the %u CPUs in the mask "
		"about %.0f %%.",
		target, cpus, 100.0 / cpus);
	finding->explanation =
		"A mask spreads flows, not packets: the hash of a packet's addresses and ports "
		"chooses the CPU, so that a flow stays in order. One big flow cannot be spread.";
	text_add(
		&finding->remedy,
		"Spread the traffic over more flows (connections, ports). For tunnels, see that "
		"the "
		"outer ports or the flow label vary. To let small flows suffer less, turn the flow "
		"limit on: net.core.flow_limit_cpu_bitmap.");
}

static void look_for_dominance(struct evidence *evidence, const struct device *device,
			       const struct queue *queue)
{
	unsigned int count = evidence->view->topology->count;
	struct mask mask = queue_mask(queue);
	const struct pace *paces;
	double *rates, all = 0;
	int top = -1;
	size_t rows;

	paces = paces_of(&evidence->paces, device, queue->rx, &rows);
	if (!rows || mask_count(&mask) < 2)
		return;
	rates = must(calloc(count, sizeof(*rates)));
	for (size_t i = 0; i < rows; i++) {
		int target = paces[i].decision.target;

		if (paces[i].decision.verdict != RPS_MAP || target < 0 ||
		    (unsigned int)target >= count)
			continue;
		rates[target] += paces[i].rate;
		all += paces[i].rate;
		if (top < 0 || rates[target] > rates[top])
			top = target;
	}
	/* The kprobe backend does not see what stays: there nothing follows from what is seen. */
	if (evidence->view->complete && all >= BUSY &&
	    rates[top] >= too_much(mask_count(&mask)) * all)
		tell_dominant(evidence, device, queue, &mask, top, rates[top] / all, all);
	free(rates);
}

void rules_load(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];

		for (unsigned int queue = 0; queue < device->queue_count; queue++) {
			look_for_full_intake(evidence, device, &device->queues[queue]);
			look_for_dominance(evidence, device, &device->queues[queue]);
		}
	}
}
