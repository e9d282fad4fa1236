// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "base/grow.h"
#include "base/json.h"
#include "doctor/findings.h"

const char *const severity_names[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "info",
};

struct finding *finding_new(struct findings *findings, const char *id, enum severity severity,
			    const struct device *device)
{
	struct finding *finding;

	findings->list = grow(findings->list, findings->count, sizeof(*findings->list));
	finding = &findings->list[findings->count++];
	*finding = (struct finding){
		.id = id,
		.severity = severity,
		.of_device = device,
		.netns = device ? device->netns : 0,
		.ifindex = device ? device->ifindex : 0,
		.queue = -1,
		.cpu = -1,
	};
	if (device)
		value_text(finding, "device", device->name);
	if (device && device->netns_name[0])
		value_text(finding, "namespace", device->netns_name);
	return finding;
}

/* Values are written one after the other, each by a writer of its own. */
static struct json values_of(struct finding *finding)
{
	return (struct json){.text = &finding->values, .comma = finding->values.length};
}

/* The nearest number with two significant digits. */
static double rounded(double number)
{
	double step = 1;

	while (number / step >= 100)
		step *= 10;
	return (double)(uint64_t)(number / step + 0.5) * step;
}

void value_rate(struct finding *finding, const char *name, double rate)
{
	struct json json = values_of(finding);

	json_counter(&json, name, rounded(rate));
}

void value_number(struct finding *finding, const char *name, long number)
{
	struct json json = values_of(finding);

	json_number(&json, name, number);
}

void value_text(struct finding *finding, const char *name, const char *value)
{
	struct json json = values_of(finding);

	json_string(&json, name, value);
}

bool same_finding(const struct finding *one, const struct finding *other)
{
	return !strcmp(one->id, other->id) && one->of_device == other->of_device &&
	       one->netns == other->netns && one->ifindex == other->ifindex &&
	       one->queue == other->queue && one->cpu == other->cpu;
}

void finding_free(struct finding *finding)
{
	free(finding->values.data);
	free(finding->title.data);
	free(finding->evidence.data);
	free(finding->remedy.data);
	free(finding->command.data);
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		finding_free(&findings->list[i]);
	free(findings->list);
	*findings = (struct findings){0};
}

/* Orders of magnitude, so that the order of findings does not change all the time. */
static int magnitude(double weight)
{
	int magnitude = 0;

	for (; weight >= 1; weight /= 4)
		magnitude++;
	return magnitude;
}

static int by_importance(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;

	if (one->severity != other->severity)
		return one->severity < other->severity ? -1 : 1;
	if (magnitude(one->weight) != magnitude(other->weight))
		return one->weight > other->weight ? -1 : 1;
	if (strcmp(one->id, other->id))
		return strcmp(one->id, other->id);
	if (one->netns != other->netns)
		return one->netns < other->netns ? -1 : 1;
	if (one->ifindex != other->ifindex)
		return one->ifindex < other->ifindex ? -1 : 1;
	return one->queue != other->queue ? one->queue - other->queue : one->cpu - other->cpu;
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->list, findings->count, sizeof(*findings->list), by_importance);
}

void add_rate_text(struct text *text, double rate)
{
	text_number(text, rounded(rate));
}

void add_device_name(struct text *text, const struct device *device)
{
	text_add(text, device->name);
	if (device->netns_name[0])
		text_format(text, " (namespace %s)", device->netns_name);
}
