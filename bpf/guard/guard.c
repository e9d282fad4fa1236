// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "guard/guard.h"
#include "guard/guard_frame.h"
#include "guard/guard_rights.h"
#include "guard/keeper.h"
#include "guard/plan.h"
#include "guard/queues_open.h"
#include "process/output.h"
#include "process/signals.h"
#include "process/stdin_control.h"

/* A guard that has written nothing waits this long for a byte. */
#define SILENCE_MS 60000
/* How long a reader that stalls may hold up the end. */
#define FAREWELL_MS 2000

enum stage { STAGE_READING, STAGE_CHECKED, STAGE_APPLYING, STAGE_APPLIED, STAGE_OVER };

struct guard {
	struct plan *plan;
	struct keeper keeper;
	struct control control;
	struct output output;
	struct failure *failure;
	int signals;
	int children;
	int timer; /* the deadline */
	enum stage stage;
	size_t next; /* the write that is to be done next */
	bool failed;
};

static void tell(struct guard *guard, const char *state, const char *why)
{
	guard_frame(&guard->output.text, guard->plan, state, why);
	output_flush(&guard->output);
}

/* Nothing is left for the keeper to do. */
static void finish(struct guard *guard)
{
	guard->stage = STAGE_OVER;
	keeper_end(&guard->keeper);
	queues_unlock(guard->plan->writes, guard->plan->count);
}

static void restore(struct guard *guard)
{
	size_t failed = plan_restore(guard->plan);

	if (failed) {
		guard->failed = true;
		fail(guard->failure, "NOT_RESTORED", GUARD_STAGE, "Write these masks by hand.",
		     "the kernel did not take the masks of %zu queues back", failed);
	}
	finish(guard);
}

static void revert(struct guard *guard, const char *why)
{
	restore(guard);
	tell(guard, "reverted", why);
}

/* Ends with the failure that is set. */
static void give_up(struct guard *guard)
{
	guard->failed = true;
	restore(guard);
}

static void add_write(struct guard *guard, const struct guard_line *line)
{
	bool late = guard->stage != STAGE_READING;

	if (late || line->order == GUARD_BAD_WRITE)
		fail(guard->failure, "USAGE", GUARD_STAGE,
		     "Send write NETNS IFINDEX INSTANCE NAME QUEUE EXPECTED MASK.",
		     late ? "a write comes after the queues were opened" : "this is no write");
	else if (!plan_add(guard->plan, line, guard->failure))
		return;
	give_up(guard);
}

static void check(struct guard *guard)
{
	struct plan *plan = guard->plan;

	if (guard->stage != STAGE_READING)
		return;
	if (queues_open(plan->writes, plan->count, guard->failure) ||
	    guard_rights_leave(guard->failure) ||
	    keeper_start(&guard->keeper, plan, guard->failure)) {
		give_up(guard);
		return;
	}
	if (guard_confine(guard->keeper.pid)) {
		fail(guard->failure, "NOT_PERMITTED", GUARD_STAGE,
		     "Use a kernel with CONFIG_SECCOMP_FILTER.",
		     "a guard must give up system calls, and cannot: %s", strerror(errno));
		give_up(guard);
		return;
	}
	guard->stage = STAGE_CHECKED;
	tell(guard, "checked", NULL);
}

/* Time runs from here, for the keeper first: it must not depend on this process. */
static void begin_apply(struct guard *guard, uint32_t seconds)
{
	struct plan *plan = guard->plan;

	check(guard);
	if (guard->stage != STAGE_CHECKED)
		return;
	plan->deadline_ns = boottime_ns() + seconds * 1000000000ULL;
	if (!keeper_arm(&guard->keeper)) {
		fail(guard->failure, "HOST_BUSY", GUARD_STAGE,
		     "Free some memory or processes on the host.",
		     "the second process does not answer");
		give_up(guard);
		return;
	}
	boot_timer_set(guard->timer, plan->deadline_ns);
	guard->stage = STAGE_APPLYING;
}

/* Does one write: what ends a guard is looked at after each. */
static void apply_next(struct guard *guard)
{
	struct plan *plan = guard->plan;

	if (guard->next < plan->count &&
	    write_apply(&plan->writes[guard->next++], guard->failure)) {
		give_up(guard);
		return;
	}
	if (guard->next < plan->count)
		return;
	guard->stage = STAGE_APPLIED;
	tell(guard, "applied", NULL);
}

static void confirm(struct guard *guard)
{
	struct plan *plan = guard->plan;
	size_t others;

	if (guard->stage != STAGE_APPLIED)
		return;
	others = writes_look(plan->writes, plan->count);
	plan->kept = true;
	finish(guard);
	tell(guard, "confirmed", others ? "somebody else has changed masks meanwhile" : NULL);
}

static void obey(struct guard *guard, const char *text)
{
	struct guard_line line;

	guard_line_read(&line, text);
	switch (line.order) {
	case GUARD_NOTHING:
		break;
	case GUARD_WRITE:
	case GUARD_BAD_WRITE:
		add_write(guard, &line);
		break;
	case GUARD_CHECK:
		check(guard);
		break;
	case GUARD_APPLY:
		begin_apply(guard, line.seconds);
		break;
	case GUARD_BAD_APPLY:
		fail(guard->failure, "USAGE", GUARD_STAGE, "Send apply SECONDS.",
		     "apply takes 1 to %d seconds", GUARD_SECONDS_MAX);
		give_up(guard);
		break;
	case GUARD_CONFIRM:
		confirm(guard);
		break;
	case GUARD_REVERT:
		revert(guard, "asked");
		break;
	}
}

/* Why a guard ends that was told nothing about it, or NULL. */
static const char *reason_to_end(struct guard *guard, const struct pollfd *reader)
{
	const char *trouble = keeper_trouble(&guard->keeper);
	uint64_t deadline = guard->plan->deadline_ns;

	if (deadline && boottime_ns() >= deadline)
		return "time is up";
	if (trouble)
		return trouble;
	if (signals_next(guard->signals))
		return "signal";
	if (reader->revents & (POLLERR | POLLHUP | POLLNVAL) || guard->output.closed)
		return "stdout closed";
	if (!deadline && monotonic_ms() - guard->control.heard_ms >= SILENCE_MS)
		return "nothing heard";
	return NULL;
}

/* Milliseconds until something is due that no descriptor tells. */
static int patience(const struct guard *guard)
{
	uint64_t silent = monotonic_ms() - guard->control.heard_ms;

	if (guard->stage == STAGE_APPLYING)
		return 0;
	if (guard->stage == STAGE_APPLIED)
		return -1;
	return silent < SILENCE_MS ? SILENCE_MS - silent : 0;
}

static void wait_and_serve(struct guard *guard)
{
	struct pollfd all[] = {
		{.fd = guard->control.fd, .events = POLLIN},
		{.fd = STDOUT_FILENO, .events = output_idle(&guard->output) ? 0 : POLLOUT},
		{.fd = guard->signals, .events = POLLIN},
		{.fd = guard->children, .events = POLLIN},
		{.fd = guard->timer, .events = POLLIN},
	};
	bool ended = false;
	const char *why;
	char *line;

	if (poll(all, sizeof(all) / sizeof(*all), patience(guard)) < 0)
		return;
	output_flush(&guard->output);
	/* It only wakes this process up. */
	signals_next(guard->children);
	/* What was confirmed in time was read in time. */
	why = reason_to_end(guard, &all[1]);
	if (!why && all[0].revents)
		ended = !control_read(&guard->control);
	while (!why && guard->stage != STAGE_OVER && (line = control_line(&guard->control)))
		obey(guard, line);
	if (guard->stage == STAGE_OVER)
		return;
	if (why || ended)
		revert(guard, why ?: "stdin closed");
	else if (guard->stage == STAGE_APPLYING)
		apply_next(guard);
}

int guard_run(struct failure *failure)
{
	struct guard guard = {
		.plan = plan_new(),
		.failure = failure,
		.signals = signals_open(),
		.children = signals_open_child(),
		.timer = boot_timer_new(),
	};

	if (!guard.plan || guard.signals < 0 || guard.children < 0 || guard.timer < 0)
		return fail(failure, "HOST_BUSY", GUARD_STAGE, "Free some memory on the host.",
			    "no memory: %s", strerror(errno));
	output_open(&guard.output);
	guard_rights_reduce();
	guard.control = (struct control){.fd = STDIN_FILENO, .heard_ms = monotonic_ms()};
	tell(&guard, "ready", NULL);
	while (guard.stage != STAGE_OVER)
		wait_and_serve(&guard);
	output_drain(&guard.output, FAREWELL_MS);
	return guard.failed ? -1 : 0;
}
