// SPDX-License-Identifier: MIT
#include <linux/bpf.h>
#include "filter/emit.h"

void emit(struct converter *c, int code, int dst, int src, int off, __s32 imm)
{
	if (c->count < c->room)
		c->to[c->count] = (struct bpf_insn){
			.code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm};
	c->count++;
}

/* All arithmetic is on 32 bits, which clears the upper half of the register. */
void emit_alu(struct converter *c, int operation, int dst, int src)
{
	emit(c, BPF_ALU | operation | BPF_X, dst, src, 0, 0);
}

void emit_alu_constant(struct converter *c, int operation, int dst, __u32 value)
{
	emit(c, BPF_ALU | operation | BPF_K, dst, 0, 0, value);
}

void emit_load(struct converter *c, int size, int dst, int base, size_t offset)
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

void emit_go(struct converter *c, int destination)
{
	emit(c, BPF_JMP | BPF_JA, 0, 0, distance(c, destination), 0);
}

void emit_go_if_constant(struct converter *c, int condition, int reg, __u32 value, int destination)
{
	emit(c, BPF_JMP32 | condition | BPF_K, reg, 0, distance(c, destination), value);
}

void emit_go_if(struct converter *c, int condition, int reg, int other, int destination)
{
	emit(c, BPF_JMP32 | condition | BPF_X, reg, other, distance(c, destination), 0);
}

/* The verifier takes no code that nothing leads to: this goes, and looks as if it might not. */
void emit_give_up(struct converter *c)
{
	emit_alu_constant(c, BPF_MOV, RESULT, 0);
	emit_go_if_constant(c, BPF_JEQ, RESULT, 0, NO_MATCH);
}
