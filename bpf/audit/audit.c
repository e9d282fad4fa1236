// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "audit/audit.h"
#include "process/fdinfo.h"
#include "tracer/device_events.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

/* A run that ends sooner after its first sample is spared all of it. */
#define GRACE_MS 100

struct audit_work {
	struct auditor auditor;
	struct auditor_outcome outcome;
	bool moves;
	bool done;
	bool cancelled; /* nobody waits for it any more */
};

static void run_auditor(const struct audit *audit, const struct kernel_btf *btf, int regions,
			const struct counters *counters, pid_t parent)
{
	struct pollfd again = {.fd = audit->go, .events = POLLIN};
	struct audit_work *work = audit->work;
	eventfd_t go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && !eventfd_read(audit->go, &go) && !work->cancelled &&
	    !poll(&again, 1, GRACE_MS)) {
		__atomic_store_n(&work->moves, regions && device_events_attach(regions, counters),
				 __ATOMIC_RELEASE);
		auditor_attach(&work->auditor, btf, &work->outcome);
		work->done = true;
	}
	_exit(0);
}

static void fail_to_start(struct audit *audit)
{
	fail(&audit->outcome.failure, "HOST_BUSY", "host",
	     "Free some memory or processes on the host.", "cannot start a process: %s",
	     strerror(errno));
	audit->known = true;
}

void audit_start(struct audit *audit, const struct kernel_btf *btf, int regions,
		 const struct counters *counters)
{
	const int access = PROT_READ | PROT_WRITE;
	pid_t parent = getpid();
	void *work = mmap(NULL, sizeof(*audit->work), access, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*audit = (struct audit){.ended = -1, .go = eventfd(0, EFD_CLOEXEC)};
	if (work == MAP_FAILED || audit->go < 0) {
		fail_to_start(audit);
		return;
	}
	audit->work = work;
	/* fork() cannot leave the descriptors shared. */
	audit->auditor = syscall(SYS_clone, CLONE_FILES | CLONE_PIDFD | SIGCHLD, NULL,
				 &audit->ended, NULL, NULL);
	if (!audit->auditor)
		run_auditor(audit, btf, regions, counters, parent);
	if (audit->auditor < 0)
		fail_to_start(audit);
	/* Before Linux 5.2 nothing tells when it has ended. There is no ring buffer for programs either, before 5.8. */
	if (audit->auditor > 0 && audit->ended < 0) {
		audit_stop(audit);
		audit->known = true;
		fail(&audit->outcome.failure, "LOAD_FAILED", "load", "Boot Linux 5.8 or newer.",
		     "this kernel is too old to tell who writes masks");
	}
}

void audit_go(struct audit *audit)
{
	if (audit->auditor > 0)
		eventfd_write(audit->go, 1);
}

/* Maps what the program writes to. */
static bool map(struct audit *audit)
{
	const struct auditor *auditor = &audit->work->auditor;
	void *lost = mmap(NULL, sizeof(*audit->lost), PROT_READ, MAP_SHARED, auditor->lost, 0);

	if (lost == MAP_FAILED || !ring_map(&audit->ring, auditor->writes, RPS_WRITES_ROOM))
		return false;
	audit->lost = lost;
	for (int i = 0; i < AUDITOR_PROGRAMS && auditor->programs[i]; i++)
		audit->fdinfo[i] = fdinfo_open(auditor->programs[i]);
	return true;
}

void audit_hear(struct audit *audit)
{
	struct auditor_outcome *outcome = &audit->outcome;

	waitpid(audit->auditor, NULL, 0);
	close(audit->ended);
	audit->ended = -1;
	audit->auditor = 0;
	audit->known = true;
	*outcome = audit->work->outcome;
	if (!audit->work->done || (outcome->worked && !map(audit))) {
		outcome->worked = false;
		fail(&outcome->failure, "LOAD_FAILED", "load",
		     "Free some memory on the host, and start the trace again.",
		     "what tells who writes masks could not be attached: its process has ended, or "
		     "there is no memory");
	}
}

bool audit_has_device_events(const struct audit *audit)
{
	return audit->work && __atomic_load_n(&audit->work->moves, __ATOMIC_ACQUIRE);
}

bool audit_news(struct audit *audit)
{
	uint64_t lost = audit->lost ? __atomic_load_n(audit->lost, __ATOMIC_RELAXED) : 0;
	bool news = audit->known && (!audit->told || lost != audit->lost_before ||
				     (audit->lost && ring_waiting(&audit->ring)));

	audit->told = audit->known;
	audit->lost_before = lost;
	return news;
}

void audit_record(struct rps_write *write, const void *record, size_t length)
{
	*write = (struct rps_write){0};
	memcpy(write, record, length < sizeof(*write) ? length : sizeof(*write));
	write->name[sizeof(write->name) - 1] = '\0';
}

struct visit {
	write_fn visit;
	void *context;
};

static void take(void *context, const void *record, size_t length)
{
	const struct visit *visit = context;
	struct rps_write write;

	audit_record(&write, record, length);
	visit->visit(visit->context, &write);
}

void audit_take(struct audit *audit, write_fn visit, void *context)
{
	struct visit each = {.visit = visit, .context = context};

	if (audit->lost)
		ring_take(&audit->ring, take, &each);
}

uint64_t audit_lost(const struct audit *audit)
{
	uint64_t lost = audit->lost ? __atomic_load_n(audit->lost, __ATOMIC_RELAXED) : 0;

	for (int i = 0; i < AUDITOR_PROGRAMS && audit->fdinfo[i]; i++) {
		char text[1024];
		__u64 missed;

		fdinfo_read(audit->fdinfo[i], text, sizeof(text));
		if (fdinfo_number(text, "recursion_misses", &missed))
			lost += missed;
	}
	return lost;
}

void audit_cancel(struct audit *audit)
{
	if (audit->auditor <= 0)
		return;
	audit->work->cancelled = true;
	audit_go(audit);
}

void audit_stop(struct audit *audit)
{
	if (audit->auditor <= 0)
		return;
	audit_cancel(audit);
	waitpid(audit->auditor, NULL, 0);
	audit->auditor = 0;
}
