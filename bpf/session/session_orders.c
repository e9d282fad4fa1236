// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "candidates/candidates.h"
#include "frames/frames.h"
#include "session/session_parts.h"

void session_obey(struct session *session, char *line)
{
	static const char shadow[] = "shadow";
	struct candidates candidates;
	struct failure failure;
	bool refused;

	if (strncmp(line, shadow, sizeof(shadow) - 1))
		return;
	refused = candidates_read(&candidates, line + sizeof(shadow) - 1, &failure) ||
		  shadow_set(&session->shadow, &session->counters, &candidates, &failure);
	if (session->options->format != FORMAT_NDJSON)
		return;
	if (refused)
		frame_shadow_refused(&session->output.text, &failure, monotonic_ns());
	else
		frame_shadow(&session->output.text, &session->shadow, session_asked(session),
			     monotonic_ns());
	candidates_free(&candidates);
	output_flush(&session->output);
}

static void begin_what_if(struct session *session)
{
	whatif_begin(&session->whatif, &session->host.topology, &session->counters,
		     &session->shadow);
	if (session->options->format == FORMAT_TABLE)
		dprintf(STDERR_FILENO, "Counting; the prediction is printed at the end%s.\n",
			session->options->duration_s ? "" : ": press Ctrl+C");
}

void session_set_what_if(struct session *session)
{
	const struct options *options = session->options;
	struct shadow *shadow = &session->shadow;
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
		begin_what_if(session);
	candidates_free(&candidates);
}
