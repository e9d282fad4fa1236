// SPDX-License-Identifier: MIT
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/clock.h"
#include "btf/btf_file.h"
#include "frames/frames.h"
#include "host/rfs.h"
#include "process/capabilities.h"
#include "process/seccomp.h"
#include "process/signals.h"
#include "session/session.h"
#include "session/session_parts.h"

/* How often health is looked at, and what counting depends on. */
#define CARE_MS 1000
/* How often CPUs and settings are looked at. */
#define LOOK_MS 2000
/* How often the program is asked how it fares while it counts nothing: the fourth time, which may come a little early. */
#define HEALTH_MS 3900
/* How long the first list of devices may hold up the first sample. */
#define DEVICES_MS 1000
/* How long a reader that stalls may hold up the end. */
#define FAREWELL_MS 2000

static void run_doctor(struct session *session)
{
	const struct host_view view =
		host_view_of(&session->host, &session->devices, session->tracer.backend,
			     session->options->filter);

	counters_find(&session->counters);
	doctor_look(&session->doctor, &view, &session->host.softnet, &session->counters);
}

/*
 * Reads the programs' health. An fexit program misses only calls that interrupt one it counts: while no counter moves, HEALTH_MS
 * is often enough. With a filter, counters do not tell whether the program runs.
 */
static void ask_health(struct session *session, uint64_t now)
{
	uint64_t sum = counters_sum(&session->counters);

	if (session->health_ms && sum == session->health_sum &&
	    session->tracer.backend == BACKEND_FEXIT && !session->options->filter &&
	    now < session->health_ms + HEALTH_MS)
		return;
	session->health = tracer_health(&session->tracer, &session->counters);
	session->health_ms = now;
	session->health_sum = sum;
}

/* Reads the tracer's health, and tells the program whether RFS may choose CPUs. */
static void refresh_tracer(struct session *session, uint64_t now)
{
	ask_health(session, now);
	if (rfs_may_choose(session->rfs) != session->steering) {
		session->steering = !session->steering;
		counters_set_extra(&session->counters, RPS_RFS, session->steering);
	}
}

/* Moves `due` to the next multiple of `period` ms after `now`, in step with the first; missed ones are skipped. */
static void schedule_next(uint64_t *due, uint64_t now, unsigned int period)
{
	*due += ((now - *due) / period + 1) * period;
}

static void do_housekeeping(struct session *session, uint64_t now)
{
	schedule_next(&session->care_ms, now, CARE_MS);
	refresh_tracer(session, now);
	if (now >= session->look_ms) {
		schedule_next(&session->look_ms, now, LOOK_MS);
		host_look(&session->host);
		/* The programs that report device events were not run either. */
		if (session->host.settings.ftrace_off)
			counters_distrust_addresses(&session->counters);
		session_refresh_candidates(session);
	}
	run_doctor(session);
}

/* Milliseconds from `now` to whatever is due next; sets the reason when that is the end. */
static int until_due(struct session *session, uint64_t began, uint64_t now)
{
	const struct options *options = session->options;
	uint64_t due = session->care_ms;
	uint64_t duration = began + options->duration_s * 1000ULL;
	uint64_t lease = session->control.heard_ms + options->lease_s * 1000ULL;

	if (options->duration_s && now >= duration)
		session->reason = "duration";
	if (options->lease_s && now >= lease)
		session->reason = "lease";
	if (options->duration_s && duration < due)
		due = duration;
	if (options->lease_s && lease < due)
		due = lease;
	if (session->sample_ms < due)
		due = session->sample_ms;
	return now < due ? due - now : 0;
}

static void loop(struct session *session)
{
	uint64_t began = monotonic_ms();
	int timeout;

	while (!session->reason && !session->failed) {
		uint64_t ns = monotonic_ns(), now = to_ms(ns);

		if (now >= session->care_ms) {
			do_housekeeping(session, now);
			ns = monotonic_ns();
		}
		if (now >= session->sample_ms) {
			if (!session->trusting && audit_has_device_events(&session->audit)) {
				session->trusting = true;
				counters_trust_addresses(&session->counters);
			}
			schedule_next(&session->sample_ms, to_ms(ns),
				      session->options->interval_ms);
			session_show(session, ns);
		}
		timeout = until_due(session, began, now);
		if (!session->reason)
			session_wait(session, timeout);
	}
}

/* Waits for the first list of devices, but not for ever. */
static void await_devices(struct session *session)
{
	uint64_t now = monotonic_ms(), until = now + DEVICES_MS;

	for (; now < until && session->scanner.fd >= 0 && !session->devices_new;
	     now = monotonic_ms()) {
		struct pollfd scanner = {.fd = session->scanner.fd, .events = POLLIN};

		if (poll(&scanner, 1, until - now) > 0)
			session->devices_new = scanner_read(&session->scanner, &session->devices);
	}
}

/* The program's own file comes first; what cannot be written is read from it again when it is needed. */
static int give_back_file(struct dl_phdr_info *program, size_t size, void *unused)
{
	(void)size, (void)unused;
	for (int i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &program->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
			madvise((void *)(program->dlpi_addr + part->p_vaddr), part->p_memsz,
				MADV_DONTNEED);
	}
	return 1;
}

/* Loading took much into memory that is not needed to go on: what was allocated, the text that did it, and the programs. */
static void give_back_memory(void)
{
	malloc_trim(0);
	dl_iterate_phdr(give_back_file, NULL);
}

static void begin(struct session *session)
{
	unsigned int ms = session->options->interval_ms;
	uint64_t ns;

	if (session->options->format == FORMAT_NDJSON)
		frame_hello(&session->output.text, &session->host.topology, &session->tracer, ms,
			    session->options->filter);
	output_flush(&session->output);
	refresh_tracer(session, monotonic_ms());
	await_devices(session);
	if (session->devices_new)
		session_set_what_if(session);
	ns = monotonic_ns();
	session_show(session, ns);
	/* In step with the samples: to wake up is most of what an idle host costs. */
	session->care_ms = session->look_ms = to_ms(ns);
	session->sample_ms = to_ms(ns) + ms;
	audit_go(&session->audit);
	give_back_memory();
}

static void end(struct session *session)
{
	uint64_t ns;

	audit_cancel(&session->audit);
	tracer_detach(&session->tracer);
	ns = monotonic_ns();
	scanner_stop(&session->scanner);
	audit_stop(&session->audit);
	counters_find(&session->counters);
	session_select_devices(session, true);
	session->health = tracer_health(&session->tracer, &session->counters);
	if (session->options->format == FORMAT_NDJSON) {
		session_add_writes(session);
		session_add_predictions(session, ns);
	}
	if (session->options->format == FORMAT_TABLE && session->predictions.count)
		what_if_draw(&session->what_if, &session->output.text, session->options->what_if,
			     session_asked(session), ns);
	else if (session->options->format == FORMAT_TABLE)
		table_end(&session->table, &session->output.text, &session->counters,
			  &session->devices, &session->health, ns);
	else
		frame_end(&session->output.text, session->reason, &session->counters, ns,
			  &session->health);
	output_drain(&session->output, FAREWELL_MS);
}

int session_run(const struct options *options, struct kernel_btf *btf, const struct filter *filter,
		struct failure *failure)
{
	struct session session = {
		.options = options, .failure = failure, .steering = true, .audit = {.ended = -1}};
	struct tracer_plan plan;

	session.signals = signals_open();
	output_open(&session.output);
	if (host_open(&session.host, failure))
		return -1;
	if (scanner_start(&session.scanner))
		return fail(failure, "HOST_BUSY", "host",
			    "Free some memory or processes on the host.",
			    "cannot start a process: %s", strerror(errno));
	session.rfs = rfs_open();
	plan = (struct tracer_plan){
		.backend = options->backend,
		.cpus = session.host.topology.count,
		.rows = options->rows,
		.btf = btf,
		.filter = filter,
	};
	if (tracer_attach(&session.tracer, &session.counters, &plan, failure)) {
		scanner_stop(&session.scanner);
		return -1;
	}
	predictions_begin(&session.predictions, &session.tracer.predictions,
			  &session.host.topology.kept);
	if (session.tracer.backend != BACKEND_NONE)
		audit_start(&session.audit, btf, session.tracer.regions, &session.counters);
	if (btf)
		btf_file_free(btf);
	session.counters.selective = selection_made(&options->selection);
	capabilities_keep(0);
	control_open(&session.control, options->duration_s > 0);
	session_open_events(&session);
	seccomp_confine(session.scanner.pid);
	table_open(&session.table, &session.host.topology, &session.tracer, options->filter,
		   &options->selection, &session.doctor.findings);
	begin(&session);
	loop(&session);
	if (session.failed) {
		tracer_detach(&session.tracer);
		scanner_stop(&session.scanner);
		audit_stop(&session.audit);
		return -1;
	}
	end(&session);
	return 0;
}
