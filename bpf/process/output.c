// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "process/output.h"

/* A buffer that one large frame has blown up is given back beyond this size. */
#define KEEP 65536

void output_open(struct output *output)
{
	struct stat status;
	int fd;

	*output = (struct output){0};
	if (fstat(STDOUT_FILENO, &status))
		return;
	output->socket = S_ISSOCK(status.st_mode);
	/* A file never blocks for long; opening it again would lose the position. */
	if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode))
		return;
	/* O_NONBLOCK on the inherited descriptor would be seen by everyone who shares it, such as the shell. */
	fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
		return;
	}
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

bool output_idle(const struct output *output)
{
	return output->written == output->text.length;
}

static void empty(struct output *output)
{
	output->written = output->text.length = 0;
	if (output->text.room > KEEP) {
		free(output->text.data);
		output->text = (struct text){0};
	}
}

void output_flush(struct output *output)
{
	while (!output->closed && !output_idle(output)) {
		const char *data = output->text.data + output->written;
		size_t length = output->text.length - output->written;
		ssize_t done = output->socket ? send(STDOUT_FILENO, data, length, MSG_DONTWAIT)
					      : write(STDOUT_FILENO, data, length);

		if (done >= 0)
			output->written += done;
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			output->closed = true;
	}
	empty(output);
}

void output_drain(struct output *output, int timeout_ms)
{
	uint64_t deadline = monotonic_ms() + timeout_ms;
	struct pollfd reader = {.fd = STDOUT_FILENO, .events = POLLOUT};

	output_flush(output);
	while (!output_idle(output)) {
		uint64_t now = monotonic_ms();

		if (now >= deadline)
			return;
		poll(&reader, 1, deadline - now);
		output_flush(output);
	}
}
