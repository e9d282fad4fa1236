// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/memory.h"
#include "btf/type_index.h"

/* Types consist of 32-bit numbers. */
#define TYPE_ALIGNMENT 4
/* How many typedefs and the like stand before a type, as in the kernel: MAX_RESOLVE_DEPTH in kernel/bpf/btf.c. */
#define NAMES_MOST 32

/* What follows a type, in bytes: always, and for each of what it consists of. */
static const struct {
	bool known;
	unsigned char once, each;
} trailing[] = {
	[BTF_KIND_INT] = {true, sizeof(__u32), 0},
	[BTF_KIND_PTR] = {true, 0, 0},
	[BTF_KIND_ARRAY] = {true, sizeof(struct btf_array), 0},
	[BTF_KIND_STRUCT] = {true, 0, sizeof(struct btf_member)},
	[BTF_KIND_UNION] = {true, 0, sizeof(struct btf_member)},
	[BTF_KIND_ENUM] = {true, 0, sizeof(struct btf_enum)},
	[BTF_KIND_FWD] = {true, 0, 0},
	[BTF_KIND_TYPEDEF] = {true, 0, 0},
	[BTF_KIND_VOLATILE] = {true, 0, 0},
	[BTF_KIND_CONST] = {true, 0, 0},
	[BTF_KIND_RESTRICT] = {true, 0, 0},
	[BTF_KIND_FUNC] = {true, 0, 0},
	[BTF_KIND_FUNC_PROTO] = {true, 0, sizeof(struct btf_param)},
	[BTF_KIND_VAR] = {true, sizeof(struct btf_var), 0},
	[BTF_KIND_DATASEC] = {true, 0, sizeof(struct btf_var_secinfo)},
	[BTF_KIND_FLOAT] = {true, 0, 0},
	[BTF_KIND_DECL_TAG] = {true, sizeof(struct btf_decl_tag), 0},
	[BTF_KIND_TYPE_TAG] = {true, 0, 0},
	[BTF_KIND_ENUM64] = {true, 0, sizeof(struct btf_enum64)},
};

/* The one behind a type, or NULL when that is not whole or of an unknown kind. */
static const struct btf_type *next_type(const struct type_index *index, const struct btf_type *type)
{
	unsigned int kind = btf_kind(type);
	const char *behind = (const char *)(type + 1);

	if (kind >= sizeof(trailing) / sizeof(*trailing) || !trailing[kind].known)
		return NULL;
	behind += trailing[kind].once + btf_vlen(type) * trailing[kind].each;
	return behind <= index->end ? (const void *)behind : NULL;
}

static bool open_index(struct type_index *index, const struct kernel_btf *types)
{
	const struct btf_header *header = types->bytes;
	const char *bytes = types->bytes;

	if (types->size < sizeof(*header) || header->magic != BTF_MAGIC ||
	    header->hdr_len % TYPE_ALIGNMENT || header->type_off % TYPE_ALIGNMENT ||
	    (__u64)header->hdr_len + header->type_off + header->type_len > types->size ||
	    (__u64)header->hdr_len + header->str_off + header->str_len > types->size ||
	    !header->str_len)
		return false;
	*index = (struct type_index){
		.bytes = bytes + header->hdr_len + header->type_off,
		.end = bytes + header->hdr_len + header->type_off + header->type_len,
		.count = 1,
		.strings = bytes + header->hdr_len + header->str_off,
		.string_bytes = header->str_len,
	};
	/* A type takes 12 bytes at least. */
	index->places = must(malloc((header->type_len / sizeof(struct btf_type) / INDEX_STEP + 1) *
				    sizeof(*index->places)));
	return !index->strings[index->string_bytes - 1];
}

int type_index_make(struct type_index *index, const struct kernel_btf *types, __u32 kinds,
		    type_fn visit, void *context)
{
	const struct btf_type *type;

	*index = (struct type_index){0};
	if (!open_index(index, types))
		return -EINVAL;
	for (type = (const void *)index->bytes; (const char *)(type + 1) <= index->end;
	     index->count++) {
		const struct btf_type *next = next_type(index, type);

		if (!next || type->name_off >= index->string_bytes)
			return -EINVAL;
		if (index->count % INDEX_STEP == 0)
			index->places[index->count / INDEX_STEP] =
				(const char *)type - index->bytes;
		if (kinds >> btf_kind(type) & 1)
			visit(context, index, index->count, type);
		type = next;
	}
	return (const char *)type == index->end ? 0 : -EINVAL;
}

void type_index_free(struct type_index *index)
{
	free(index->places);
	index->places = NULL;
}

const struct btf_type *type_index_at(const struct type_index *index, __u32 id)
{
	const struct btf_type *type = (const void *)index->bytes;
	__u32 from = id / INDEX_STEP * INDEX_STEP;

	if (!id || id >= index->count)
		return NULL;
	if (from)
		type = (const void *)(index->bytes + index->places[id / INDEX_STEP]);
	else
		from = 1;
	for (; from < id; from++)
		type = next_type(index, type);
	return type;
}

const struct btf_type *type_index_skip_names(const struct type_index *index, __u32 *id)
{
	const struct btf_type *type = type_index_at(index, *id);

	for (int names = 0; type && (btf_is_mod(type) || btf_is_typedef(type)); names++) {
		if (names == NAMES_MOST)
			return NULL;
		*id = type->type;
		type = type_index_at(index, *id);
	}
	return type;
}
