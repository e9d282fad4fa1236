/* SPDX-License-Identifier: MIT */
/* Which interrupt brings the packets of a receive queue. */
#ifndef HOST_INTERRUPTS_H
#define HOST_INTERRUPTS_H

/*
 * Finds the interrupts of a device's receive queues. `hardware` is the directory of the device that `name` is
 * on, `irqs` has room for `queues` of them and one more. 0: none, or nobody knows, as drivers name their interrupts as they like.
 */
void interrupts_find(int hardware, const char *name, unsigned int queues, unsigned int *irqs);

/*
 * Takes note of an interrupt that has `actions`, separated by commas where it is shared, for those queues that they name. The
 * rest is as for interrupts_find().
 */
void interrupts_note(unsigned int irq, char *actions, const char *device, unsigned int queues,
		     unsigned int *irqs);

/* The CPUs that an interrupt goes to, as a list; "" when that cannot be read. */
void interrupts_affinity(unsigned int irq, char *list, unsigned int room);

#endif
