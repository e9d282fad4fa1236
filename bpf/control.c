// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <unistd.h>
#include "clock.h"
#include "control.h"

bool control_read(struct control *control)
{
	/* Any byte is a sign of life; what it says does not matter. */
	char bytes[512];
	ssize_t length = read(control->fd, bytes, sizeof(bytes));

	if (length > 0)
		control->heard_ms = monotonic_ms();
	return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

void control_open(struct control *control, bool bounded)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	*control = (struct control){.fd = STDIN_FILENO, .heard_ms = monotonic_ms()};
	if (isatty(STDIN_FILENO))
		control->fd = -1;
	else if (bounded && poll(&input, 1, 0) > 0 && !control_read(control))
		control->fd = -1;
}
