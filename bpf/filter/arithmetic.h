/* SPDX-License-Identifier: MIT */
#ifndef FILTER_ARITHMETIC_H
#define FILTER_ARITHMETIC_H

#include "filter/emit.h"
#include "filter/expression.h"

/* The class BPF_ALU. */
void convert_arithmetic(struct converter *c, const struct classic *insn);

#endif
