/* SPDX-License-Identifier: MIT */
/* The rules of the doctor, by family, and the helpers they share. */
#ifndef DOCTOR_RULES_H
#define DOCTOR_RULES_H

#include "base/cpumask.h"
#include "doctor/doctor.h"

/* Packets a second below which nothing is worth a finding. */
#define BUSY 1000

/* A view of the host, with the rates and CPU sets worked out from it. */
struct evidence {
	const struct host_view *view;
	const struct reading *from, *to;
	struct paces paces;
	struct mask online, isolated;
	struct mask kept;   /* what the kernel keeps of a mask that is written now */
	struct mask usable; /* those of `kept` that are not isolated */
	unsigned int online_count;
	struct findings *findings;
};

/* One finding or several, where they apply: each function is a family. */
void rules_stopped(struct evidence *evidence);	/* doctor/rules_stopped.c */
void rules_off(struct evidence *evidence);	/* doctor/rules_off.c */
void rules_queues(struct evidence *evidence);	/* doctor/rules_queues.c */
void rules_masks(struct evidence *evidence);	/* doctor/rules_masks.c */
void rules_nodes(struct evidence *evidence);	/* doctor/rules_nodes.c */
void rules_load(struct evidence *evidence);	/* doctor/rules_load.c */
void rules_drops(struct evidence *evidence);	/* doctor/rules_drops.c */
void rules_flows(struct evidence *evidence);	/* doctor/rules_flows.c */
void rules_hardware(struct evidence *evidence); /* doctor/rules_hardware.c */

/* The mask of a queue; what cannot be read is empty. */
struct mask queue_mask(const struct queue *queue);

/* All CPUs in the masks of a device's queues. */
struct mask device_mask(const struct device *device);

/*
 * Whether masks on this device are looked at by the kernel: those of a device on top of another one never are, as
 * packets are steered when they arrive at the lower one.
 */
bool masks_count(const struct device *device);

/* The names of the devices below one, with commas, as a string that the caller frees; true if all of them have masks. */
bool name_lower(struct text *names, const struct evidence *evidence, const struct device *device);

/* Tells a finding of what name_lower() has found. */
void tell_lower(struct finding *finding, const struct text *names, bool covered);

/* Whether the RFS flow table may choose CPUs for a queue. */
bool flows_steer(const struct evidence *evidence, const struct queue *queue);

/* Whether anything on the host may be steered, so that the kernel calls get_rps_cpu() at all. */
bool anything_steers(const struct evidence *evidence);

/* Events a second of a CPU's softnet counter; 0 while nothing is known. */
double softnet_rate(const struct evidence *evidence, unsigned int cpu, enum softnet_value value);

/* The CPU that packets come in at, if one alone does so for nearly all of a queue's; else -1. */
int arrival_cpu(const struct evidence *evidence, const struct device *device,
		const struct queue *queue);

/* Adds a list such as "0-3,8" to a finding's values. */
void value_list(struct finding *finding, const char *name, const struct mask *mask);

/* Appends a list of CPUs: "CPU 3" or "CPUs 0-3,8". */
void add_cpu_list(struct text *text, const struct mask *mask);

/*
 * The CPUs that a mask of a device is best made of: those of its node that the kernel keeps and
 * that are not isolated.
 */
struct mask good_cpus(const struct evidence *evidence, const struct device *device);

/*
 * Appends the command that sets the mask of a device's queues: of one, or of all if `queue` is -1. CPUs that the kernel would
 * drop are left out.
 */
void add_mask_command(struct text *text, const struct evidence *evidence,
		      const struct device *device, int queue, const struct mask *mask);

#endif
