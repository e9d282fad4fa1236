// SPDX-License-Identifier: MIT
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "process/capabilities.h"
#include "process/sandbox.h"

/* More than any work here takes. */
#define MEMORY_MOST (512UL << 20)

/* Returns -1 when a right could not be given up. */
static int give_up_rights(void)
{
	const struct rlimit memory = {MEMORY_MOST, MEMORY_MOST}, nothing = {0, 0};

	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &nothing);
	setrlimit(RLIMIT_FSIZE, &nothing);
	/* Where root is not the host's, as in a container, these may be refused to it. */
	if (!geteuid() && !setgroups(0, NULL) && !setresgid(NOBODY, NOBODY, NOBODY))
		(void)!setresuid(NOBODY, NOBODY, NOBODY);
	keep_capabilities(0);
	return may_trace() ? -1 : 0;
}

static void *read_all(int fd, size_t *length)
{
	size_t room = 4096;
	char *bytes = malloc(room);
	ssize_t got;

	*length = 0;
	while (bytes && (got = read(fd, bytes + *length, room - *length))) {
		if (got < 0 && errno != EINTR)
			break;
		*length += got > 0 ? got : 0;
		if (*length == room)
			bytes = realloc(bytes, room *= 2);
	}
	return bytes;
}

void *run_apart(void (*work)(FILE *out, const void *argument), const void *argument,
		unsigned int seconds, size_t *length)
{
	int ends[2], status;
	void *written;
	pid_t pid, parent = getpid();

	if (pipe(ends))
		return NULL;
	pid = fork();
	if (!pid) {
		FILE *out = fdopen(ends[1], "w");

		signal(SIGALRM, SIG_DFL);
		alarm(seconds);
		if (!out || give_up_rights())
			_exit(1);
		/* Last, as a change of credentials clears it: prctl(2). */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		work(out, argument);
		_exit(fclose(out) ? 1 : 0);
	}
	close(ends[1]);
	written = read_all(ends[0], length);
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		free(written);
		return NULL;
	}
	return written;
}
