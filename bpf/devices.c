// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "devices.h"

enum kind { DEVICE, QUEUE };

/* What two strings follow: namespace and name of a device, rps_cpus and nothing of a queue. */
struct record {
	uint32_t kind;
	uint32_t numbers[3];
};

static void pack(struct text *text, const struct record *record, const char *first,
		 const char *second)
{
	text_bytes(text, record, sizeof(*record));
	text_bytes(text, first, strlen(first) + 1);
	text_bytes(text, second, strlen(second) + 1);
}

void pack_device(struct text *text, const struct device *device)
{
	const struct record record = {
		.kind = DEVICE,
		.numbers = {device->netns, device->ifindex, device->instance},
	};

	pack(text, &record, device->netns_name, device->name);
}

void pack_queue(struct text *text, unsigned int rx, const char *rps_cpus, unsigned int rps_flow_cnt)
{
	const struct record record = {.kind = QUEUE, .numbers = {rx, rps_flow_cnt}};

	pack(text, &record, rps_cpus, "");
}

static void *larger(void *list, size_t count, size_t size)
{
	/* Grown in powers of two. */
	if (count & (count - 1))
		return list;
	list = realloc(list, (count ? count * 2 : 1) * size);
	if (!list)
		abort();
	return list;
}

static void add_queue(struct device *device, const struct record *record, const char *rps_cpus)
{
	device->queues = larger(device->queues, device->queue_count, sizeof(*device->queues));
	device->queues[device->queue_count++] = (struct queue){
		.rx = record->numbers[0],
		.rps_flow_cnt = record->numbers[1],
		.rps_cpus = rps_cpus,
	};
}

static void add_device(struct devices *devices, const struct record *record, const char *netns_name,
		       const char *name)
{
	devices->list = larger(devices->list, devices->count, sizeof(*devices->list));
	devices->list[devices->count++] = (struct device){
		.netns = record->numbers[0],
		.ifindex = record->numbers[1],
		.instance = record->numbers[2],
		.netns_name = netns_name,
		.name = name,
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

void unpack_devices(struct devices *devices, char *bytes, size_t length)
{
	struct record record;

	free_devices(devices);
	devices->bytes = bytes;
	for (const char *at = bytes; at < bytes + length;) {
		const char *first = at + sizeof(record);
		const char *second = first + strlen(first) + 1;

		memcpy(&record, at, sizeof(record));
		at = second + strlen(second) + 1;
		if (record.kind == DEVICE)
			add_device(devices, &record, first, second);
		else
			add_queue(&devices->list[devices->count - 1], &record, first);
	}
}

const struct device *find_device(const struct devices *devices, const struct decision *decision)
{
	for (size_t i = 0; i < devices->count; i++) {
		const struct device *device = &devices->list[i];

		if (device->netns == decision->netns && device->ifindex == decision->ifindex &&
		    device->instance == decision->instance)
			return device;
	}
	return NULL;
}
