/* SPDX-License-Identifier: MIT */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H

#include "emit.h"
#include "expression.h"

/* The class BPF_ALU. */
void convert_arithmetic(struct converter *c, const struct classic *insn);

#endif
