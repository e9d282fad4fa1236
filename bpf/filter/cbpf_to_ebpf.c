// SPDX-License-Identifier: MIT
/*
 * pcap-filter programs, as bpf(4) of the BSDs and Documentation/networking/filter.rst describe them. What this follows
 * in doubtful cases is bpf_filter() of libpcap, which tcpdump runs: a load beyond the packet and a division by 0 mean
 * "no match", a shift by 32 or more gives 0.
 */
#include <errno.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "abi/counters.h"
#include "base/memory.h"
#include "filter/arithmetic.h"
#include "filter/cbpf_to_ebpf.h"
#include "filter/emit.h"
#include "filter/loads.h"

/* The opposite of a condition, 0 if there is none. */
static int opposite(int condition)
{
	return condition == BPF_JEQ   ? BPF_JNE
	       : condition == BPF_JGT ? BPF_JLE
	       : condition == BPF_JGE ? BPF_JLT
				      : 0;
}

/* `next` is the number of the classic instruction that follows. */
static void convert_jump(struct converter *c, const struct classic *insn, __u32 next, __u32 length)
{
	int condition = BPF_OP(insn->code);
	__u32 yes = next + insn->jt, no = next + insn->jf;

	if (condition == BPF_JA) {
		yes = next + insn->k;
		if (insn->k >= length || yes >= length)
			c->invalid = true;
		else
			emit_go(c, yes);
		return;
	}
	if (yes >= length || no >= length ||
	    (condition != BPF_JEQ && condition != BPF_JGT && condition != BPF_JGE &&
	     condition != BPF_JSET)) {
		c->invalid = true;
		return;
	}
	if (yes == next && opposite(condition)) {
		condition = opposite(condition);
		yes = no;
		no = next;
	}
	if (BPF_SRC(insn->code) == BPF_X)
		emit_go_if(c, condition, A, X, yes);
	else
		emit_go_if_constant(c, condition, A, insn->k, yes);
	if (no != next)
		emit_go(c, no);
}

static void convert_return(struct converter *c, const struct classic *insn)
{
	if (BPF_RVAL(insn->code) == BPF_A)
		emit_alu(c, BPF_MOV, RESULT, A);
	else
		emit_alu_constant(c, BPF_MOV, RESULT, insn->k);
	emit_go_if_constant(c, BPF_JNE, RESULT, 0, END);
	emit_go(c, NO_MATCH);
}

/* Whether bpf_filter() of libpcap knows an instruction. */
static bool is_known(__u16 code)
{
	switch (code) {
	case BPF_LD | BPF_W | BPF_ABS:
	case BPF_LD | BPF_H | BPF_ABS:
	case BPF_LD | BPF_B | BPF_ABS:
	case BPF_LD | BPF_W | BPF_IND:
	case BPF_LD | BPF_H | BPF_IND:
	case BPF_LD | BPF_B | BPF_IND:
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_B | BPF_MSH:
	case BPF_LDX | BPF_IMM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_JMP | BPF_JA:
	case BPF_ALU | BPF_NEG:
		return true;
	}
	/* convert_arithmetic() and convert_jump() refuse the rest of their classes. */
	return BPF_CLASS(code) == BPF_ALU
		       ? code <= UINT8_MAX && BPF_OP(code) != BPF_NEG
		       : BPF_CLASS(code) == BPF_JMP && code <= UINT8_MAX && BPF_OP(code) != BPF_JA;
}

static void convert(struct converter *c, const struct classic *insn, __u32 next, __u32 length)
{
	if (!is_known(insn->code))
		c->invalid = true;
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		convert_load(c, insn);
		break;
	case BPF_ST:
	case BPF_STX:
		convert_store(c, insn);
		break;
	case BPF_ALU:
		convert_arithmetic(c, insn);
		break;
	case BPF_JMP:
		convert_jump(c, insn, next, length);
		break;
	case BPF_RET:
		convert_return(c, insn);
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			emit_alu(c, BPF_MOV, X, A);
		else
			emit_alu(c, BPF_MOV, A, X);
	}
}

static void pass(struct converter *c, const struct classic *classic, __u32 length)
{
	c->count = 0;
	emit_alu_constant(c, BPF_MOV, A, 0);
	emit_alu_constant(c, BPF_MOV, X, 0);
	emit_load(c, BPF_W, CAPTURED, PACKET, offsetof(struct rps_packet, captured));
	for (__u32 i = 0; i < length; i++) {
		c->starts[i] = c->count;
		convert(c, &classic[i], i + 1, length);
	}
	c->no_match = c->count;
	emit_alu_constant(c, BPF_MOV, RESULT, 0);
	c->end = c->count;
}

int convert_filter(const struct classic *classic, size_t length, struct bpf_insn *to, size_t room)
{
	struct converter c = {.to = to, .room = room, .starts = must(calloc(length, sizeof(int)))};

	/* The first pass finds out where each instruction begins: their lengths do not depend on distances. */
	pass(&c, classic, length);
	pass(&c, classic, length);
	free(c.starts);
	if (c.invalid || !length || BPF_CLASS(classic[length - 1].code) != BPF_RET)
		return -EINVAL;
	return c.count <= room ? (int)c.count : -E2BIG;
}
