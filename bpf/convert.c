// SPDX-License-Identifier: MIT
/*
 * pcap-filter programs, as bpf(4) of the BSDs and Documentation/networking/filter.rst describe them. What this follows
 * in doubtful cases is bpf_filter() of libpcap, which tcpdump runs: a load beyond the packet and a division by 0 mean
 * "no match", a shift by 32 or more gives 0.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdlib.h>
#include "convert.h"
#include "rpstrace.h"

#define PACKET BPF_REG_1   /* struct rps_packet */
#define A BPF_REG_2	   /* the accumulator */
#define X BPF_REG_3	   /* the index register */
#define PLACE BPF_REG_4	   /* an address in the making */
#define CAPTURED BPF_REG_5 /* how many bytes of the packet are there */
#define RESULT BPF_REG_0   /* between loads also a scratch register */

/* Where jumps lead that are not to an instruction of the classic program. */
#define NO_MATCH -1
#define END -2

struct converter {
	struct bpf_insn *to;
	size_t room, count;
	int *starts;  /* where each classic instruction's code begins: known in the second pass */
	int no_match; /* where the code begins that says no */
	int end;
	bool invalid;
};

static void emit(struct converter *c, int code, int dst, int src, int off, __s32 imm)
{
	if (c->count < c->room)
		c->to[c->count] = (struct bpf_insn){
			.code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm};
	c->count++;
}

/* All arithmetic is on 32 bits, which clears the upper half of the register. */
static void alu(struct converter *c, int operation, int dst, int src)
{
	emit(c, BPF_ALU | operation | BPF_X, dst, src, 0, 0);
}

static void alu_constant(struct converter *c, int operation, int dst, __u32 value)
{
	emit(c, BPF_ALU | operation | BPF_K, dst, 0, 0, value);
}

static void load(struct converter *c, int size, int dst, int base, size_t offset)
{
	emit(c, BPF_LDX | BPF_MEM | size, dst, base, offset, 0);
}

static int distance(const struct converter *c, int destination)
{
	int place = destination == NO_MATCH ? c->no_match
		    : destination == END    ? c->end
					    : c->starts[destination];

	return place - (int)c->count - 1;
}

static void go(struct converter *c, int destination)
{
	emit(c, BPF_JMP | BPF_JA, 0, 0, distance(c, destination), 0);
}

static void go_if_constant(struct converter *c, int condition, int reg, __u32 value,
			   int destination)
{
	emit(c, BPF_JMP32 | condition | BPF_K, reg, 0, distance(c, destination), value);
}

static void go_if(struct converter *c, int condition, int reg, int other, int destination)
{
	emit(c, BPF_JMP32 | condition | BPF_X, reg, other, distance(c, destination), 0);
}

static int bytes_of(int size)
{
	return size == BPF_W ? 4 : size == BPF_H ? 2 : 1;
}

static void to_host_order(struct converter *c, int size)
{
	if (size != BPF_B)
		emit(c, BPF_ALU | BPF_END | BPF_TO_BE, A, 0, 0, bytes_of(size) * 8);
}

/* The verifier takes no code that nothing leads to: this goes, and looks as if it might not. */
static void give_up(struct converter *c)
{
	alu_constant(c, BPF_MOV, RESULT, 0);
	go_if_constant(c, BPF_JEQ, RESULT, 0, NO_MATCH);
}

/* Loads from a fixed place of the packet. */
static void load_absolute(struct converter *c, int size, int dst, __u32 offset)
{
	if (offset > (__u32)(RPS_SNAP - bytes_of(size))) {
		give_up(c);
		return;
	}
	go_if_constant(c, BPF_JLT, CAPTURED, offset + bytes_of(size), NO_MATCH);
	load(c, size, dst, PACKET, offsetof(struct rps_packet, bytes) + offset);
}

/* Loads from `offset` bytes after X. */
static void load_indexed(struct converter *c, int size, __u32 offset)
{
	__u32 last = RPS_SNAP - bytes_of(size);

	if (offset > last) {
		give_up(c);
		return;
	}
	/* Bounded before adding, so that the sum does not overflow. */
	go_if_constant(c, BPF_JGT, X, last - offset, NO_MATCH);
	alu(c, BPF_MOV, PLACE, X);
	alu_constant(c, BPF_MOV, RESULT, offset + bytes_of(size));
	alu(c, BPF_ADD, RESULT, PLACE);
	go_if(c, BPF_JGT, RESULT, CAPTURED, NO_MATCH);
	emit(c, BPF_ALU64 | BPF_ADD | BPF_X, PLACE, PACKET, 0, 0);
	load(c, size, A, PLACE, offsetof(struct rps_packet, bytes) + offset);
}

static void convert_load(struct converter *c, const struct classic *insn)
{
	int size = BPF_SIZE(insn->code);
	int dst = BPF_CLASS(insn->code) == BPF_LD ? A : X;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		alu_constant(c, BPF_MOV, dst, insn->k);
		break;
	case BPF_LEN:
		load(c, BPF_W, dst, PACKET, offsetof(struct rps_packet, length));
		break;
	case BPF_MEM:
		if (insn->k >= RPS_MEMORY)
			c->invalid = true;
		else
			load(c, BPF_W, dst, PACKET,
			     offsetof(struct rps_packet, memory) + insn->k * 4);
		break;
	case BPF_ABS:
		load_absolute(c, size, A, insn->k);
		to_host_order(c, size);
		break;
	case BPF_IND:
		load_indexed(c, size, insn->k);
		to_host_order(c, size);
		break;
	case BPF_MSH: /* the length of an IPv4 header */
		load_absolute(c, BPF_B, X, insn->k);
		alu_constant(c, BPF_AND, X, 0xf);
		alu_constant(c, BPF_LSH, X, 2);
		break;
	default:
		c->invalid = true;
	}
}

static void convert_store(struct converter *c, const struct classic *insn)
{
	int src = BPF_CLASS(insn->code) == BPF_ST ? A : X;

	if (insn->k >= RPS_MEMORY)
		c->invalid = true;
	else
		emit(c, BPF_STX | BPF_MEM | BPF_W, PACKET, src,
		     offsetof(struct rps_packet, memory) + insn->k * 4, 0);
}

static void convert_shift(struct converter *c, int operation, bool by_x, __u32 by)
{
	if (by_x) {
		alu(c, BPF_MOV, RESULT, X);
		emit(c, BPF_JMP32 | BPF_JLT | BPF_K, X, 0, 2, 32);
		alu_constant(c, BPF_MOV, A, 0);
		alu_constant(c, BPF_MOV, RESULT, 0);
		alu(c, operation, A, RESULT);
	} else if (by < 32) {
		alu_constant(c, operation, A, by);
	} else {
		alu_constant(c, BPF_MOV, A, 0);
	}
}

static void convert_arithmetic(struct converter *c, const struct classic *insn)
{
	int operation = BPF_OP(insn->code);
	bool by_x = BPF_SRC(insn->code) == BPF_X;

	switch (operation) {
	case BPF_LSH:
	case BPF_RSH:
		convert_shift(c, operation, by_x, insn->k);
		return;
	case BPF_NEG:
		alu_constant(c, BPF_NEG, A, 0);
		return;
	case BPF_DIV:
	case BPF_MOD:
		if (by_x)
			go_if_constant(c, BPF_JEQ, X, 0, NO_MATCH);
		else if (!insn->k)
			c->invalid = true;
		break;
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		break;
	default:
		c->invalid = true;
	}
	if (by_x)
		alu(c, operation, A, X);
	else
		alu_constant(c, operation, A, insn->k);
}

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
			go(c, yes);
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
		go_if(c, condition, A, X, yes);
	else
		go_if_constant(c, condition, A, insn->k, yes);
	if (no != next)
		go(c, no);
}

static void convert_return(struct converter *c, const struct classic *insn)
{
	if (BPF_RVAL(insn->code) == BPF_A)
		alu(c, BPF_MOV, RESULT, A);
	else
		alu_constant(c, BPF_MOV, RESULT, insn->k);
	go_if_constant(c, BPF_JNE, RESULT, 0, END);
	go(c, NO_MATCH);
}

static void convert(struct converter *c, const struct classic *insn, __u32 next, __u32 length)
{
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
			alu(c, BPF_MOV, X, A);
		else
			alu(c, BPF_MOV, A, X);
	}
}

static void pass(struct converter *c, const struct classic *classic, __u32 length)
{
	c->count = 0;
	alu_constant(c, BPF_MOV, A, 0);
	alu_constant(c, BPF_MOV, X, 0);
	load(c, BPF_W, CAPTURED, PACKET, offsetof(struct rps_packet, captured));
	for (__u32 i = 0; i < length; i++) {
		c->starts[i] = c->count;
		convert(c, &classic[i], i + 1, length);
	}
	c->no_match = c->count;
	alu_constant(c, BPF_MOV, RESULT, 0);
	c->end = c->count;
}

int convert_filter(const struct classic *classic, size_t length, struct bpf_insn *to, size_t room)
{
	struct converter c = {.to = to, .room = room, .starts = calloc(length, sizeof(int))};

	if (!c.starts)
		abort();
	/* The first pass finds out where each instruction begins: their lengths do not depend on distances. */
	pass(&c, classic, length);
	pass(&c, classic, length);
	free(c.starts);
	if (c.invalid || !length || BPF_CLASS(classic[length - 1].code) != BPF_RET)
		return -EINVAL;
	return c.count <= room ? (int)c.count : -E2BIG;
}
