// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "process/capabilities.h"
#include "process/sandbox.h"

/* Descriptors: the standard ones, what is read, what is written to, and a few for the resolver. */
#define FILES_MOST 64

/* Lowers a limit to `most`. */
static int limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now))
		return -1;
	if (now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = now.rlim_max;
	return setrlimit(resource, &now);
}

/* Returns -1 when a right could not be given up. */
static int give_up_rights(void)
{
	/* In a container, a user that is not mapped is refused. */
	if (capabilities_leave_root(NOBODY, NOBODY, 0))
		capabilities_keep(0);
	return capabilities_may_trace() ? -1 : 0;
}

static int limit_all(const struct sandbox_limits *limits)
{
	return limit(RLIMIT_AS, limits->memory) || limit(RLIMIT_CPU, limits->seconds) ||
			       limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, 0) ||
			       limit(RLIMIT_NPROC, 0) || limit(RLIMIT_NOFILE, FILES_MOST)
		       ? -1
		       : 0;
}

/* Keeps the work from writing to the loader's own output and from reading its input. */
static int leave_standard_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int standard = 0; standard <= 2; standard++)
		if (dup2(null, standard) < 0)
			return -1;
	return 0;
}

/* Ends with 0 when the work did. */
static int run_child(void (*work)(FILE *out, const void *argument), const void *argument,
		     const struct sandbox_limits *limits, int fd, pid_t parent)
{
	FILE *out = fdopen(fd, "w");

	if (!out || leave_standard_streams() || give_up_rights())
		return 1;
	/* Now, as a change of credentials clears it: prctl(2). */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || limit_all(limits))
		return 1;
	/* On a kernel without seccomp(2) the rest has to do. */
	(void)!sandbox_confine(limits->calls);
	work(out, argument);
	return fflush(out) || ferror(out);
}

/* Reads to the end. NULL when that does not come until then, or there is more than may be. */
static char *read_until(int fd, uint64_t until, size_t most, size_t *length)
{
	size_t room = 4096;
	char *bytes = malloc(room);

	*length = 0;
	while (bytes && *length <= most) {
		struct pollfd readable = {.fd = fd, .events = POLLIN};
		uint64_t now = monotonic_ms();
		ssize_t got;

		if (now >= until)
			break;
		if (poll(&readable, 1, until - now) <= 0)
			continue;
		got = read(fd, bytes + *length, room - *length);
		if (!got)
			return bytes;
		if (got < 0)
			break;
		*length += got;
		if (*length == room) {
			char *larger = realloc(bytes, room *= 2);

			if (!larger)
				break;
			bytes = larger;
		}
	}
	free(bytes);
	return NULL;
}

/* Whether the child, which has closed its end, exits with 0 until then. */
static bool ends_well(pid_t pid, uint64_t until)
{
	pid_t ended;
	int status;

	while (!(ended = waitpid(pid, &status, WNOHANG)) && monotonic_ms() < until)
		poll(NULL, 0, 1);
	if (!ended) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return ended == pid && !status;
}

void *sandbox_run(void (*work)(FILE *out, const void *argument), const void *argument,
		  const struct sandbox_limits *limits, size_t *length)
{
	uint64_t until = monotonic_ms() + limits->seconds * 1000ULL;
	pid_t pid, parent = getpid();
	void *written;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	pid = fork();
	if (!pid) {
		close(ends[0]);
		_exit(run_child(work, argument, limits, ends[1], parent));
	}
	close(ends[1]);
	written = pid < 0 ? NULL : read_until(ends[0], until, limits->output, length);
	close(ends[0]);
	if (pid < 0)
		return NULL;
	/* Nothing is waited for that has not written all. */
	if (!ends_well(pid, written ? until : 0)) {
		free(written);
		return NULL;
	}
	return written;
}
