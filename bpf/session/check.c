// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <string.h>
#include "base/clock.h"
#include "devices/scanner.h"
#include "doctor/doctor.h"
#include "frames/findings_frame.h"
#include "frames/frames.h"
#include "host/rfs.h"
#include "process/capabilities.h"
#include "process/output.h"
#include "process/seccomp.h"
#include "session/check.h"
#include "terminal/report.h"

/* How long to watch, once the devices are known. */
#define WATCH_MS 3000
/* How long to wait for the devices. */
#define DEVICES_MS 5000
#define REPORT_MS 2000

struct checkup {
	struct host host;
	struct scanner scanner;
	struct tracer tracer;
	struct counters counters;
	struct devices devices;
	struct doctor doctor;
};

/* Takes what the scanner sends for some time; with `any`, only until something has come. */
static void wait_for_devices(struct checkup *checkup, uint64_t ms, bool any)
{
	struct pollfd scanner = {.fd = checkup->scanner.fd, .events = POLLIN};
	uint64_t now = monotonic_ms(), until = now + ms;

	for (; now < until; now = monotonic_ms()) {
		if (any && checkup->devices.count)
			return;
		if (poll(&scanner, 1, until - now) > 0)
			scanner_read(&checkup->scanner, &checkup->devices);
		/* A scanner that has gone is not asked again: poll() skips a negative descriptor. */
		scanner.fd = checkup->scanner.fd;
	}
}

static void examine(struct checkup *checkup)
{
	const struct host_view view =
		host_view_of(&checkup->host, &checkup->devices, checkup->tracer.backend, false);

	counters_find(&checkup->counters);
	doctor_examine(&checkup->doctor, &view, &checkup->host.softnet, &checkup->counters);
}

static void watch(struct checkup *checkup)
{
	host_look(&checkup->host);
	wait_for_devices(checkup, DEVICES_MS, true);
	examine(checkup);
	wait_for_devices(checkup, WATCH_MS, false);
	host_look(&checkup->host);
	examine(checkup);
}

static int begin(struct checkup *checkup, const struct options *options,
		 const struct kernel_btf *btf, struct failure *failure)
{
	struct tracer_plan plan = {.backend = BACKEND_AUTO, .rows = options->rows, .btf = btf};
	int rfs;

	if (host_open(&checkup->host, failure))
		return -1;
	if (scanner_start(&checkup->scanner))
		return fail(failure, "HOST_BUSY", "host",
			    "Free some memory or processes on the host.",
			    "cannot start a process: %s", strerror(errno));
	rfs = rfs_open();
	plan.cpus = checkup->host.topology.count;
	if (tracer_attach(&checkup->tracer, &checkup->counters, &plan, failure)) {
		scanner_stop(&checkup->scanner);
		return -1;
	}
	counters_set_extra(&checkup->counters, RPS_RFS, rfs_may_choose(rfs));
	capabilities_keep(0);
	seccomp_confine(checkup->scanner.pid);
	return 0;
}

int check_run(const struct options *options, const struct kernel_btf *btf, bool *traceable,
	      struct failure *failure)
{
	const struct tracer_plan plan = {.cpus = 1, .rows = 1, .btf = btf};
	bool table = options->format == FORMAT_TABLE;
	struct checkup checkup = {0};
	struct auditor_outcome audit;
	struct auditor auditor;
	struct output output;
	struct tracer tried;

	output_open(&output);
	tracer_check(&tried, &plan);
	auditor_attach(&auditor, btf, &audit);
	auditor_detach(&auditor);
	*traceable = false;
	for (enum backend backend = 0; backend < BACKEND_COUNT; backend++)
		*traceable = *traceable || tried.attempts[backend].worked;
	if (table)
		report_backends(&output.text, &tried, &audit);
	else
		frame_check(&output.text, &tried, &audit);
	output_drain(&output, REPORT_MS);
	if (begin(&checkup, options, btf, failure))
		return -1;
	watch(&checkup);
	tracer_detach(&checkup.tracer);
	scanner_stop(&checkup.scanner);
	if (table)
		report_findings(&output.text, &checkup.doctor.findings);
	else
		frame_findings(&output.text, &checkup.doctor.findings);
	output_drain(&output, REPORT_MS);
	return 0;
}
