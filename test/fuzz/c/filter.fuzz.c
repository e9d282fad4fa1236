// SPDX-License-Identifier: MIT
/*
 * Filters: a line with an expression, then a packet. Or, with a line of one #, programs of classic BPF themselves, 8 bytes
 * an instruction behind their number, and then a packet. libpcap's bpf_filter() says which packets match.
 */
#include <netdb.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include "ebpf.h"
#include "filter/error_position.h"
#include "fuzz.h"

#define PROGRAM_MOST 64
#define WHOLE_PACKET 262144

/* In place of the C library's: names are not looked up. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **list)
{
	(void)node, (void)service, (void)hints, (void)list;
	return EAI_NONAME;
}

static struct rps_packet packet_of(const uint8_t *data, size_t size)
{
	struct rps_packet packet = {.length = size, .captured = size < RPS_SNAP ? size : RPS_SNAP};

	memcpy(packet.bytes, data, packet.captured);
	return packet;
}

/* Whether it is said what a program does: not of shifts by 32 bits and more, which libpcap leaves to C, and of memory as it was. */
static bool is_defined(const struct bpf_program *program)
{
	bool stored[BPF_MEMWORDS] = {false}, jumped = false;

	for (unsigned int i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];
		int class = BPF_CLASS(insn->code);

		if ((insn->code == (BPF_ALU | BPF_LSH | BPF_K) ||
		     insn->code == (BPF_ALU | BPF_RSH | BPF_K)) &&
		    insn->k >= 32)
			return false;
		jumped = jumped || class == BPF_JMP;
		if ((class == BPF_ST || class == BPF_STX) && !jumped && insn->k < BPF_MEMWORDS)
			stored[insn->k] = true;
		if ((class == BPF_LD || class == BPF_LDX) && BPF_MODE(insn->code) == BPF_MEM &&
		    (insn->k >= BPF_MEMWORDS || !stored[insn->k]))
			return false;
	}
	return true;
}

/* `compiled`: by libpcap, which stores before it loads. */
static void compare(const struct bpf_program *program, bool compiled, const uint8_t *data,
		    size_t size)
{
	struct classic *classic = calloc(program->bf_len + 1, sizeof(*classic));
	struct rps_packet packet = packet_of(data, size);
	int match;

	HOLDS(classic);
	for (unsigned int i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *insn = &program->bf_insns[i];

		classic[i] = (struct classic){insn->code, insn->jt, insn->jf, insn->k};
	}
	match = ebpf_match(classic, program->bf_len, &packet);
	free(classic);
	if (match < 0 || !(compiled || is_defined(program)) ||
	    !bpf_validate(program->bf_insns, program->bf_len))
		return;
	/* Both have the beginning of the packet only. */
	HOLDS(match == !!bpf_filter(program->bf_insns, (const u_char *)packet.bytes, packet.length,
				    packet.captured));
}

static void check_expression(const char *text, int link_type, const uint8_t *data, size_t size)
{
	pcap_t *pcap = pcap_open_dead(link_type, WHOLE_PACKET);
	struct bpf_program program = {0};
	char refusal[PCAP_ERRBUF_SIZE + 64];

	HOLDS(pcap);
	position_begin(text);
	if (pcap_compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN))
		position_add(pcap_geterr(pcap), refusal, sizeof(refusal));
	else
		compare(&program, true, data, size);
	pcap_freecode(&program);
	pcap_close(pcap);
}

static void check_program(const uint8_t *data, size_t size)
{
	struct bpf_insn code[PROGRAM_MOST];
	struct bpf_program program = {.bf_insns = code};

	if (!size)
		return;
	program.bf_len = *data % PROGRAM_MOST;
	if (program.bf_len > (size - 1) / sizeof(*code))
		program.bf_len = (size - 1) / sizeof(*code);
	memcpy(code, data + 1, program.bf_len * sizeof(*code));
	data += 1 + program.bf_len * sizeof(*code);
	compare(&program, false, data, size - 1 - program.bf_len * sizeof(*code));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_line(&data, &size);

	if (!strcmp(line, "#")) {
		check_program(data, size);
	} else {
		check_expression(line, DLT_EN10MB, data, size);
		check_expression(line, DLT_RAW, data, size);
	}
	free(line);
	return 0;
}
