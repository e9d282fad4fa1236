// SPDX-License-Identifier: MIT
#include "doctor/rules.h"

void rules_stopped(struct evidence *evidence)
{
	struct finding *finding;

	if (!evidence->view->stopped)
		return;
	finding = finding_new(evidence->findings, "tracing-stopped", SEVERITY_ERROR, NULL);
	text_add(&finding->title, "Nothing is counted: the kernel has stopped all tracing");
	text_add(&finding->evidence, "kernel.ftrace_enabled is 0.");
	finding->explanation = "While this is 0, the kernel runs nothing that is attached to a "
			       "function, and tells nobody. "
			       "What is decided meanwhile is missing in all counts.";
	text_add(&finding->remedy, "Allow it again.");
	text_add(&finding->command, "sudo sysctl kernel.ftrace_enabled=1");
}
