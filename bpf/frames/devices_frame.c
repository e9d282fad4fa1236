// SPDX-License-Identifier: MIT
/* The `devices` frame. */
#include "base/json.h"
#include "frames/frames.h"

static void add_queue(struct json *json, const struct queue *queue)
{
	json_begin_object(json, NULL);
	json_number(json, "rx", queue->rx);
	json_string(json, "rps_cpus", queue->rps_cpus);
	json_number(json, "rps_flow_cnt", queue->rps_flow_cnt);
	if (queue->irq)
		json_number(json, "irq", queue->irq);
	if (queue->irq_cpus[0])
		json_string(json, "irq_cpus", queue->irq_cpus);
	json_end_object(json);
}

static void add_device(struct json *json, const struct device *device)
{
	json_begin_object(json, NULL);
	json_number(json, "netns", device->netns);
	if (device->netns_name[0])
		json_string(json, "netns_name", device->netns_name);
	json_number(json, "ifindex", device->ifindex);
	json_number(json, "instance", device->instance);
	json_string(json, "name", device->name);
	json_string(json, "kind", kind_names[device->kind]);
	json_number(json, "node", device->node);
	json_bool(json, "up", device->up);
	json_begin_array(json, "lower");
	text_add(json->text, device->lower); /* numbers with commas between them */
	json_end_array(json);
	json_bool(json, "xdp", device->xdp);
	json_begin_array(json, "queues");
	for (unsigned int i = 0; i < device->queue_count; i++)
		add_queue(json, &device->queues[i]);
	json_end_array(json);
	json_end_object(json);
}

void frame_devices(struct text *text, const struct devices *devices)
{
	struct json json = json_begin_frame(text, "devices");

	json_begin_array(&json, "devices");
	for (size_t i = 0; i < devices->count; i++)
		add_device(&json, &devices->list[i]);
	json_end_array(&json);
	json_end_frame(&json);
}
