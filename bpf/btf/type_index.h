/* SPDX-License-Identifier: MIT */
/* Finds types by their number in BTF, where they have different lengths and stand one behind the other. */
#ifndef BTF_TYPE_INDEX_H
#define BTF_TYPE_INDEX_H

#include "btf/kernel_btf.h"

#define INDEX_STEP 64

struct type_index {
	const char *bytes, *end; /* of the types */
	__u32 *places;		 /* of every INDEX_STEPth type, counted from `bytes` */
	__u32 count;		 /* of types, with number 0, which is void and stands nowhere */
	const char *strings;
	__u32 string_bytes;
};

/* Called with every type of the kinds asked for, in ascending order, while the index is made. */
typedef void (*type_fn)(void *context, const struct type_index *index, __u32 id,
			const struct btf_type *type);

/* `kinds` has a bit for each kind. Returns -EINVAL when `types` is no BTF, or has kinds of types that this does not know. */
int type_index_make(struct type_index *index, const struct kernel_btf *types, __u32 kinds,
		    type_fn visit, void *context);
void type_index_free(struct type_index *index);

/* The type with a number, NULL when there is none. */
const struct btf_type *type_index_at(const struct type_index *index, __u32 id);

/*
 * The type behind typedefs, const and the like, and its number in `id`. NULL: it is void, which is number 0, or there is none,
 * or there are too many of them, as in a circle.
 */
const struct btf_type *type_index_skip_names(const struct type_index *index, __u32 *id);

#endif
