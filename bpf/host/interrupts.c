// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/files.h"
#include "base/numbers.h"
#include "host/interrupts.h"

/*
 * The receive queue that an action of /sys/kernel/irq/N/actions serves, -1 for none. Names in use: virtio0-input.0,
 * eth0-rx-0, eth0-TxRx-0, i40e-eth0-TxRx-0, eth0-rxtx-0, eth0-Tx-Rx-0, mlx5_comp0@pci:…, eth0-0.
 */
static long queue_of(const char *action, const char *device)
{
	static const char *const marks[] = {"rx", "input", "comp"};
	char name[128];
	size_t end, prefix;
	const char *number;
	uint64_t queue;

	snprintf(name, sizeof(name), "%s", action);
	name[strcspn(name, "@")] = '\0';
	end = strlen(name);
	for (prefix = end; prefix && isdigit((unsigned char)name[prefix - 1]);)
		prefix--;
	number = name + prefix;
	if (!number_read(number, 0, 99999, &queue))
		return -1;
	if (!strncmp(name, device, strlen(device)) && prefix == strlen(device) + 1 &&
	    name[prefix - 1] == '-')
		return queue;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *mark = strcasestr(name, marks[i]);

		if (mark && mark < number)
			return queue;
	}
	return -1;
}

void interrupts_note(unsigned int irq, char *actions, const char *device, unsigned int queues,
		     unsigned int *irqs)
{
	for (const char *action; (action = strsep(&actions, ","));) {
		long queue = queue_of(action, device);

		if (queue >= 0 && queue <= (long)queues)
			irqs[queue] = irq;
	}
}

static void note(unsigned int irq, const char *device, unsigned int queues, unsigned int *irqs)
{
	char path[64], actions[512];

	snprintf(path, sizeof(path), "/sys/kernel/irq/%u/actions", irq);
	if (file_read_line(path, actions, sizeof(actions)))
		interrupts_note(irq, actions, device, queues, irqs);
}

static bool note_all(int hardware, const char *directory, const char *device, unsigned int queues,
		     unsigned int *irqs)
{
	int fd = openat(hardware, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	uint64_t irq;

	if (!list)
		return false;
	while ((entry = readdir(list)))
		if (number_read(entry->d_name, 0, UINT32_MAX, &irq))
			note(irq, device, queues, irqs);
	closedir(list);
	return true;
}

void interrupts_find(int hardware, const char *name, unsigned int queues, unsigned int *irqs)
{
	bool listed;

	memset(irqs, 0, (queues + 1) * sizeof(*irqs));
	listed = note_all(hardware, "msi_irqs", name, queues, irqs);
	/* A virtio device has none of its own: the PCI device it is on has them. */
	listed = listed || note_all(hardware, "../msi_irqs", name, queues, irqs);
	/* Some drivers count from 1. */
	if (!irqs[0] && irqs[queues])
		memmove(irqs, irqs + 1, queues * sizeof(*irqs));
	/* Without messages there is one line for all. */
	if (!listed && queues == 1) {
		long line = file_read_long_at(hardware, "irq", 0);

		irqs[0] = line > 0 ? line : 0;
	}
}

void interrupts_affinity(unsigned int irq, char *list, unsigned int room)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/irq/%u/effective_affinity_list", irq);
	if (file_read_line(path, list, room) && list[0])
		return;
	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity_list", irq);
	file_read_line(path, list, room);
}
