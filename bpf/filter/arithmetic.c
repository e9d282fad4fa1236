// SPDX-License-Identifier: MIT
#include <linux/filter.h>
#include "filter/arithmetic.h"

static void convert_shift(struct converter *c, int operation, bool by_x, __u32 by)
{
	if (by_x) {
		emit_alu(c, BPF_MOV, RESULT, X);
		emit(c, BPF_JMP32 | BPF_JLT | BPF_K, X, 0, 2, 32);
		emit_alu_constant(c, BPF_MOV, A, 0);
		emit_alu_constant(c, BPF_MOV, RESULT, 0);
		emit_alu(c, operation, A, RESULT);
	} else if (by < 32) {
		emit_alu_constant(c, operation, A, by);
	} else {
		emit_alu_constant(c, BPF_MOV, A, 0);
	}
}

void convert_arithmetic(struct converter *c, const struct classic *insn)
{
	int operation = BPF_OP(insn->code);
	bool by_x = BPF_SRC(insn->code) == BPF_X;

	switch (operation) {
	case BPF_LSH:
	case BPF_RSH:
		convert_shift(c, operation, by_x, insn->k);
		return;
	case BPF_NEG:
		emit_alu_constant(c, BPF_NEG, A, 0);
		return;
	case BPF_DIV:
	case BPF_MOD:
		if (by_x)
			emit_go_if_constant(c, BPF_JEQ, X, 0, NO_MATCH);
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
		emit_alu(c, operation, A, X);
	else
		emit_alu_constant(c, operation, A, insn->k);
}
