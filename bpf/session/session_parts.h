/* SPDX-License-Identifier: MIT */
/*
 * A run that traces, in the parts that it consists of: session/session.c leads, session/session_wait.c waits, session/session_show.c tells,
 * session/session_orders.c obeys.
 */
#ifndef SESSION_SESSION_PARTS_H
#define SESSION_SESSION_PARTS_H

#include "audit/audit.h"
#include "devices/scanner.h"
#include "doctor/doctor.h"
#include "frames/audit_frame.h"
#include "host/host.h"
#include "process/output.h"
#include "process/stdin_control.h"
#include "session/options.h"
#include "terminal/table.h"
#include "terminal/what_if.h"
#include "tracer/tracer.h"

struct session {
	const struct options *options;
	struct host host;
	struct doctor doctor;
	struct text findings_frame; /* the last one */
	struct tracer tracer;
	struct counters counters;
	struct predictions predictions;
	struct scanner scanner;
	struct audit audit;
	struct devices devices;
	bool devices_new;
	size_t considered; /* counters when the choice was last applied */
	struct control control;
	struct output output;
	struct table table;
	struct what_if what_if;
	struct failure *failure;
	bool failed; /* as `failure` says */
	struct health health, told_health;
	uint64_t told_lost, told_health_ns;
	uint64_t health_ms,
		health_sum; /* when the program was asked last, and counters_sum() then */
	uint64_t samples;
	uint64_t care_ms, look_ms, sample_ms; /* when the next one is due */
	int rfs, signals;
	int events; /* of all that it waits for while its output is idle; -1 where that takes poll() */
	bool trusting;	    /* the program is told when devices come and move */
	bool steering;	    /* RFS may choose CPUs, or nobody has looked yet */
	const char *reason; /* why it ends; NULL while it does not */
};

/* Makes ready for session_wait(), once all that can be waited for is open. */
void session_open_events(struct session *session);

/* Waits for that long, or until something has come, which it takes care of; sets the reason when that is the end. */
void session_wait(struct session *session, int timeout);

/*
 * Tells what is new: a sample, and what else there is. Nothing while the reader has not taken the last one yet. `ns` is
 * CLOCK_MONOTONIC, which on some hosts takes a system call to read.
 */
void session_show(struct session *session, uint64_t ns);

/* Tells of devices that are new, and of the audit, unless the reader has not taken the last frame yet. */
void session_tell_devices(struct session *session);

/* Appends what is new of the audit. */
void session_add_writes(struct session *session);

/* Appends what is known of the candidate masks, if there are any. */
void session_add_predictions(struct session *session, uint64_t ns);

/* Applies the choice of devices to counters or devices that are new. */
void session_select_devices(struct session *session, bool devices_new);

/* Whether the kernel asks get_rps_cpu() at all: without any mask and without RFS, its static key rps_needed is off. */
bool session_asked(const struct session *session);

/* Does what a line on stdin asks for. */
void session_take_command(struct session *session, char *line);

/* Sets the candidates of --what-if as soon as the devices are known. */
void session_set_what_if(struct session *session);

/* Predicts anew, from 0, when the kernel keeps other CPUs of the candidates by now. */
void session_refresh_candidates(struct session *session);

#endif
