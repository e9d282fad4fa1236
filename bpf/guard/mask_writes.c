// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "guard/mask_writes.h"
#include "guard/queues_open.h"

int mask_file_read(int fd, char *text, size_t room)
{
	ssize_t length;

	do
		length = pread(fd, text, room - 1, 0);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/* Returns 0 or a negative errno; -EIO when the kernel took a part. */
static int put(const struct queue_write *write, const char *text, size_t length)
{
	ssize_t done;

	do
		done = pwrite(write->fd, text, length, 0);
	while (done < 0 && errno == EINTR);
	if (done < 0)
		return -errno;
	return done == (ssize_t)length ? 0 : -EIO;
}

/* The kernel refuses more digits than it has CPUs: the mask is written as wide as the one that was found. */
static int put_mask(const struct queue_write *write)
{
	struct text text = {0};
	unsigned int width = strlen(write->before) / 9 * 32 + strlen(write->before) % 9 * 4;
	int error;

	for (unsigned int cpu = width; cpu < MASK_CPUS; cpu++)
		if (mask_has(&write->wanted, cpu))
			width = cpu + 1;
	mask_add_kernel(&text, &write->wanted, width);
	error = put(write, text.data, text.length);
	free(text.data);
	return error;
}

int write_refused(const struct queue_write *write, int error, struct failure *failure)
{
	const char *name = write->address.name;

	switch (error) {
	case -EOVERFLOW:
		return fail(failure, "TOO_WIDE", GUARD_STAGE,
			    "Take only CPUs that this host can have.",
			    "the mask for %s, queue %u has more CPUs than this kernel knows", name,
			    write->address.queue);
	case -EINVAL:
		return fail(failure, "REFUSED", GUARD_STAGE,
			    "Leave CPUs out that isolcpus= or nohz_full= set apart.",
			    "the kernel takes no mask of isolated CPUs only, for %s, queue %u",
			    name, write->address.queue);
	case -ENODEV:
		return fail(failure, "QUEUE_GONE", GUARD_STAGE, "Look at the devices again.",
			    "%s has no receive queue %u any more", name, write->address.queue);
	case -EPERM:
	case -EACCES:
		return fail(failure, "NOT_PERMITTED", GUARD_STAGE,
			    "It takes root, or CAP_NET_ADMIN.",
			    "cannot write rps_cpus of %s, queue %u: %s", name, write->address.queue,
			    strerror(-error));
	default:
		return fail(failure, "WRITE_FAILED", GUARD_STAGE, "Look at the masks again.",
			    "cannot write rps_cpus of %s, queue %u: %s", name, write->address.queue,
			    strerror(-error));
	}
}

int write_changed(const struct queue_write *write, struct failure *failure)
{
	return fail(failure, "CHANGED", GUARD_STAGE, "Look at the masks again.",
		    "somebody else has changed %s, queue %u: it has %.80s now", write->address.name,
		    write->address.queue, write->now);
}

/* Whether a mask may be what the kernel kept of the one that was written: it keeps a part. */
static bool may_be_own(const struct queue_write *write, const struct mask *found)
{
	struct mask part = mask_and(found, &write->wanted);

	return mask_equal(found, &part);
}

int write_apply(struct queue_write *write, struct failure *failure)
{
	struct mask found;
	int error = mask_file_read(write->fd, write->now, sizeof(write->now));

	if (error)
		return write_refused(write, error, failure);
	if (!queue_in_place(write))
		return fail(failure, "QUEUE_GONE", GUARD_STAGE, "Look at the devices again.",
			    "%s was renamed or moved to another namespace", write->address.name);
	if (mask_read_kernel(&found, write->now) || !mask_equal(&found, &write->expected))
		return write_changed(write, failure);
	/* Whatever the kernel answers, the way back looks at this queue from here on. */
	write->state = WRITE_UNSURE;
	error = put_mask(write) ?: mask_file_read(write->fd, write->now, sizeof(write->now));
	if (error)
		return write_refused(write, error, failure);
	if (mask_read_kernel(&found, write->now) || !may_be_own(write, &found))
		return write_changed(write, failure);
	write->kept = found;
	write->state = WRITE_DONE;
	return 0;
}

static bool is_own(const struct queue_write *write, const struct mask *found)
{
	return write->state == WRITE_DONE ? mask_equal(found, &write->kept)
					  : may_be_own(write, found);
}

int write_restore(struct queue_write *write)
{
	struct mask found;
	int error;

	if (write->state != WRITE_DONE && write->state != WRITE_UNSURE)
		return 0;
	error = mask_file_read(write->fd, write->now, sizeof(write->now));
	if (!error && mask_read_kernel(&found, write->now))
		error = -EIO;
	if (!error && mask_equal(&found, &write->expected)) {
		write->state = WRITE_RESTORED;
	} else if (!error && !is_own(write, &found)) {
		write->state = WRITE_LEFT;
	} else if (!error) {
		error = put(write, write->before, strlen(write->before));
		if (!error) {
			write->state = WRITE_RESTORED;
			mask_file_read(write->fd, write->now, sizeof(write->now));
		}
	}
	if (error != -ENODEV)
		return error;
	write->state = WRITE_GONE;
	return 0;
}

size_t writes_look(struct queue_write *writes, size_t count)
{
	size_t others = 0;

	for (size_t i = 0; i < count; i++) {
		struct mask found;

		if (mask_file_read(writes[i].fd, writes[i].now, sizeof(writes[i].now)) ||
		    mask_read_kernel(&found, writes[i].now) || !mask_equal(&found, &writes[i].kept))
			others++;
	}
	return others;
}
