// SPDX-License-Identifier: MIT
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "clock.h"
#include "confine.h"
#include "control.h"
#include "doctor.h"
#include "frames.h"
#include "host.h"
#include "output.h"
#include "privileges.h"
#include "rfs.h"
#include "scanner.h"
#include "session.h"
#include "table.h"
#include "whatif.h"

/* How often settings and health are looked at. */
#define CARE_MS 1000
/* Health is told at least this often. */
#define HEALTH_MS 5000
/* How long the first list of devices may hold up the first sample. */
#define DEVICES_MS 1000
/* How long a reader that stalls may hold up the end. */
#define FAREWELL_MS 2000

struct session {
	const struct options *options;
	struct host host;
	struct doctor doctor;
	struct tracer tracer;
	struct counters counters;
	struct scanner scanner;
	struct devices devices;
	bool devices_new;
	size_t considered; /* counters when the choice was last applied */
	struct control control;
	struct output output;
	struct table table;
	struct whatif whatif;
	struct failure *failure;
	bool failed; /* as `failure` says */
	struct health health, told_health;
	uint64_t told_lost, told_health_ms;
	uint64_t samples;
	uint64_t cared_ms;
	int rfs, signals, timer;
	bool steering;	    /* RFS may choose CPUs */
	const char *reason; /* why it ends; NULL while it does not */
};

static void consult(struct session *session)
{
	const struct scene scene =
		scene_of(&session->host, &session->devices, session->tracer.backend);

	counters_find(&session->counters);
	doctor_look(&session->doctor, &scene, &session->host.softnet, &session->counters);
}

static void take_care(struct session *session, uint64_t now)
{
	session->cared_ms = now;
	session->health = tracer_health(&session->tracer, &session->counters);
	session->steering = rfs_may_choose(session->rfs);
	counters_set_rfs(&session->counters, session->steering);
	host_look(&session->host);
	consult(session);
}

static void add_devices(struct session *session)
{
	if (!session->devices_new)
		return;
	frame_devices(&session->output.text, &session->devices);
	session->devices_new = false;
}

static void add_health(struct session *session)
{
	uint64_t lost = counters_lost(&session->counters);
	uint64_t now = monotonic_ms();

	if (session->told_health_ms && session->health.missed == session->told_health.missed &&
	    lost == session->told_lost && now < session->told_health_ms + HEALTH_MS)
		return;
	frame_health(&session->output.text, &session->health, lost);
	session->told_health = session->health;
	session->told_lost = lost;
	session->told_health_ms = now;
}

/* Applies the choice to counters or devices that are new. */
static void choose(struct session *session, bool devices_new)
{
	struct counters *counters = &session->counters;

	if (!counters->selective)
		return;
	counters_find(counters);
	if (devices_new || counters->total != session->considered)
		choice_apply(&session->options->choice, counters, &session->devices);
	session->considered = counters->total;
}

/* Without any mask and without RFS, the kernel does not call get_rps_cpu(): its static key rps_needed is off. */
static bool asked(const struct session *session)
{
	return session->steering || devices_masked(&session->devices);
}

static void add_predictions(struct session *session)
{
	struct shadow *shadow = &session->tracer.shadow;

	if (shadow->count)
		frame_shadow(&session->output.text, shadow, asked(session), monotonic_ns());
}

/* Does what a line on stdin asks for. */
static void obey(struct session *session, char *line)
{
	static const char shadow[] = "shadow";
	struct candidates candidates;
	struct failure failure;
	bool refused;

	if (strncmp(line, shadow, sizeof(shadow) - 1))
		return;
	refused = candidates_read(&candidates, line + sizeof(shadow) - 1, &failure) ||
		  shadow_set(&session->tracer.shadow, &session->counters, &candidates, &failure);
	if (session->options->format != FORMAT_NDJSON)
		return;
	if (refused)
		frame_shadow_refused(&session->output.text, &failure, monotonic_ns());
	else
		frame_shadow(&session->output.text, &session->tracer.shadow, asked(session),
			     monotonic_ns());
	candidates_free(&candidates);
	output_flush(&session->output);
}

/* Sets the candidates of --what-if as soon as the devices are known. */
static void set_what_if(struct session *session)
{
	const struct options *options = session->options;
	struct shadow *shadow = &session->tracer.shadow;
	struct candidates candidates = {0};
	bool failed = false;

	if (shadow->count || !options->what_if_count)
		return;
	for (unsigned int i = 0; i < options->what_if_count && !failed; i++)
		failed = candidates_add(&candidates, options->what_if[i], options->choice.netns,
					&session->devices, session->failure);
	if (failed || shadow_set(shadow, &session->counters, &candidates, session->failure))
		session->failed = true;
	else
		whatif_begin(&session->whatif, &session->host.topology, &session->counters, shadow);
	candidates_free(&candidates);
}

/* Values are cumulative: a reader that has not taken the last sample yet loses nothing by missing this one. */
static void show(struct session *session)
{
	struct text *text = &session->output.text;

	output_flush(&session->output);
	if (!output_idle(&session->output))
		return;
	choose(session, false);
	if (session->options->format == FORMAT_TABLE && session->options->what_if_count)
		return; /* it is drawn once, at the end */
	if (session->options->format == FORMAT_TABLE) {
		table_draw(&session->table, text, &session->counters, &session->devices,
			   &session->health, monotonic_ns());
	} else {
		add_devices(session);
		frame_sample(text, &session->counters, session->samples++, monotonic_ns());
		add_predictions(session);
		host_tell(&session->host, text);
		doctor_tell(&session->doctor, text);
		add_health(session);
	}
	output_flush(&session->output);
}

static void tell_devices(struct session *session)
{
	if (session->options->format == FORMAT_NDJSON && output_idle(&session->output))
		add_devices(session);
	output_flush(&session->output);
}

static void end_by_signal(struct session *session)
{
	struct signalfd_siginfo signal;

	if (read(session->signals, &signal, sizeof(signal)) != sizeof(signal))
		return;
	session->reason = signal.ssi_signo == SIGINT	? "SIGINT"
			  : signal.ssi_signo == SIGTERM ? "SIGTERM"
							: "SIGHUP";
}

/* Milliseconds from `now` to whatever is due next; sets the reason when that is the end. */
static int until_due(struct session *session, uint64_t began, uint64_t now)
{
	const struct options *options = session->options;
	uint64_t due = session->cared_ms + CARE_MS;
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
	return now < due ? due - now : 0;
}

static void wait_and_serve(struct session *session, int timeout)
{
	bool idle = output_idle(&session->output);
	struct pollfd in = {.fd = session->control.fd, .events = POLLIN};
	struct pollfd signals = {.fd = session->signals, .events = POLLIN};
	struct pollfd timer = {.fd = session->timer, .events = POLLIN};
	struct pollfd scanner = {.fd = session->scanner.fd, .events = POLLIN};
	struct pollfd out = {.fd = STDOUT_FILENO, .events = idle ? 0 : POLLOUT};
	struct pollfd all[] = {in, signals, timer, scanner, out};
	uint64_t expired;

	poll(all, sizeof(all) / sizeof(*all), timeout);
	if (all[3].revents && scanner_read(&session->scanner, &session->devices)) {
		session->devices_new = true;
		choose(session, true);
		set_what_if(session);
	}
	if (all[2].revents && read(session->timer, &expired, sizeof(expired)) > 0)
		show(session);
	if (session->devices_new || all[4].revents)
		tell_devices(session);
	if (all[4].revents & (POLLERR | POLLHUP | POLLNVAL))
		session->output.closed = true;
	if (session->output.closed)
		session->reason = "stdout closed";
	if (all[0].revents) {
		char *line;

		if (!control_read(&session->control))
			session->reason = "stdin closed";
		while ((line = control_line(&session->control)))
			obey(session, line);
	}
	if (all[1].revents)
		end_by_signal(session);
}

static void loop(struct session *session)
{
	uint64_t began = monotonic_ms();
	int timeout;

	while (!session->reason && !session->failed) {
		uint64_t now = monotonic_ms();

		if (now >= session->cared_ms + CARE_MS)
			take_care(session, now);
		timeout = until_due(session, began, now);
		if (!session->reason)
			wait_and_serve(session, timeout);
	}
}

static void begin(struct session *session)
{
	struct pollfd scanner = {.fd = session->scanner.fd, .events = POLLIN};
	unsigned int ms = session->options->interval_ms;
	struct timespec interval = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	struct itimerspec ticks = {.it_interval = interval, .it_value = interval};

	if (session->options->format == FORMAT_NDJSON)
		frame_hello(&session->output.text, &session->host.topology, &session->tracer, ms,
			    session->options->filter);
	output_flush(&session->output);
	take_care(session, monotonic_ms());
	if (poll(&scanner, 1, DEVICES_MS) > 0)
		session->devices_new = scanner_read(&session->scanner, &session->devices);
	if (session->devices_new)
		set_what_if(session);
	show(session);
	session->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(session->timer, 0, &ticks, NULL);
}

static void end(struct session *session)
{
	uint64_t ns;

	tracer_detach(&session->tracer);
	ns = monotonic_ns();
	scanner_stop(&session->scanner);
	counters_find(&session->counters);
	choose(session, true);
	session->health = tracer_health(&session->tracer, &session->counters);
	if (session->options->format == FORMAT_NDJSON)
		add_predictions(session);
	if (session->options->format == FORMAT_TABLE && session->tracer.shadow.count)
		whatif_draw(&session->whatif, &session->output.text, session->options,
			    asked(session), ns);
	else if (session->options->format == FORMAT_TABLE)
		table_end(&session->table, &session->output.text, &session->counters,
			  &session->devices, &session->health, ns);
	else
		frame_end(&session->output.text, session->reason, &session->counters, ns,
			  &session->health);
	output_drain(&session->output, FAREWELL_MS);
}

/* What asks the loader to end is read when it suits, and reaches no handler. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int run_session(const struct options *options, const struct filter *filter, struct failure *failure)
{
	struct session session = {.options = options, .failure = failure};
	struct plan plan;

	session.signals = open_signals();
	output_open(&session.output);
	if (host_open(&session.host, failure))
		return -1;
	if (scanner_start(&session.scanner))
		return fail(failure, "HOST_BUSY", "host",
			    "Free some memory or processes on the host.",
			    "cannot start a process: %s", strerror(errno));
	session.rfs = rfs_open();
	plan = (struct plan){
		.backend = options->backend,
		.cpus = session.host.topology.count,
		.rows = options->rows,
		.btf = options->btf,
		.filter = filter,
	};
	if (tracer_attach(&session.tracer, &session.counters, &plan, failure)) {
		scanner_stop(&session.scanner);
		return -1;
	}
	session.counters.selective = choice_made(&options->choice);
	keep_capabilities(0);
	/* Loading took the kernel's whole type information into memory. */
	malloc_trim(0);
	control_open(&session.control, options->duration_s > 0);
	confine(session.scanner.pid);
	table_open(&session.table, &session.host.topology, &session.tracer, options,
		   &session.doctor.findings);
	begin(&session);
	loop(&session);
	if (session.failed) {
		tracer_detach(&session.tracer);
		scanner_stop(&session.scanner);
		return -1;
	}
	end(&session);
	return 0;
}
