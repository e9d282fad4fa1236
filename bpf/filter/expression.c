// SPDX-License-Identifier: MIT
#include <nss.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/memory.h"
#include "filter/error_position.h"
#include "filter/expression.h"
#include "process/sandbox.h"

#define LONGEST 4096
/* As tcpdump's: an expression says how much of a packet it wants, here only whether. */
#define WHOLE_PACKET 262144
/* Names may be looked up over the network. */
#define SECONDS_MOST 30

static const struct sandbox_limits limits = {
	.seconds = SECONDS_MOST,
	.memory = 512UL << 20,
	/* Two programs that are many times too long. */
	.output = 1UL << 20,
	.calls = SANDBOX_LOOKS_UP,
};

/* What libpcap said for a link type: its program of `length` instructions follows, or its refusal. */
struct answer {
	__u32 length; /* 0: refused */
	char refusal[PCAP_ERRBUF_SIZE + 64];
};

static void put_program(FILE *out, const struct bpf_program *program)
{
	for (__u32 i = 0; i < program->bf_len; i++) {
		const struct classic instruction = {
			.code = program->bf_insns[i].code,
			.jt = program->bf_insns[i].jt,
			.jf = program->bf_insns[i].jf,
			.k = program->bf_insns[i].k,
		};

		fwrite(&instruction, sizeof(instruction), 1, out);
	}
}

static void compile(FILE *out, const char *text, int link_type)
{
	pcap_t *pcap = must(pcap_open_dead(link_type, WHOLE_PACKET));
	struct bpf_program program = {0};
	struct answer answer = {0};

	position_begin(text);
	if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN))
		position_add(pcap_geterr(pcap), answer.refusal, sizeof(answer.refusal));
	else
		answer.length = program.bf_len;
	fwrite(&answer, sizeof(answer), 1, out);
	put_program(out, &program);
	pcap_freecode(&program);
	pcap_close(pcap);
}

/* A host's own look-up plug-ins are not made for this program: only what is built into it may run. See nss(5). */
static void look_up_by_oneself(void)
{
	__nss_configure_lookup("hosts", "files dns");
	__nss_configure_lookup("networks", "files");
	__nss_configure_lookup("protocols", "files");
	__nss_configure_lookup("services", "files");
}

/* libpcap reads what somebody typed, and answers from the network where that names hosts: it does so without rights. */
static void compile_both(FILE *out, const void *text)
{
	look_up_by_oneself();
	compile(out, text, DLT_EN10MB);
	compile(out, text, DLT_RAW);
}

/* Takes an answer from the `*length` bytes at `*from`. False when there is none. */
static bool take(const char **from, size_t *length, struct answer *answer,
		 struct expression *expression)
{
	size_t size;

	*expression = (struct expression){0};
	if (*length < sizeof(*answer))
		return false;
	memcpy(answer, *from, sizeof(*answer));
	answer->refusal[sizeof(answer->refusal) - 1] = '\0';
	*from += sizeof(*answer);
	*length -= sizeof(*answer);
	if (!answer->length)
		return true;
	size = answer->length * sizeof(*expression->list);
	if (*length < size)
		return false;
	expression->list = must(malloc(size));
	memcpy(expression->list, *from, size);
	expression->length = answer->length;
	*from += size;
	*length -= size;
	return true;
}

int expression_compile(const char *text, struct expression *ethernet, struct expression *raw,
		       struct failure *failure)
{
	static const char *const hint =
		"The syntax is that of tcpdump: see pcap-filter(7), for instance \"tcp port 443\".";
	struct answer for_ethernet, for_raw;
	const char *from;
	size_t length;
	void *answers;

	if (strlen(text) > LONGEST)
		return fail(failure, "FILTER_TOO_LONG", "options",
			    "Shorten it: networks and port ranges take less room than lists.",
			    "the filter has more than %d characters", LONGEST);
	answers = sandbox_run(compile_both, text, &limits, &length);
	from = answers;
	if (!answers || !take(&from, &length, &for_ethernet, ethernet) ||
	    !take(&from, &length, &for_raw, raw))
		return fail(failure, "FILTER_FAILED", "options",
			    "Give addresses and numbers instead of names, or shorten it.",
			    "the filter could not be compiled within %d s", SECONDS_MOST);
	free(answers);
	if (!ethernet->list && !raw->list)
		return fail(failure, "FILTER_SYNTAX", "options", hint, "%s", for_ethernet.refusal);
	return 0;
}
