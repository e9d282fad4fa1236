// SPDX-License-Identifier: MIT
#include <nss.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include "expression.h"
#include "position.h"

#define LONGEST 4096
/* As tcpdump's: an expression says how much of a packet it wants, here only whether. */
#define WHOLE_PACKET 262144

static void copy(const struct bpf_program *program, struct expression *expression)
{
	expression->list = calloc(program->bf_len, sizeof(*expression->list));
	if (!expression->list)
		abort();
	expression->length = program->bf_len;
	for (size_t i = 0; i < expression->length; i++)
		expression->list[i] = (struct classic){
			.code = program->bf_insns[i].code,
			.jt = program->bf_insns[i].jt,
			.jf = program->bf_insns[i].jf,
			.k = program->bf_insns[i].k,
		};
}

/* Returns -1 with libpcap's words in `failure` when it refuses. */
static int compile(const char *text, int link_type, struct expression *expression,
		   struct failure *failure)
{
	static const char *const hint =
		"The syntax is that of tcpdump: see pcap-filter(7), for instance \"tcp port 443\".";
	pcap_t *pcap = pcap_open_dead(link_type, WHOLE_PACKET);
	char refusal[PCAP_ERRBUF_SIZE + 64];
	struct bpf_program program;
	int error;

	*expression = (struct expression){0};
	if (!pcap)
		abort();
	position_begin(text);
	error = pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN);
	if (error) {
		position_add(pcap_geterr(pcap), refusal, sizeof(refusal));
		fail(failure, "FILTER_SYNTAX", "options", hint, "%s", refusal);
	} else {
		copy(&program, expression);
		pcap_freecode(&program);
	}
	pcap_close(pcap);
	return error;
}

/* A host's own look-up plug-ins are not made for this program: only what is built into it may run. See nss(5). */
static void look_up_by_oneself(void)
{
	__nss_configure_lookup("hosts", "files dns");
	__nss_configure_lookup("networks", "files");
	__nss_configure_lookup("protocols", "files");
	__nss_configure_lookup("services", "files");
}

int compile_expression(const char *text, struct expression *ethernet, struct expression *raw,
		       struct failure *failure)
{
	struct failure refused;

	if (strlen(text) > LONGEST)
		return fail(failure, "FILTER_TOO_LONG", "options",
			    "Shorten it: networks and port ranges take less room than lists.",
			    "the filter has more than %d characters", LONGEST);
	look_up_by_oneself();
	if (compile(text, DLT_RAW, raw, &refused))
		return compile(text, DLT_EN10MB, ethernet, failure) ? -1 : 0;
	/* Whatever suits packets without a link header suits Ethernet, or else libpcap says why. */
	compile(text, DLT_EN10MB, ethernet, &refused);
	return 0;
}
