// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "process/signals.h"
#include "session/session_parts.h"

void session_wait(struct session *session, int timeout)
{
	bool idle = output_idle(&session->output);
	struct pollfd in = {.fd = session->control.fd, .events = POLLIN};
	struct pollfd signals = {.fd = session->signals, .events = POLLIN};
	struct pollfd scanner = {.fd = session->scanner.fd, .events = POLLIN};
	struct pollfd out = {.fd = STDOUT_FILENO, .events = idle ? 0 : POLLOUT};
	struct pollfd auditor = {.fd = session->audit.ended, .events = POLLIN};
	struct pollfd all[] = {in, signals, scanner, out, auditor};
	struct epoll_event any;

	/* Waiting is the larger part of what an idle host costs, and it costs less when nobody asks what happened. */
	if (idle && session->events >= 0 && !session->output.closed) {
		if (epoll_wait(session->events, &any, 1, timeout) <= 0)
			return;
		timeout = 0;
	}
	poll(all, sizeof(all) / sizeof(*all), timeout);
	if (all[2].revents && scanner_read(&session->scanner, &session->devices)) {
		session->devices_new = true;
		session_select_devices(session, true);
		session_set_what_if(session);
	}
	if (all[4].revents)
		audit_hear(&session->audit);
	if (session->devices_new || all[3].revents || all[4].revents)
		session_tell_devices(session);
	if (all[3].revents & (POLLERR | POLLHUP | POLLNVAL))
		session->output.closed = true;
	if (session->output.closed)
		session->reason = "stdout closed";
	if (all[0].revents) {
		char *line;

		if (!control_read(&session->control))
			session->reason = "stdin closed";
		while ((line = control_line(&session->control)))
			session_take_command(session, line);
	}
	if (all[1].revents) {
		const char *signal = signals_next(session->signals);

		if (signal)
			session->reason = signal;
	}
}

/* False when a file cannot be waited for this way, such as /dev/null; one that is not there does not matter. */
static bool watch(int events, int fd, uint32_t what)
{
	struct epoll_event event = {.events = what};

	return fd < 0 || !epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
}

void session_open_events(struct session *session)
{
	int events = epoll_create1(EPOLL_CLOEXEC);

	session->events = events;
	if (watch(events, session->control.fd, EPOLLIN) &&
	    watch(events, session->signals, EPOLLIN) &&
	    watch(events, session->scanner.fd, EPOLLIN) &&
	    watch(events, session->audit.ended, EPOLLIN) &&
	    (watch(events, STDOUT_FILENO, 0) || errno == EPERM))
		return;
	close(events);
	session->events = -1;
}
