// SPDX-License-Identifier: MIT
#include "frames/findings_frame.h"
#include "frames/frames.h"
#include "frames/host_frames.h"
#include "session/session_parts.h"

/* Health is told at least this often. */
#define HEALTH_NS 5000000000ULL

void session_add_writes(struct session *session)
{
	frame_audit(&session->output.text, &session->audit, session->host.topology.count);
}

/* Who has changed what is new about the devices is told first. */
static void add_devices(struct session *session)
{
	session_add_writes(session);
	if (!session->devices_new)
		return;
	frame_devices(&session->output.text, &session->devices);
	session->devices_new = false;
}

static void add_health(struct session *session, uint64_t ns)
{
	uint64_t lost = counters_lost(&session->counters);

	if (session->told_health_ns && session->health.missed == session->told_health.missed &&
	    lost == session->told_lost && ns < session->told_health_ns + HEALTH_NS)
		return;
	frame_health(&session->output.text, &session->health, lost);
	session->told_health = session->health;
	session->told_lost = lost;
	session->told_health_ns = ns;
}

void session_select_devices(struct session *session, bool devices_new)
{
	struct counters *counters = &session->counters;

	if (!counters->selective)
		return;
	counters_find(counters);
	if (devices_new || counters->total != session->considered)
		selection_apply(&session->options->selection, counters, &session->devices);
	session->considered = counters->total;
}

bool session_asked(const struct session *session)
{
	return session->steering || devices_masked(&session->devices);
}

void session_add_predictions(struct session *session, uint64_t ns)
{
	struct predictions *predictions = &session->predictions;

	if (predictions->count)
		frame_predictions(&session->output.text, predictions, session_asked(session), ns);
}

/* Values are cumulative: a reader that has not taken the last sample yet loses nothing by missing this one. */
void session_show(struct session *session, uint64_t ns)
{
	struct text *text = &session->output.text;

	output_flush(&session->output);
	if (!output_idle(&session->output))
		return;
	session_select_devices(session, false);
	if (session->options->format == FORMAT_TABLE && session->options->what_if_count)
		return; /* it is drawn once, at the end */
	if (session->options->format == FORMAT_TABLE) {
		audit_take(&session->audit, table_note, &session->table);
		table_draw(&session->table, text, &session->counters, &session->devices,
			   &session->health, ns);
	} else {
		add_devices(session);
		frame_sample(text, &session->counters, session->samples++, ns);
		/* The first is waited for. */
		if (session->samples == 1) {
			output_flush(&session->output);
			host_look(&session->host);
		}
		session_add_predictions(session, ns);
		frame_host(text, &session->host, ns);
		if (doctor_take_news(&session->doctor))
			frame_new_findings(text, &session->doctor.findings,
					   &session->findings_frame);
		add_health(session, ns);
	}
	output_flush(&session->output);
}

void session_tell_devices(struct session *session)
{
	if (session->options->format == FORMAT_NDJSON && output_idle(&session->output))
		add_devices(session);
	output_flush(&session->output);
}
