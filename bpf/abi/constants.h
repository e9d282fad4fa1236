/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What the loader knows before it loads the program, and the program has in its instructions: CO-RE puts it there, as the
 * loader tells these values among the kernel's types (see btf/subset.h). So the verifier knows them, and no memory is read.
 */
#ifndef ABI_CONSTANTS_H
#define ABI_CONSTANTS_H

enum rps_constant {
	RPS_FAR_MASK,	     /* far rows in a region, minus 1 */
	RPS_ROW_LIMIT,	     /* rows that may be in use in a region */
	RPS_NESTED_BASE,     /* first region of interrupting calls */
	RPS_PREDICTION_MASK, /* counters of a CPU for candidate masks, a power of two, minus 1 */
	RPS_CASTS,	     /* the kernel has bpf_rdonly_cast() */
	RPS_SK_BUFF,	     /* for it, the number of a type among the kernel's */
	RPS_NET_DEVICE,
	RPS_WORD,
	RPS_REGIONS, /* how many regions there are in the one value of their map; 0: each is a value of its own */
	RPS_STRIDE, /* from one to the next */
	RPS_CONSTANTS,
};

/* The call that the loader turns into one of bpf_rdonly_cast(), where the kernel has that. */
#define RPS_CAST_MARK 0x52505303

/* The upper half of a number that the loader turns into the address of all regions, where they are one value. */
#define RPS_REGIONS_MARK 0x52505304

#endif
