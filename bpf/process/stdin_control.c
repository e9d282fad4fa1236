// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "process/stdin_control.h"

/* Four candidates for hundreds of queues fit. */
#define LINE_MOST (256 * 1024)

bool control_read(struct control *control)
{
	char bytes[4096];
	ssize_t length = read(control->fd, bytes, sizeof(bytes));

	if (length > 0) {
		control->heard_ms = monotonic_ms();
		text_bytes(&control->received, bytes, length);
	}
	return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

char *control_line(struct control *control)
{
	struct text *received = &control->received;
	char *end;

	/* What was given out last time ends with NUL. */
	if (control->given) {
		received->length -= control->given;
		memmove(received->data, received->data + control->given, received->length);
		control->given = 0;
	}
	end = received->length ? memchr(received->data, '\n', received->length) : NULL;
	if (!end) {
		if (received->length > LINE_MOST) {
			received->length = 0;
			control->cut = true;
		}
		return NULL;
	}
	if (control->cut || memchr(received->data, '\0', end - received->data))
		received->data[0] = '\0';
	control->cut = false;
	*end = '\0';
	control->given = end + 1 - received->data;
	return received->data;
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
