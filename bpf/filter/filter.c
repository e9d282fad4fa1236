// SPDX-License-Identifier: MIT
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "abi/counters.h"
#include "base/memory.h"
#include "filter/cbpf_to_ebpf.h"
#include "filter/filter.h"

/*
 * The code stands at the end of its room and is reached by a jump over the rest, which the verifier removes: r0 holds the
 * mark, so the jump is always taken. Nothing in the object file moves, and calls, relocations and line numbers stay right.
 */
static int fill(const struct expression *expression, struct bpf_insn *room)
{
	const struct bpf_insn never = {.code = BPF_ALU | BPF_MOV | BPF_K};
	struct bpf_insn code[RPS_FILTER_ROOM];
	int length = 1;

	if (expression->list)
		length = convert_filter(expression->list, expression->length, code,
					RPS_FILTER_ROOM - 1);
	else
		code[0] = never;
	if (length < 0)
		return length;
	room[0] = (struct bpf_insn){
		.code = BPF_JMP | BPF_JNE | BPF_K,
		.off = RPS_FILTER_ROOM - 1 - length,
	};
	memcpy(room + RPS_FILTER_ROOM - length, code, length * sizeof(*code));
	return 0;
}

int filter_compile(struct filter *filter, const char *text, struct failure *failure)
{
	struct bpf_insn room[RPS_FILTER_ROOM];
	int error;

	if (expression_compile(text, &filter->ethernet, &filter->raw, failure))
		return -1;
	error = fill(&filter->ethernet, room) ?: fill(&filter->raw, room);
	if (error == -EINVAL)
		return fail(failure, "FILTER_SYNTAX", "options",
			    "Do without protochain: it makes a loop.",
			    "the kernel runs no filter with a loop");
	if (error)
		return fail(failure, "FILTER_TOO_LONG", "options",
			    "Shorten it: networks and port ranges take less room than lists.",
			    "the filter is too long: it makes more than %d instructions",
			    RPS_FILTER_ROOM - 1);
	return 0;
}

void *filter_splice(const struct filter *filter, const void *object, size_t size)
{
	struct bpf_insn *copy = must(malloc(size));

	memcpy(copy, object, size);
	for (size_t i = 0; i + RPS_FILTER_ROOM < size / sizeof(*copy); i++) {
		/* Instructions are aligned in the file. The mark is the one before the room. */
		if (copy[i].code != (BPF_ALU64 | BPF_MOV | BPF_K) || copy[i].dst_reg || copy[i].off)
			continue;
		if (copy[i].imm == RPS_ETHERNET_MARK)
			fill(&filter->ethernet, &copy[i + 1]);
		else if (copy[i].imm == RPS_RAW_MARK)
			fill(&filter->raw, &copy[i + 1]);
	}
	return copy;
}
