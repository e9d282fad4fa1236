// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "base/memory.h"
#include "doctor/rules.h"

/* Who sends packets to a CPU's backlog. */
struct senders {
	double all; /* packets a second */
	double most;
	int cpu;		    /* who sends most of them; -1: nobody was seen */
	const struct pace *through; /* the busiest row of that CPU */
};

static struct senders senders_to(const struct evidence *evidence, unsigned int target)
{
	double *rates = must(calloc(evidence->view->topology->count, sizeof(*rates)));
	const struct paces *paces = &evidence->paces;
	struct senders senders = {.cpu = -1};

	for (size_t i = 0; i < paces->count; i++) {
		const struct pace *pace = &paces->list[i];

		if (pace->decision.target != (int)target)
			continue;
		senders.all += pace->rate;
		rates[pace->cpu] += pace->rate;
		if (senders.cpu < 0 || rates[pace->cpu] > rates[senders.cpu])
			senders.cpu = pace->cpu;
	}
	for (size_t i = 0; senders.cpu >= 0 && i < paces->count; i++) {
		const struct pace *pace = &paces->list[i];

		if (pace->decision.target == (int)target && pace->cpu == (unsigned)senders.cpu &&
		    (!senders.through || pace->rate > senders.through->rate))
			senders.through = pace;
	}
	if (senders.cpu >= 0)
		senders.most = rates[senders.cpu];
	free(rates);
	return senders;
}

static const struct device *device_of(const struct evidence *evidence,
				      const struct senders *senders)
{
	return senders->through ? devices_find(evidence->view->devices, &senders->through->decision)
				: NULL;
}

static void add_sender(struct finding *finding, const struct senders *senders,
		       const struct device *device)
{
	double percent = 100 * senders->most / senders->all;

	value_number(finding, "from", senders->cpu);
	value_number(finding, "percent", percent);
	value_rate(finding, "packets", senders->all);
	text_format(&finding->evidence, " %.0f %% of the ", percent);
	add_rate_text(&finding->evidence, senders->all);
	text_format(&finding->evidence, " packets/s that are sent there come from CPU %d",
		    senders->cpu);
	if (device) {
		value_text(finding, "through", device->name);
		value_number(finding, "queue", senders->through->decision.queue);
		text_add(&finding->evidence, ", most of them through ");
		add_device_name(&finding->evidence, device);
		text_format(&finding->evidence, " queue %u", senders->through->decision.queue);
	}
	text_add(&finding->evidence, ".");
}

static void tell_drops(struct evidence *evidence, unsigned int cpu, double drops)
{
	long backlog = evidence->view->settings->netdev_max_backlog;
	struct senders senders = senders_to(evidence, cpu);
	struct finding *finding =
		finding_new(evidence->findings, "backlog-drops", SEVERITY_ERROR, NULL);

	finding->cpu = cpu;
	finding->observed = true;
	finding->weight = drops;
	value_rate(finding, "drops", drops);
	value_number(finding, "backlog", backlog);
	text_format(&finding->title, "CPU %u drops packets: its backlog is full", cpu);
	add_rate_text(&finding->evidence, drops);
	text_format(&finding->evidence, " packets/s were dropped on their way to CPU %u.", cpu);
	if (senders.cpu >= 0)
		add_sender(finding, &senders, device_of(evidence, &senders));
	if (backlog >= 0)
		text_format(&finding->evidence,
			    " A backlog holds %ld packets (netdev_max_backlog).", backlog);
	finding->explanation = "Packets for a CPU wait in its backlog. When more come than it can "
			       "process, the queue fills, and what comes then is lost.";
	text_add(&finding->remedy, "Give the sender's mask more CPUs, so that each gets less.");
	if (backlog >= 0) {
		text_add(&finding->remedy, " If it happens in bursts only, a longer queue helps.");
		text_format(&finding->command, "sudo sysctl net.core.netdev_max_backlog=%ld",
			    backlog < 1000 ? 1000 : backlog * 2);
	}
}

void rules_drops(struct evidence *evidence)
{
	for (unsigned int cpu = 0; cpu < evidence->to->cpus; cpu++) {
		double drops = softnet_rate(evidence, cpu, SOFTNET_DROPPED);

		if (drops > 0)
			tell_drops(evidence, cpu, drops);
	}
}
