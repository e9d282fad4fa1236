// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/files.h"
#include "base/numbers.h"
#include "devices/monitor.h"
#include "devices/scan.h"
#include "devices/scanner.h"
#include "devices/scanner_rights.h"

#define PERIOD_MS 1000 /* how often to look, unless that takes too long */
#define SELDOM_MS 5000 /* how often to look at what seldom changes without an announcement */
#define QUIET_MS 30000 /* how often to look at processes while none is started */
/* Looking takes at most one part in this many of a CPU. */
#define SHARE 100

static int write_all(int fd, const void *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			bytes = (const char *)bytes + done;
			length -= done;
		}
	}
	return 0;
}

static int send_list(int fd, const struct text *list)
{
	uint32_t length = list->length;

	return write_all(fd, &length, sizeof(length)) || write_all(fd, list->data, list->length);
}

static uint64_t cpu_ms(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	return spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
}

/* How long to wait until that is done again which took so many ms of CPU. */
static uint64_t pause_after(uint64_t spent, uint64_t period)
{
	uint64_t pause = spent * SHARE;

	return pause > period ? pause : period;
}

/* When to look for namespaces. */
struct search {
	uint64_t due;	 /* at the earliest */
	uint64_t latest; /* at the latest */
	uint64_t newest; /* the process that was started last */
	bool came;	 /* one was started before the last look at that */
};

/*
 * Looking at every process takes longest, and while none has been started, hardly any has a new namespace. One that was
 * started just before may make one just after, so it counts twice.
 */
static bool search_due(struct search *search, uint64_t now)
{
	static struct kept_file loadavg = {.path = "/proc/loadavg"};
	char line[128];
	const char *last;
	uint64_t newest = 0;
	bool came;

	if (now < search->due)
		return false;
	search->due = now + PERIOD_MS;
	/* The number of the newest process stands last. */
	kept_file_read_line(&loadavg, line, sizeof(line));
	last = strrchr(line, ' ');
	if (last)
		number_read(last + 1, 0, INT32_MAX, &newest);
	came = !newest || newest != search->newest;
	if (!came && !search->came && now < search->latest)
		return false;
	search->came = came;
	search->newest = newest;
	search->latest = now + QUIET_MS;
	return true;
}

/* Sends the list of devices at once and whenever it has changed, until nobody listens. */
static void scan_for_ever(int fd)
{
	struct namespaces namespaces = {0};
	struct text now = {0}, sent = {0};
	struct monitor monitor;
	enum change change = CHANGE_NONE;
	uint64_t all_due = 0, all_earliest = 0;
	struct search search = {0};
	bool first = true, all;
	uint64_t spent = cpu_ms(), before;

	monitor_open(&monitor, fd);
	while (change != CHANGE_NO_LISTENER) {
		uint64_t began = monotonic_ms();
		struct text swap = sent;

		if (change == CHANGE_NAMESPACES || search_due(&search, began)) {
			before = spent;
			namespaces_find(&namespaces);
			spent = cpu_ms();
			search.due = began + pause_after(spent - before, PERIOD_MS);
		}
		now.length = 0;
		/* A host where devices come and go all the time must not be looked through each time. */
		if (change != CHANGE_NONE && all_earliest < all_due)
			all_due = all_earliest;
		all = began >= all_due;
		before = spent;
		scan_devices(&namespaces, all, &now);
		spent = cpu_ms();
		if (all) {
			all_due = began + pause_after(spent - before, SELDOM_MS);
			all_earliest = began + pause_after(spent - before, PERIOD_MS);
		}
		if (first || now.length != sent.length || memcmp(now.data, sent.data, now.length)) {
			if (send_list(fd, &now))
				return;
			sent = now;
			now = swap;
			first = false;
		}
		change = monitor_wait(&monitor, pause_after(spent - before, PERIOD_MS));
	}
}

static void run_scanner(int fd, pid_t parent)
{
	struct rlimit files;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Whoever waits for the end of the loader's output must not wait for this process. */
	for (int standard = 0; standard <= 2; standard++)
		dup2(null, standard);
	close(null);
	signal(SIGPIPE, SIG_IGN);
	/* One descriptor for each namespace. */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	scanner_leave_root();
	/* Afterwards, as a change of credentials clears it: prctl(2). */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent) {
		scanner_confine();
		scan_for_ever(fd);
	}
	_exit(0);
}

int scanner_start(struct scanner *scanner)
{
	pid_t parent = getpid();
	int pipe_fds[2];

	*scanner = (struct scanner){.fd = -1};
	if (pipe2(pipe_fds, O_CLOEXEC))
		return -1;
	scanner->pid = fork();
	if (!scanner->pid) {
		close(pipe_fds[0]);
		run_scanner(pipe_fds[1], parent);
	}
	close(pipe_fds[1]);
	scanner->fd = pipe_fds[0];
	fcntl(scanner->fd, F_SETFL, O_NONBLOCK);
	return scanner->pid < 0 ? -1 : 0;
}

/* Takes the last whole list out of what was received; true when it brings more than statistics. */
static bool take_list(struct text *received, struct devices *devices)
{
	bool any = false;
	uint32_t length;

	while (received->length >= sizeof(length)) {
		char *list;

		memcpy(&length, received->data, sizeof(length));
		if (received->length < sizeof(length) + length)
			break;
		list = malloc(length + 1);
		if (!list)
			break;
		memcpy(list, received->data + sizeof(length), length);
		any |= devices_unpack(devices, list, length);
		received->length -= sizeof(length) + length;
		memmove(received->data, received->data + sizeof(length) + length, received->length);
	}
	return any;
}

bool scanner_read(struct scanner *scanner, struct devices *devices)
{
	char bytes[16384];
	ssize_t length;

	while ((length = read(scanner->fd, bytes, sizeof(bytes))) > 0)
		text_bytes(&scanner->received, bytes, length);
	if (!length) {
		close(scanner->fd);
		scanner->fd = -1;
	}
	return take_list(&scanner->received, devices);
}

void scanner_stop(struct scanner *scanner)
{
	if (scanner->pid <= 0)
		return;
	kill(scanner->pid, SIGKILL);
	waitpid(scanner->pid, NULL, 0);
	scanner->pid = 0;
}
