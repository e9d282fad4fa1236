// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "devices/monitor.h"

#define QUIET_MS 100

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* See rtnetlink(7) and NETLINK_LISTEN_ALL_NSID in netlink(7). */
static int open_links(void)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	int yes = 1;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &yes, sizeof(yes));
	return fd;
}

void monitor_open(struct monitor *monitor, int listener)
{
	*monitor = (struct monitor){
		.listener = listener,
		.links = open_links(),
		.mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC),
	};
}

/* What the announcements say is read from sysfs, together with what is announced by nobody. */
static void drain(int links)
{
	char message[8192];

	while (recv(links, message, sizeof(message), 0) > 0)
		continue;
}

enum change monitor_wait(struct monitor *monitor, uint64_t most_ms)
{
	struct pollfd listener = {.fd = monitor->listener};
	struct pollfd links = {.fd = monitor->links, .events = POLLIN};
	/* The kernel tells of mounts this way, see mountinfo in proc(5). */
	struct pollfd mounts = {.fd = monitor->mounts, .events = POLLPRI};
	struct pollfd all[] = {listener, links, mounts};

	if (poll(all, 3, most_ms) <= 0)
		return CHANGE_NONE;
	/* Only the listener now, whose entry poll() writes anew. */
	if (all[0].revents || poll(all, 1, QUIET_MS) > 0)
		return CHANGE_NO_LISTENER;
	if (all[1].revents)
		drain(monitor->links);
	return all[2].revents ? CHANGE_NAMESPACES : CHANGE_DEVICES;
}
