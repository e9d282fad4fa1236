/* SPDX-License-Identifier: MIT */
/*
 * The few of the kernel's types that the program knows, out of the 100,000 and more that there are. libbpf, given all,
 * would look through them again and again: most of the time until the first sample.
 */
#ifndef BTF_SUBSET_H
#define BTF_SUBSET_H

#include <stdbool.h>
#include "abi/constants.h"
#include "btf/type_index.h"

/* A type of the kernel that the program knows, or must be told the number of. */
struct root {
	unsigned int kind; /* BTF_KIND_STRUCT or BTF_KIND_FUNC */
	const char *name;  /* its first `length` characters are the kernel's name for it */
	size_t length;
	const struct btf_type *local; /* as the program knows it, or NULL */
	__u32 id;		      /* its number among the kernel's types; 0: there is none */
};

#define ROOTS 64

struct subset {
	const struct btf *local; /* the program's own types */
	struct type_index index;
	struct root roots[ROOTS]; /* functions first */
	size_t functions, count;
	bool begins[2][256]; /* with what their names begin: structs, functions */
};

/*
 * Finds those of the kernel's types that `local` has by name, and those of `names`, a list of functions that ends with
 * NULL. Returns -EINVAL when `types` is no BTF, or has kinds of types that this does not know.
 */
int subset_find(struct subset *subset, const struct kernel_btf *types, const struct btf *local,
		const char *const *names);
void subset_free(struct subset *subset);

/* The number of a type among the kernel's, 0 when there is none. */
__u32 subset_number(const struct subset *subset, unsigned int kind, const char *name);

/*
 * Writes BTF of the structs that were found to a file, with those members that the program knows, and of enum rps_constant
 * with the given values where the program knows that. Returns a negative errno when it cannot.
 */
int subset_write(const struct subset *subset, const __s64 constants[RPS_CONSTANTS], int file);

#endif
