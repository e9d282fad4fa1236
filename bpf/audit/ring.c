// SPDX-License-Identifier: MIT
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>
#include "audit/ring.h"

bool ring_map(struct ring *ring, int fd, size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned long *taken = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	const unsigned long *made = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, page);

	if (taken == MAP_FAILED || made == MAP_FAILED)
		return false;
	*ring = (struct ring){.taken = taken, .made = made, .fd = fd, .size = size};
	return true;
}

bool ring_waiting(const struct ring *ring)
{
	return *ring->taken < __atomic_load_n(ring->made, __ATOMIC_ACQUIRE);
}

void ring_take_from(struct ring *ring, const void *memory, record_fn visit, void *context)
{
	const char *records = memory;
	unsigned long taken = *ring->taken;

	while (taken < __atomic_load_n(ring->made, __ATOMIC_ACQUIRE)) {
		const char *record = records + taken % ring->size;
		__u32 head = __atomic_load_n((const __u32 *)record, __ATOMIC_ACQUIRE);
		__u32 length = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		/* The program is at it. No program writes a record that is larger than the ring. */
		if (head & BPF_RINGBUF_BUSY_BIT || length > ring->size - BPF_RINGBUF_HDR_SZ)
			return;
		if (!(head & BPF_RINGBUF_DISCARD_BIT))
			visit(context, record + BPF_RINGBUF_HDR_SZ, length);
		taken += (length + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
		__atomic_store_n(ring->taken, taken, __ATOMIC_RELEASE);
	}
}

void ring_take(struct ring *ring, record_fn visit, void *context)
{
	long page = sysconf(_SC_PAGESIZE);
	void *records;

	if (!ring_waiting(ring))
		return;
	records = mmap(NULL, 2 * ring->size, PROT_READ, MAP_SHARED, ring->fd, 2 * page);
	if (records == MAP_FAILED)
		return;
	ring_take_from(ring, records, visit, context);
	munmap(records, 2 * ring->size);
}
