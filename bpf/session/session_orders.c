// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "candidates/candidates.h"
#include "frames/frames.h"
#include "session/session_parts.h"

void session_take_command(struct session *session, char *line)
{
	static const char predictions[] = "shadow";
	struct candidates candidates;
	struct failure failure;
	bool refused;

	if (strncmp(line, predictions, sizeof(predictions) - 1))
		return;
	refused = candidates_read(&candidates, line + sizeof(predictions) - 1, &failure) ||
		  predictions_set(&session->predictions, &session->counters, &candidates, &failure);
	if (session->options->format != FORMAT_NDJSON)
		return;
	if (refused)
		frame_predictions_refused(&session->output.text, &failure, monotonic_ns());
	else
		frame_predictions(&session->output.text, &session->predictions,
				  session_asked(session), monotonic_ns());
	candidates_free(&candidates);
	output_flush(&session->output);
}

static void compare_from_here(struct session *session)
{
	what_if_begin(&session->what_if, &session->host.topology, &session->counters,
		      &session->predictions);
}

static void begin_what_if(struct session *session)
{
	compare_from_here(session);
	if (session->options->format == FORMAT_TABLE)
		dprintf(STDERR_FILENO, "Counting; the prediction is printed at the end%s.\n",
			session->options->duration_s ? "" : ": press Ctrl+C");
}

void session_set_what_if(struct session *session)
{
	const struct options *options = session->options;
	struct predictions *predictions = &session->predictions;
	struct candidates candidates = {0};
	bool failed = false;

	if (predictions->count || !options->what_if_count)
		return;
	for (unsigned int i = 0; i < options->what_if_count && !failed; i++)
		failed = candidates_add(&candidates, options->what_if[i], options->selection.netns,
					&session->devices, session->failure);
	if (failed ||
	    predictions_set(predictions, &session->counters, &candidates, session->failure))
		session->failed = true;
	else
		begin_what_if(session);
	candidates_free(&candidates);
}

void session_refresh_candidates(struct session *session)
{
	if (predictions_refresh(&session->predictions, &session->counters) &&
	    session->options->what_if_count)
		compare_from_here(session);
}
