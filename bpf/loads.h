/* SPDX-License-Identifier: MIT */
#ifndef LOADS_H
#define LOADS_H

#include "emit.h"
#include "expression.h"

/* The classes BPF_LD and BPF_LDX. */
void convert_load(struct converter *c, const struct classic *insn);

/* The classes BPF_ST and BPF_STX. */
void convert_store(struct converter *c, const struct classic *insn);

#endif
