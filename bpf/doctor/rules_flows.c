// SPDX-License-Identifier: MIT
#include <string.h>
#include "base/numbers.h"
#include "doctor/rules.h"

/* Sockets of a kind in use, see sockstat_seq_show() in the kernel's net/ipv4/proc.c. */
static long count_sockets(const char *path, const char *kind)
{
	FILE *file = fopen(path, "re");
	static const char inuse[] = " inuse ";
	uint64_t count = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		const char *at = line + strlen(kind);

		if (strncmp(line, kind, strlen(kind)) || strncmp(at, inuse, strlen(inuse)))
			continue;
		at += strlen(inuse);
		number_take(&at, INT32_MAX, &count);
		break;
	}
	if (file)
		fclose(file);
	return count;
}

/* The sockets that may receive, of the namespace that this process is in. */
static long count_flows(void)
{
	return count_sockets("/proc/net/sockstat", "TCP:") +
	       count_sockets("/proc/net/sockstat", "UDP:") +
	       count_sockets("/proc/net/sockstat6", "TCP6:") +
	       count_sockets("/proc/net/sockstat6", "UDP6:");
}

/* Entries of a device's flow tables; where the kernel does not look at them, they are as good as none. */
static long device_flows(const struct device *device)
{
	long flows = 0;

	if (!masks_count(device))
		return 0;
	for (unsigned int i = 0; i < device->queue_count; i++)
		flows += device->queues[i].rps_flow_cnt;
	return flows;
}

static long power_of_two(long least)
{
	long power = 1;

	while (power < least)
		power *= 2;
	return power;
}

static const char *const why_small =
	"RFS remembers for each flow where its program runs. Flows that share an entry overwrite "
	"each other, and packets go to CPUs where their program is not.";

static void tell_table(struct evidence *evidence, const struct device *device, long entries,
		       long flows)
{
	struct finding *finding =
		finding_new(evidence->findings, "flow-table-small", SEVERITY_WARNING, device);
	long better = power_of_two(2 * flows);

	finding->weight = flows;
	finding->observed = true;
	value_number(finding, "entries", entries);
	value_number(finding, "flows", flows);
	value_number(finding, "enough",
		     device ? power_of_two(better / device->queue_count) : better);
	text_add(&finding->title, "The RFS flow table ");
	if (device) {
		text_add(&finding->title, "of ");
		add_device_name(&finding->title, device);
		text_add(&finding->title, " ");
	}
	text_add(&finding->title, "is too small");
	text_format(&finding->evidence, "%s has %ld entries; %ld sockets are in use.",
		    device ? "Its table (rps_flow_cnt of all queues)" : "rps_sock_flow_entries",
		    entries, flows);
	finding->explanation = why_small;
	if (device) {
		text_format(&finding->remedy,
			    "Make rps_flow_cnt at least %ld for each of its queues.",
			    power_of_two(better / device->queue_count));
	} else {
		text_add(&finding->remedy, "Make it larger than the number of flows, and "
					   "rps_flow_cnt of each queue with it.");
		text_format(&finding->command, "sudo sysctl net.core.rps_sock_flow_entries=%ld",
			    better);
	}
}

static void tell_incomplete(struct evidence *evidence, const struct device *device, long entries)
{
	struct finding *finding =
		finding_new(evidence->findings, "rfs-incomplete", SEVERITY_WARNING, device);

	value_number(finding, "entries", device ? device_flows(device) : entries);
	text_add(&finding->title, "RFS is set up by half, and does nothing");
	if (device)
		text_format(&finding->evidence,
			    "%s has a flow table of %ld entries (rps_flow_cnt), but "
			    "rps_sock_flow_entries is 0.",
			    device->name, device_flows(device));
	else
		text_format(&finding->evidence,
			    "rps_sock_flow_entries is %ld, but rps_flow_cnt is 0 of every queue "
			    "where packets are steered.",
			    entries);
	finding->explanation = "RFS needs both: the host's table says where programs run, the "
			       "queue's where their packets went last.";
	text_add(
		&finding->remedy,
		device ? "Set net.core.rps_sock_flow_entries, or set rps_flow_cnt back to 0."
		       : "Set rps_flow_cnt of the queues, or set rps_sock_flow_entries back to 0.");
}

void rules_flows(struct evidence *evidence)
{
	const struct devices *devices = evidence->view->devices;
	long entries = evidence->view->settings->rps_sock_flow_entries;
	const struct device *any = NULL;
	long flows;

	for (size_t i = 0; i < devices->count; i++)
		if (device_flows(&devices->list[i]))
			any = &devices->list[i];
	if (entries < 0 || (!entries && !any))
		return;
	if (!entries || !any) {
		tell_incomplete(evidence, any, entries);
		return;
	}
	flows = count_flows();
	if (flows > entries)
		tell_table(evidence, NULL, entries, flows);
	for (size_t i = 0; i < devices->count; i++) {
		long own = device_flows(&devices->list[i]);

		if (own && own < entries && own < flows)
			tell_table(evidence, &devices->list[i], own, flows);
	}
}
