/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What a kprobe program finds in its context. The layout is the kernel's to user space and does not change:
 * struct pt_regs in arch/x86/include/uapi/asm/ptrace.h, struct user_pt_regs in arch/arm64/include/uapi/asm/ptrace.h.
 */
#ifndef KERNEL_PT_REGS_H
#define KERNEL_PT_REGS_H

#include <linux/types.h>

#if defined(__TARGET_ARCH_x86)

struct registers {
	__u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	__u64 orig_ax, ip, cs, flags, sp, ss;
};

#define ARGUMENT_1(registers) ((registers)->di)
#define ARGUMENT_2(registers) ((registers)->si)
#define ARGUMENT_3(registers) ((registers)->dx)
#define RETURNED(registers) ((registers)->ax)
/* The stack pointer of the caller: at the beginning of a function it is still below the return address. */
#define CALLER_AT_ENTRY(registers) ((registers)->sp + 8)

#elif defined(__TARGET_ARCH_arm64)

struct registers {
	__u64 x[31];
	__u64 sp, pc, pstate;
};

#define ARGUMENT_1(registers) ((registers)->x[0])
#define ARGUMENT_2(registers) ((registers)->x[1])
#define ARGUMENT_3(registers) ((registers)->x[2])
#define RETURNED(registers) ((registers)->x[0])
#define CALLER_AT_ENTRY(registers) ((registers)->sp)

#endif

/* The stack pointer of the caller, when the function has returned. */
#define CALLER_AT_RETURN(registers) ((registers)->sp)

#endif
