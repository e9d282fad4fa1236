// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "btf/subset.h"

#define CONSTANT_TYPE "rps_constant"
/* Members that one of the program's types has, at most. */
#define MEMBERS 24
/* Members that are looked at, at most. Linux 6.18 takes 633; nameless parts within one another would multiply. */
#define EFFORT 20000
/* How deep types are in one another, at most. */
#define DEPTH 8

struct copy {
	const struct type_index *from;
	const struct btf *local;
	struct btf *to;
	unsigned int effort; /* members that may still be looked at */
};

/* A member of a type that is being made. */
struct member {
	const char *name;
	int type;
	__u32 bit_offset, bit_size;
};

static const char *name_of(const struct copy *copy, __u32 offset)
{
	return offset < copy->from->string_bytes ? copy->from->strings + offset : "";
}

/* Behind typedefs, const and the like. NULL: there is no such type. */
static const struct btf_type *real_type(const struct copy *copy, __u32 id)
{
	return type_index_skip_names(copy->from, &id);
}

static const struct btf_type *local_type(const struct copy *copy, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(copy->local, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(copy->local, type->type);
	return type;
}

/* The type that the program knows a member by, or NULL. */
static const struct btf_type *known_member(const struct copy *copy, const struct btf_type *local,
					   const char *name)
{
	const struct btf_member *members = btf_members(local);

	for (int i = 0; i < btf_vlen(local); i++)
		if (!strcmp(btf__name_by_offset(copy->local, members[i].name_off), name))
			return local_type(copy, members[i].type);
	return NULL;
}

static int copy_type(struct copy *copy, const struct btf_type *local, const struct btf_type *type,
		     int depth);

/* Copies a struct or union with the members that `local` has, also where they are in a nameless part of it. */
static int copy_composite(struct copy *copy, const struct btf_type *local,
			  const struct btf_type *type, int depth)
{
	const struct btf_member *members = btf_members(type);
	const char *name = name_of(copy, type->name_off);
	struct member kept[MEMBERS];
	unsigned int count = 0;
	int id;

	for (int i = 0; i < btf_vlen(type) && count < MEMBERS; i++) {
		const char *member = name_of(copy, members[i].name_off);
		__u32 bit_offset = btf_member_bit_offset(type, i);
		const struct btf_type *known = *member ? known_member(copy, local, member) : local;
		const struct btf_type *of = real_type(copy, members[i].type);

		if (!copy->effort)
			return -1;
		copy->effort--;
		if (!known || !of || bit_offset / 8 > type->size ||
		    (!*member && !btf_is_composite(of)))
			continue;
		id = copy_type(copy, known, of, depth + 1);
		if (id <= 0)
			continue;
		kept[count++] = (struct member){
			.name = member,
			.type = id,
			.bit_offset = bit_offset,
			.bit_size = btf_member_bitfield_size(type, i),
		};
	}
	if (!count)
		return 0;
	id = btf_is_struct(type) ? btf__add_struct(copy->to, name, type->size)
				 : btf__add_union(copy->to, name, type->size);
	for (unsigned int i = 0; i < count; i++)
		if (btf__add_field(copy->to, kept[i].name, kept[i].type, kept[i].bit_offset,
				   kept[i].bit_size))
			return -1;
	return id;
}

static int copy_array(struct copy *copy, const struct btf_type *local, const struct btf_type *type,
		      int depth)
{
	const struct btf_array *array = btf_array(type);
	const struct btf_type *known = local_type(copy, btf_array(local)->type);
	const struct btf_type *of = real_type(copy, array->type);
	const struct btf_type *index = real_type(copy, array->index_type);
	int type_id = known && of ? copy_type(copy, known, of, depth + 1) : 0;
	int index_id = index && btf_is_int(index) ? copy_type(copy, index, index, depth + 1) : 0;

	return type_id > 0 && index_id > 0
		       ? btf__add_array(copy->to, index_id, type_id, array->nelems)
		       : 0;
}

/* Returns the number of the copy, 0 when nothing of it is needed, or a negative number. */
static int copy_type(struct copy *copy, const struct btf_type *local, const struct btf_type *type,
		     int depth)
{
	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		return btf__add_int(copy->to, name_of(copy, type->name_off), type->size,
				    btf_int_encoding(type));
	case BTF_KIND_PTR:
		return btf__add_ptr(copy->to, 0);
	case BTF_KIND_ARRAY:
		return btf_is_array(local) ? copy_array(copy, local, type, depth) : 0;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return btf_is_composite(local) && depth < DEPTH
			       ? copy_composite(copy, local, type, depth)
			       : 0;
	default:
		return 0;
	}
}

static bool copy_constants(struct copy *copy, const struct btf_type *local,
			   const __s64 constants[RPS_CONSTANTS])
{
	const struct btf_enum *names = btf_enum(local);
	bool failed = btf__add_enum(copy->to, CONSTANT_TYPE, sizeof(__u32)) < 0;

	for (int i = 0; i < btf_vlen(local) && !failed; i++)
		if (names[i].val < RPS_CONSTANTS)
			failed = btf__add_enum_value(
				copy->to, btf__name_by_offset(copy->local, names[i].name_off),
				constants[names[i].val]);
	return !failed;
}

static void add_root(struct subset *subset, unsigned int kind, const char *name,
		     const struct btf_type *local)
{
	/* What follows tells the forms of a type apart: the flavor, in libbpf's words. */
	const char *flavor = strstr(name, "___");
	size_t length = flavor ? (size_t)(flavor - name) : strlen(name);

	if (!length || subset->count == ROOTS)
		return;
	subset->begins[kind == BTF_KIND_FUNC][(unsigned char)*name] = true;
	subset->roots[subset->count++] = (struct root){
		.kind = kind,
		.name = name,
		.length = length,
		.local = local,
	};
}

/* Takes note of a type that is one of the roots. There are a hundred thousand that are not. */
static void look(void *context, const struct type_index *index, __u32 id,
		 const struct btf_type *type)
{
	struct subset *subset = context;
	bool function = btf_kind(type) == BTF_KIND_FUNC;
	const char *name = index->strings + type->name_off;

	if (!subset->begins[function][(unsigned char)*name])
		return;
	for (size_t i = function ? 0 : subset->functions;
	     i < (function ? subset->functions : subset->count); i++) {
		struct root *root = &subset->roots[i];

		if (root->name[0] == name[0] && !root->id &&
		    !strncmp(root->name, name, root->length) && !name[root->length])
			root->id = id;
	}
}

int subset_find(struct subset *subset, const struct kernel_btf *types, const struct btf *local,
		const char *const *names)
{
	*subset = (struct subset){.local = local};
	for (; *names; names++)
		add_root(subset, BTF_KIND_FUNC, *names, NULL);
	subset->functions = subset->count;
	for (__u32 id = 1; id < btf__type_cnt(local); id++) {
		const struct btf_type *type = btf__type_by_id(local, id);

		if (btf_is_struct(type))
			add_root(subset, BTF_KIND_STRUCT,
				 btf__name_by_offset(local, type->name_off), type);
	}
	return type_index_make(&subset->index, types, 1 << BTF_KIND_STRUCT | 1 << BTF_KIND_FUNC,
			       look, subset);
}

void subset_free(struct subset *subset)
{
	type_index_free(&subset->index);
}

__u32 subset_number(const struct subset *subset, unsigned int kind, const char *name)
{
	for (size_t i = 0; i < subset->count; i++)
		if (subset->roots[i].kind == kind && !strcmp(subset->roots[i].name, name))
			return subset->roots[i].id;
	return 0;
}

static struct btf *make(const struct subset *subset, const __s64 constants[RPS_CONSTANTS])
{
	struct copy copy = {
		.from = &subset->index,
		.local = subset->local,
		.to = btf__new_empty(),
		.effort = EFFORT,
	};
	int constant = btf__find_by_name_kind(copy.local, CONSTANT_TYPE, BTF_KIND_ENUM);
	bool done = copy.to &&
		    (constant < 0 ||
		     copy_constants(&copy, btf__type_by_id(copy.local, constant), constants));

	for (size_t i = 0; i < subset->count && done; i++) {
		const struct root *root = &subset->roots[i];

		if (root->id && root->local)
			done = copy_composite(&copy, root->local,
					      type_index_at(copy.from, root->id), 0) >= 0;
	}
	if (done)
		return copy.to;
	btf__free(copy.to);
	return NULL;
}

int subset_write(const struct subset *subset, const __s64 constants[RPS_CONSTANTS], int file)
{
	struct btf *made = make(subset, constants);
	const void *bytes;
	__u32 size;
	bool done;

	if (!made)
		return -EINVAL;
	bytes = btf__raw_data(made, &size);
	done = bytes && write(file, bytes, size) == size;
	btf__free(made);
	return done ? 0 : -EIO;
}
