// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "base/grow.h"
#include "devices/devices.h"

enum kind { DEVICE, LINK, STATISTICS, QUEUE };

/*
 * What two strings follow: of a DEVICE its namespace and name, of its LINK the devices below it and nothing, of a QUEUE
 * rps_cpus and irq_cpus.
 */
struct record {
	uint32_t kind;
	uint32_t numbers[3];
};

enum { FLAG_UP = 1, FLAG_XDP = 2 };

static void pack(struct text *text, const struct record *record, const char *first,
		 const char *second)
{
	text_bytes(text, record, sizeof(*record));
	text_bytes(text, first, strlen(first) + 1);
	text_bytes(text, second, strlen(second) + 1);
}

void devices_pack_device(struct text *text, const struct device *device)
{
	const struct record record = {
		.kind = DEVICE,
		.numbers = {device->netns, device->ifindex, device->instance},
	};

	const struct record link = {
		.kind = LINK,
		.numbers = {device->kind, device->node,
			    (device->up ? FLAG_UP : 0) | (device->xdp ? FLAG_XDP : 0)},
	};
	const struct record statistics = {
		.kind = STATISTICS,
		.numbers = {device->rx_packets, device->rx_packets >> 32},
	};

	pack(text, &record, device->netns_name, device->name);
	pack(text, &link, device->lower, "");
	if (device->xdp)
		pack(text, &statistics, "", "");
}

void devices_pack_queue(struct text *text, const struct queue *queue)
{
	const struct record record = {
		.kind = QUEUE,
		.numbers = {queue->rx, queue->rps_flow_cnt, queue->irq},
	};

	pack(text, &record, queue->rps_cpus, queue->irq_cpus);
}

static void add_queue(struct device *device, const struct record *record, const char *rps_cpus,
		      const char *irq_cpus)
{
	device->queues = grow(device->queues, device->queue_count, sizeof(*device->queues));
	device->queues[device->queue_count++] = (struct queue){
		.rx = record->numbers[0],
		.rps_flow_cnt = record->numbers[1],
		.rps_cpus = rps_cpus,
		.irq = record->numbers[2],
		.irq_cpus = irq_cpus,
	};
}

static void add_device(struct devices *devices, const struct record *record, const char *netns_name,
		       const char *name)
{
	devices->list = grow(devices->list, devices->count, sizeof(*devices->list));
	devices->list[devices->count++] = (struct device){
		.netns = record->numbers[0],
		.ifindex = record->numbers[1],
		.instance = record->numbers[2],
		.netns_name = netns_name,
		.name = name,
		.node = -1,
		.lower = "",
	};
}

static void free_devices(struct devices *devices)
{
	for (size_t i = 0; i < devices->count; i++)
		free(devices->list[i].queues);
	free(devices->list);
	free(devices->bytes);
	*devices = (struct devices){0};
}

static void add_link(struct device *device, const struct record *record, const char *lower)
{
	device->kind = record->numbers[0] < KIND_COUNT ? record->numbers[0] : KIND_OTHER;
	device->node = record->numbers[1];
	device->up = record->numbers[2] & FLAG_UP;
	device->xdp = record->numbers[2] & FLAG_XDP;
	device->lower = lower;
}

/* The record at `at` with its strings; returns where the next one is. */
static const char *take_record(const char *at, struct record *record, const char **first,
			       const char **second)
{
	memcpy(record, at, sizeof(*record));
	*first = at + sizeof(*record);
	*second = *first + strlen(*first) + 1;
	return *second + strlen(*second) + 1;
}

/* The next record that is not about statistics, or the end. */
static const char *skip_statistics(const char *at, const char *end)
{
	struct record record;
	const char *first, *second;

	while (at < end) {
		const char *next = take_record(at, &record, &first, &second);

		if (record.kind != STATISTICS)
			break;
		at = next;
	}
	return at;
}

static bool same_devices(const struct devices *devices, const char *bytes, size_t length)
{
	const char *one = devices->bytes, *one_end = one + devices->length;
	const char *other = bytes, *other_end = bytes + length;

	for (;;) {
		struct record record;
		const char *first, *second;
		size_t size;

		one = skip_statistics(one, one_end);
		other = skip_statistics(other, other_end);
		if (one == one_end || other == other_end)
			return one == one_end && other == other_end;
		size = take_record(one, &record, &first, &second) - one;
		if (size > (size_t)(other_end - other) || memcmp(one, other, size))
			return false;
		one += size;
		other += size;
	}
}

bool devices_unpack(struct devices *devices, char *bytes, size_t length)
{
	bool changed = !same_devices(devices, bytes, length);

	free_devices(devices);
	devices->bytes = bytes;
	devices->length = length;
	for (const char *at = bytes; at < bytes + length;) {
		struct record record;
		const char *first, *second;
		struct device *device;

		at = take_record(at, &record, &first, &second);
		if (record.kind == DEVICE) {
			add_device(devices, &record, first, second);
			continue;
		}
		device = &devices->list[devices->count - 1];
		if (record.kind == LINK)
			add_link(device, &record, first);
		else if (record.kind == STATISTICS)
			device->rx_packets = (uint64_t)record.numbers[1] << 32 | record.numbers[0];
		else
			add_queue(device, &record, first, second);
	}
	return changed;
}

const struct device *devices_find(const struct devices *devices, const struct decision *decision)
{
	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];

		if (device->netns == decision->netns && device->ifindex == decision->ifindex &&
		    device->instance == decision->instance)
			return device;
	}
	return NULL;
}

bool devices_masked(const struct devices *devices)
{
	for (size_t i = 0; i < devices->count; i++)
		for (unsigned int queue = 0; queue < devices->list[i].queue_count; queue++)
			if (strpbrk(devices->list[i].queues[queue].rps_cpus, "123456789abcdef"))
				return true;
	return false;
}
