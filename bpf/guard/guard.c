// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/clock.h"
#include "guard/guard.h"
#include "guard/mask_writes.h"
#include "process/capabilities.h"
#include "process/output.h"
#include "process/signals.h"
#include "process/stdin_control.h"

#define SECONDS_MOST 3600
/* Whoever is there sends something now and then; until masks are written, nobody is waited for longer than this. */
#define SILENCE_MS 60000
#define TELL_MS 2000

/* Shared with the keeper. */
struct plan {
	size_t count;
	struct queue_write writes[WRITES_MOST];
};

struct guard {
	struct plan *plan;
	struct control control;
	struct output output;
	struct failure *failure;
	int signals;
	int keeper; /* a pipe to the keeper, once there is one */
	bool open;
	bool applied;
	bool over;
	bool failed;
	uint64_t until_ms; /* when it takes everything back */
};

static const char *const states[] = {
	[WRITE_UNTOUCHED] = "untouched", [WRITE_UNSURE] = "unsure", [WRITE_DONE] = "written",
	[WRITE_RESTORED] = "restored",	 [WRITE_LEFT] = "left",	    [WRITE_GONE] = "gone",
};

/* Says where things stand; `why` may be NULL. */
static void tell(struct guard *guard, const char *state, const char *why)
{
	struct text *text = &guard->output.text;

	text_format(text, "{\"type\":\"guard\",\"state\":\"%s\"", state);
	if (why) {
		text_add(text, ",\"why\":");
		text_json(text, why);
	}
	text_add(text, ",\"writes\":[");
	for (size_t i = 0; i < guard->plan->count; i++) {
		const struct queue_write *each = &guard->plan->writes[i];

		text_format(text, "%s{\"netns\":%u,\"ifindex\":%u,\"name\":", i ? "," : "",
			    each->netns, each->ifindex);
		text_json(text, each->name);
		text_format(text, ",\"queue\":%u,\"state\":\"%s\",\"before\":", each->queue,
			    states[each->state]);
		text_json(text, each->before);
		text_add(text, ",\"now\":");
		text_json(text, each->now);
		text_add(text, "}");
	}
	text_add(text, "]}\n");
	output_drain(&guard->output, TELL_MS);
}

/* Takes back what was written. */
static void revert(struct guard *guard, const char *why)
{
	writes_restore(guard->plan->writes, guard->plan->count);
	guard->over = true;
	tell(guard, "reverted", why);
}

static void give_up(struct guard *guard)
{
	writes_restore(guard->plan->writes, guard->plan->count);
	guard->failed = guard->over = true;
}

static void add_write(struct guard *guard, char *words)
{
	struct queue_write *each = &guard->plan->writes[guard->plan->count];
	char *expected, *wanted;
	int length = 0;

	*each = (struct queue_write){.fd = -1};
	if (guard->open || guard->plan->count == WRITES_MOST ||
	    sscanf(words, "%u %u %63s %u %n", &each->netns, &each->ifindex, each->name,
		   &each->queue, &length) != 4 ||
	    !length || !(expected = strtok(words + length, " ")) || !(wanted = strtok(NULL, " ")) ||
	    mask_read_kernel(&each->expected, expected) ||
	    mask_read_kernel(&each->wanted, wanted)) {
		fail(guard->failure, "USAGE", "guard",
		     "Send write NETNS IFINDEX NAME QUEUE EXPECTED MASK.",
		     "this is no write, or there are more than %d", WRITES_MOST);
		give_up(guard);
		return;
	}
	guard->plan->count++;
}

/* Takes back what a guard has written that was killed: it hears of that by the end of the pipe. */
static void keep(struct plan *plan, int pipe)
{
	sigset_t all;
	char done;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	for (int standard = 0; standard <= 2; standard++)
		close(standard);
	while (read(pipe, &done, 1) < 0 && errno == EINTR)
		;
	/* A guard that ended by itself has left nothing that is written and not confirmed. */
	writes_restore(plan->writes, plan->count);
	_exit(0);
}

static void start_keeper(struct guard *guard)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) || (pid = fork()) < 0) {
		fail(guard->failure, "HOST_BUSY", "guard",
		     "Free some memory or processes on the host.", "cannot start a process: %s",
		     strerror(errno));
		give_up(guard);
		return;
	}
	if (!pid) {
		close(fds[1]);
		keep(guard->plan, fds[0]);
	}
	close(fds[0]);
	guard->keeper = fds[1];
}

static void check(struct guard *guard)
{
	if (guard->open)
		return;
	if (writes_open(guard->plan->writes, guard->plan->count, guard->failure)) {
		give_up(guard);
		return;
	}
	guard->open = true;
	keep_capabilities(CAP_BIT(CAP_NET_ADMIN));
	start_keeper(guard);
	if (!guard->over)
		tell(guard, "checked", NULL);
}

static void apply(struct guard *guard, const char *seconds)
{
	unsigned long time = strtoul(seconds, NULL, 10);

	check(guard);
	if (guard->over || guard->applied)
		return;
	if (!time || time > SECONDS_MOST) {
		fail(guard->failure, "USAGE", "guard", "Send apply SECONDS.",
		     "apply takes 1 to %d seconds", SECONDS_MOST);
		give_up(guard);
		return;
	}
	guard->applied = true;
	guard->until_ms = monotonic_ms() + time * 1000;
	if (writes_apply(guard->plan->writes, guard->plan->count, guard->failure))
		give_up(guard);
	else
		tell(guard, "applied", NULL);
}

static void confirm(struct guard *guard)
{
	size_t others;

	if (!guard->applied)
		return;
	others = writes_look(guard->plan->writes, guard->plan->count);
	/* From here on nobody takes anything back. */
	for (size_t i = 0; i < guard->plan->count; i++)
		guard->plan->writes[i].state = WRITE_UNTOUCHED;
	guard->over = true;
	tell(guard, "confirmed", others ? "somebody else has changed masks meanwhile" : NULL);
}

static void obey(struct guard *guard, char *line)
{
	if (!strncmp(line, "write ", 6))
		add_write(guard, line + 6);
	else if (!strcmp(line, "check"))
		check(guard);
	else if (!strncmp(line, "apply ", 6))
		apply(guard, line + 6);
	else if (!strcmp(line, "confirm"))
		confirm(guard);
	else if (!strcmp(line, "revert"))
		revert(guard, "asked");
}

static void wait_and_serve(struct guard *guard)
{
	struct pollfd all[] = {
		{.fd = guard->control.fd, .events = POLLIN},
		{.fd = guard->signals, .events = POLLIN},
	};
	bool ended = false;
	uint64_t until, now;
	char *line;

	until = guard->applied ? guard->until_ms : guard->control.heard_ms + SILENCE_MS;
	now = monotonic_ms();
	poll(all, 2, until > now ? until - now : 0);
	if (all[0].revents)
		ended = !control_read(&guard->control);
	while (!guard->over && (line = control_line(&guard->control)))
		obey(guard, line);
	if (guard->over)
		return;
	if (ended)
		revert(guard, "stdin closed");
	else if (all[1].revents)
		revert(guard, "signal");
	else if (guard->applied && monotonic_ms() >= guard->until_ms)
		revert(guard, "time is up");
	else if (!guard->applied && monotonic_ms() - guard->control.heard_ms >= SILENCE_MS)
		revert(guard, "nothing heard");
}

int run_guard(struct failure *failure)
{
	struct guard guard = {.failure = failure, .keeper = -1, .signals = open_signals()};

	guard.plan = mmap(NULL, sizeof(*guard.plan), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (guard.plan == MAP_FAILED)
		return fail(failure, "HOST_BUSY", "guard", "Free some memory on the host.",
			    "no memory: %s", strerror(errno));
	output_open(&guard.output);
	guard.control = (struct control){.fd = STDIN_FILENO, .heard_ms = monotonic_ms()};
	tell(&guard, "ready", NULL);
	while (!guard.over)
		wait_and_serve(&guard);
	return guard.failed ? -1 : 0;
}
