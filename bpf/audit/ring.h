/* SPDX-License-Identifier: MIT */
/*
 * Reads a BPF ring buffer (Linux 5.8), without a system call while it is empty; libbpf's own way to do it wants epoll. The
 * layout is the kernel's to user space: Documentation/bpf/ringbuf.rst.
 */
#ifndef AUDIT_RING_H
#define AUDIT_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
	unsigned long *taken;	   /* bytes that this side has read, since it was made */
	const unsigned long *made; /* that the program has written */
	int fd;
	size_t size; /* of the records, in bytes */
};

/* Called with each record. */
typedef void (*record_fn)(void *context, const void *record, size_t length);

/* Maps how far both sides are. False when that cannot be. */
bool ring_map(struct ring *ring, int fd, size_t size);

/* Whether there are records that were not taken yet. */
bool ring_waiting(const struct ring *ring);

/*
 * Takes them. Only meanwhile are they mapped, as they would be most of what the process has in memory: twice, one behind the
 * other, so that no record has a gap. Without memory for that they stay for the next time.
 */
void ring_take(struct ring *ring, record_fn visit, void *context);

/* Takes them from `memory`, where the records are mapped twice. */
void ring_take_from(struct ring *ring, const void *memory, record_fn visit, void *context);

#endif
