// SPDX-License-Identifier: MIT
/* Reading the packet, and the sixteen words of memory that a classic program has. */
#include <linux/filter.h>
#include "abi/counters.h"
#include "filter/loads.h"

static int bytes_of(int size)
{
	return size == BPF_W ? 4 : size == BPF_H ? 2 : 1;
}

static void to_host_order(struct converter *c, int size)
{
	if (size != BPF_B)
		emit(c, BPF_ALU | BPF_END | BPF_TO_BE, A, 0, 0, bytes_of(size) * 8);
}

/* Loads from a fixed place of the packet. */
static void load_absolute(struct converter *c, int size, int dst, __u32 offset)
{
	if (offset > (__u32)(RPS_SNAP - bytes_of(size))) {
		emit_give_up(c);
		return;
	}
	emit_go_if_constant(c, BPF_JLT, CAPTURED, offset + bytes_of(size), NO_MATCH);
	emit_load(c, size, dst, PACKET, offsetof(struct rps_packet, bytes) + offset);
}

/* Loads from `offset` bytes after X. */
static void load_indexed(struct converter *c, int size, __u32 offset)
{
	__u32 last = RPS_SNAP - bytes_of(size);

	if (offset > last) {
		emit_give_up(c);
		return;
	}
	/* Bounded before adding, so that the sum does not overflow. */
	emit_go_if_constant(c, BPF_JGT, X, last - offset, NO_MATCH);
	emit_alu(c, BPF_MOV, PLACE, X);
	emit_alu_constant(c, BPF_MOV, RESULT, offset + bytes_of(size));
	emit_alu(c, BPF_ADD, RESULT, PLACE);
	emit_go_if(c, BPF_JGT, RESULT, CAPTURED, NO_MATCH);
	emit(c, BPF_ALU64 | BPF_ADD | BPF_X, PLACE, PACKET, 0, 0);
	emit_load(c, size, A, PLACE, offsetof(struct rps_packet, bytes) + offset);
}

void convert_load(struct converter *c, const struct classic *insn)
{
	int size = BPF_SIZE(insn->code);
	int dst = BPF_CLASS(insn->code) == BPF_LD ? A : X;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		emit_alu_constant(c, BPF_MOV, dst, insn->k);
		break;
	case BPF_LEN:
		emit_load(c, BPF_W, dst, PACKET, offsetof(struct rps_packet, length));
		break;
	case BPF_MEM:
		if (insn->k >= RPS_MEMORY)
			c->invalid = true;
		else
			emit_load(c, BPF_W, dst, PACKET,
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
		emit_alu_constant(c, BPF_AND, X, 0xf);
		emit_alu_constant(c, BPF_LSH, X, 2);
		break;
	default:
		c->invalid = true;
	}
}

void convert_store(struct converter *c, const struct classic *insn)
{
	int src = BPF_CLASS(insn->code) == BPF_ST ? A : X;

	if (insn->k >= RPS_MEMORY)
		c->invalid = true;
	else
		emit(c, BPF_STX | BPF_MEM | BPF_W, PACKET, src,
		     offsetof(struct rps_packet, memory) + insn->k * 4, 0);
}
