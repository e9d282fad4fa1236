// SPDX-License-Identifier: MIT
#include <bpf/libbpf.h>
#include "btf/load_failure.h"
#include "device_events.skel.h"
#include "tracer/device_events.h"

static bool attach(struct device_events_bpf *skeleton)
{
	struct bpf_link *coming = bpf_program__attach(skeleton->progs.netdev_register_kobject);
	struct bpf_link *moving = bpf_program__attach(skeleton->progs.netdev_change_owner);

	if (coming && moving)
		return true;
	bpf_link__destroy(coming);
	bpf_link__destroy(moving);
	return false;
}

/* Opens it for the counters of a program. */
static bool take_regions(struct device_events_bpf *skeleton, int regions,
			 const struct counters *counters)
{
	struct bpf_map *map = skeleton->maps.regions;

	if (bpf_map__reuse_fd(map, regions))
		return false;
	skeleton->rodata->stride = counters->stride;
	skeleton->rodata->regions_each = bpf_map__max_entries(map) == 1 ? counters->regions : 1;
	return true;
}

bool device_events_attach(int regions, const struct counters *counters)
{
	struct device_events_bpf *skeleton;
	bool attached;

	/* A kernel that does not let it is no failure. */
	load_failure_listen();
	skeleton = device_events_bpf__open();
	attached = skeleton && take_regions(skeleton, regions, counters) &&
		   !device_events_bpf__load(skeleton) && attach(skeleton);
	device_events_bpf__destroy(skeleton);
	return attached;
}
