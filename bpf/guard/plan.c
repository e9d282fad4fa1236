// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include "guard/plan.h"

#define RESTORE_TRIES 10
#define RESTORE_PAUSE_NS 100000000

struct plan *plan_new(void)
{
	struct plan *plan = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return plan == MAP_FAILED ? NULL : plan;
}

int plan_add(struct plan *plan, const struct guard_line *line, struct failure *failure)
{
	if (plan->count == WRITES_MAX)
		return fail(failure, "USAGE", GUARD_STAGE, "Write fewer queues at once.",
			    "a guard takes %d writes", WRITES_MAX);
	plan->writes[plan->count++] = (struct queue_write){
		.address = line->address,
		.sysfs = -1,
		.fd = -1,
		.expected = line->expected,
		.wanted = line->wanted,
	};
	return 0;
}

uint64_t boottime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

int boot_timer_new(void)
{
	return timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
}

void boot_timer_set(int timer, uint64_t ns)
{
	const struct itimerspec at = {
		.it_value = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000},
	};

	timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static size_t restore_all(struct plan *plan)
{
	size_t failed = 0;

	for (size_t i = plan->count; i--;) {
		failed += !!write_restore(&plan->writes[i]);
		plan->progress++;
	}
	return failed;
}

size_t plan_restore(struct plan *plan)
{
	const struct timespec pause = {.tv_nsec = RESTORE_PAUSE_NS};
	size_t failed = 0;

	if (plan->kept)
		return 0;
	for (int tries = 0; tries < RESTORE_TRIES; tries++) {
		failed = restore_all(plan);
		if (!failed)
			break;
		nanosleep(&pause, NULL);
	}
	return failed;
}
