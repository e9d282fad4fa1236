// SPDX-License-Identifier: MIT
/* The instructions that convert_filter() uses, of Documentation/bpf/instruction-set.rst. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>
#include "ebpf.h"
#include "filter/cbpf_to_ebpf.h"
#include "fuzz.h"

static uint32_t compute(int operation, uint32_t dst, uint32_t src)
{
	switch (operation) {
	case BPF_ADD:
		return dst + src;
	case BPF_SUB:
		return dst - src;
	case BPF_MUL:
		return dst * src;
	case BPF_DIV:
		return src ? dst / src : 0;
	case BPF_MOD:
		return src ? dst % src : dst;
	case BPF_AND:
		return dst & src;
	case BPF_OR:
		return dst | src;
	case BPF_XOR:
		return dst ^ src;
	case BPF_LSH:
		return dst << (src & 31);
	case BPF_RSH:
		return dst >> (src & 31);
	case BPF_NEG:
		return -dst;
	case BPF_MOV:
		return src;
	}
	HOLDS(!"an operation that is known");
	return 0;
}

static bool holds(int condition, uint32_t one, uint32_t other)
{
	switch (condition) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return one == other;
	case BPF_JNE:
		return one != other;
	case BPF_JGT:
		return one > other;
	case BPF_JGE:
		return one >= other;
	case BPF_JLT:
		return one < other;
	case BPF_JLE:
		return one <= other;
	case BPF_JSET:
		return one & other;
	}
	HOLDS(!"a condition that is known");
	return false;
}

/* The memory of the packet that an instruction reads or writes. */
static void *place(struct rps_packet *packet, uint64_t address, int offset, size_t size)
{
	uint64_t at = address + offset - (uint64_t)(uintptr_t)packet;

	HOLDS(at < sizeof(*packet) && size <= sizeof(*packet) - at);
	return (char *)packet + at;
}

static uint64_t load(const void *from, int size)
{
	uint32_t word = 0;

	memcpy(&word, from, size == BPF_W ? 4 : size == BPF_H ? 2 : 1);
	return word;
}

/* Returns r0 behind the last instruction. */
static uint64_t run(const struct bpf_insn *code, size_t count, struct rps_packet *packet)
{
	uint64_t r[MAX_BPF_REG] = {[1] = (uint64_t)(uintptr_t)packet};
	size_t at = 0;

	while (at < count) {
		const struct bpf_insn *insn = &code[at++];
		uint64_t *dst = &r[insn->dst_reg], src = r[insn->src_reg];
		uint64_t operand = BPF_SRC(insn->code) == BPF_X ? src : (uint32_t)insn->imm;

		switch (BPF_CLASS(insn->code)) {
		case BPF_ALU64:
			HOLDS(insn->code == (BPF_ALU64 | BPF_ADD | BPF_X));
			*dst += src;
			break;
		case BPF_ALU:
			if (BPF_OP(insn->code) != BPF_END)
				*dst = compute(BPF_OP(insn->code), *dst, operand);
			else
				*dst = insn->imm == 32 ? __builtin_bswap32(*dst)
						       : __builtin_bswap16(*dst);
			break;
		case BPF_LDX:
			*dst = load(
				place(packet, src, insn->off, 4 >> (BPF_SIZE(insn->code) / BPF_H)),
				BPF_SIZE(insn->code));
			break;
		case BPF_STX:
			HOLDS(insn->code == (BPF_STX | BPF_MEM | BPF_W));
			memcpy(place(packet, *dst, insn->off, 4), &src, 4);
			break;
		case BPF_JMP:
			HOLDS(BPF_OP(insn->code) == BPF_JA);
			/* fall through */
		case BPF_JMP32:
			HOLDS(insn->off >= 0 && (size_t)insn->off <= count - at);
			if (holds(BPF_OP(insn->code), *dst, operand))
				at += insn->off;
			break;
		default:
			HOLDS(!"a class that is known");
		}
	}
	return r[0];
}

int ebpf_match(const struct classic *classic, size_t length, struct rps_packet *packet)
{
	struct bpf_insn code[RPS_FILTER_ROOM];
	int count = convert_filter(classic, length, code, RPS_FILTER_ROOM);

	HOLDS(count <= RPS_FILTER_ROOM);
	return count < 0 ? -1 : run(code, count, packet) != 0;
}
