// SPDX-License-Identifier: MIT
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "guard/guard_rights.h"
#include "guard/keeper.h"

/* How long the keeper lets the guard do the work itself, as it says what it has done. */
#define GRACE_NS 2000000000ULL
/* How long a killed guard may take to die: one that is frozen does not, and does not write either. */
#define DEATH_MS 2000
/* How long the keeper may take to answer. */
#define ANSWER_MS 5000

/* What the keeper waits for. */
struct watch {
	struct plan *plan;
	pid_t guard;
	int socket; /* its end is the guard's death */
	int timer;
	uint64_t due_ns;       /* 0: nothing is due */
	int input;	       /* the guard's stdin; -1 once it has ended */
	unsigned int progress; /* of the guard, when it was last looked at */
};

/* Brings the end of waiting forward, never back. */
static void make_due(struct watch *watch, uint64_t ns)
{
	if (watch->due_ns && watch->due_ns <= ns)
		return;
	watch->due_ns = ns;
	boot_timer_set(watch->timer, ns);
}

/* Whether the guard is alive after a word of it. */
static bool hear_guard(struct watch *watch)
{
	char word;
	ssize_t length = read(watch->socket, &word, 1);

	if (length < 0)
		return errno == EINTR || errno == EAGAIN;
	if (!length)
		return false;
	if (watch->plan->deadline_ns)
		make_due(watch, watch->plan->deadline_ns);
	send(watch->socket, &word, 1, MSG_NOSIGNAL);
	return true;
}

/* Kills the guard, and waits until it is dead. Its process identifier is its own while this process is its child. */
static void take_over(const struct watch *watch)
{
	struct pollfd end = {.fd = watch->socket, .events = POLLRDHUP};

	if (getppid() != watch->guard)
		return;
	kill(watch->guard, SIGKILL);
	poll(&end, 1, DEATH_MS);
}

/*
 * Whether the guard gets more time for what is due: the first time, as both may have been asleep until now, and while it is at
 * work.
 */
static bool has_grace(struct watch *watch)
{
	unsigned int progress = watch->plan->progress;

	if (progress == watch->progress)
		return false;
	watch->progress = progress;
	watch->due_ns = 0;
	make_due(watch, boottime_ns() + GRACE_NS);
	return true;
}

static void keep(struct watch *watch)
{
	for (;;) {
		struct pollfd all[] = {
			{.fd = watch->socket, .events = POLLIN},
			{.fd = watch->timer, .events = POLLIN},
			{.fd = watch->input, .events = POLLRDHUP},
		};

		if (poll(all, 3, -1) < 0)
			continue;
		if (all[0].revents && !hear_guard(watch))
			return;
		if (all[1].revents && !has_grace(watch)) {
			take_over(watch);
			return;
		}
		/* Nobody can confirm any more. */
		if (all[2].revents) {
			watch->input = -1;
			make_due(watch, boottime_ns());
		}
	}
}

static void run_keeper(struct watch *watch)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	if (guard_confine(watch->guard) || send(watch->socket, "", 1, MSG_NOSIGNAL) != 1)
		_exit(1);
	keep(watch);
	_exit(plan_restore(watch->plan) ? 1 : 0);
}

/* Waits for a word of the keeper. */
static bool answers(const struct keeper *keeper)
{
	struct pollfd word = {.fd = keeper->socket, .events = POLLIN};
	char byte;

	return poll(&word, 1, ANSWER_MS) > 0 && read(keeper->socket, &byte, 1) == 1;
}

static int fail_to_start(struct failure *failure, const char *why)
{
	return fail(failure, "HOST_BUSY", GUARD_STAGE, "Free some memory or processes on the host.",
		    "cannot start a process: %s", why);
}

int keeper_start(struct keeper *keeper, struct plan *plan, struct failure *failure)
{
	struct watch watch = {
		.plan = plan,
		.guard = getpid(),
		.timer = boot_timer_new(),
		.progress = UINT_MAX, /* none was seen */
	};
	int sockets[2];

	if (watch.timer < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets))
		return fail_to_start(failure, strerror(errno));
	watch.socket = sockets[1];
	keeper->socket = sockets[0];
	keeper->pid = fork();
	if (keeper->pid < 0) {
		keeper->pid = 0;
		return fail_to_start(failure, strerror(errno));
	}
	if (!keeper->pid) {
		close(sockets[0]);
		run_keeper(&watch);
	}
	close(sockets[1]);
	close(watch.timer);
	return answers(keeper) ? 0 : fail_to_start(failure, "the second process does not answer");
}

bool keeper_arm(const struct keeper *keeper)
{
	return send(keeper->socket, "", 1, MSG_NOSIGNAL) == 1 && answers(keeper);
}

const char *keeper_trouble(const struct keeper *keeper)
{
	siginfo_t child = {0};

	/* Without WNOWAIT its number could become another process's, which keeper_end() would then kill. */
	if (!keeper->pid ||
	    waitid(P_PID, keeper->pid, &child, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) ||
	    !child.si_pid)
		return NULL;
	return child.si_code == CLD_STOPPED || child.si_code == CLD_TRAPPED
		       ? "the second process was stopped"
		       : "the second process was killed";
}

void keeper_end(struct keeper *keeper)
{
	if (keeper->pid)
		kill(keeper->pid, SIGKILL);
	keeper->pid = 0;
}
