/* SPDX-License-Identifier: MIT */
#ifndef FILTER_LOADS_H
#define FILTER_LOADS_H

#include "filter/emit.h"
#include "filter/expression.h"

/* The classes BPF_LD and BPF_LDX. */
void convert_load(struct converter *c, const struct classic *insn);

/* The classes BPF_ST and BPF_STX. */
void convert_store(struct converter *c, const struct classic *insn);

#endif
