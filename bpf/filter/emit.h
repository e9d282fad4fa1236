/* SPDX-License-Identifier: MIT */
/* Writes the eBPF that classic BPF becomes, instruction by instruction. */
#ifndef FILTER_EMIT_H
#define FILTER_EMIT_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

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

void emit(struct converter *c, int code, int dst, int src, int off, __s32 imm);

/* All arithmetic is on 32 bits, which clears the upper half of the register. */
void emit_alu(struct converter *c, int operation, int dst, int src);
void emit_alu_constant(struct converter *c, int operation, int dst, __u32 value);

void emit_load(struct converter *c, int size, int dst, int base, size_t offset);

/* Jumps to the code of the classic instruction with the number `destination`, to NO_MATCH or to END. */
void emit_go(struct converter *c, int destination);
void emit_go_if(struct converter *c, int condition, int reg, int other, int destination);
void emit_go_if_constant(struct converter *c, int condition, int reg, __u32 value, int destination);

/* Ends with "no match". */
void emit_give_up(struct converter *c);

#endif
