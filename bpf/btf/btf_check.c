// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include "btf/btf_check.h"
#include "btf/type_index.h"

#define ALL_KINDS (~0U)
/* How many structs of the same size are in one another. */
#define SAME_SIZE_MOST 16

enum look { LOOK_NONE, LOOK_BEGUN, LOOK_ENDED };

/* A look at every type. */
struct check {
	const struct type_index *all;
	unsigned char *looks; /* enum look, of each struct by its number */
	bool good;
	bool packets, devices;
};

static bool has_type(const struct check *check, __u32 id)
{
	return id < check->all->count;
}

static bool has_name(const struct check *check, __u32 offset)
{
	return offset < check->all->string_bytes;
}

/*
 * Whether a struct does not consist of itself. Only what is as large as what it is in can, and only at its beginning. Each is
 * looked at once: unions may have the same many times.
 */
static bool ends(const struct check *check, __u32 id, int depth)
{
	const struct btf_type *type = type_index_at(check->all, id);
	const struct btf_member *members = btf_members(type);
	bool good = depth < SAME_SIZE_MOST && check->looks[id] != LOOK_BEGUN;

	if (check->looks[id] == LOOK_ENDED)
		return true;
	check->looks[id] = LOOK_BEGUN;
	for (int i = 0; i < btf_vlen(type) && good; i++) {
		__u32 part_id = members[i].type;
		const struct btf_type *part;

		if (btf_member_bit_offset(type, i))
			continue;
		part = type_index_skip_names(check->all, &part_id);
		if (part && btf_is_composite(part) && part->size >= type->size)
			good = part->size == type->size && ends(check, part_id, depth + 1);
	}
	check->looks[id] = LOOK_ENDED;
	return good;
}

static bool members_good(const struct check *check, __u32 id, const struct btf_type *type)
{
	const struct btf_member *members = btf_members(type);

	for (int i = 0; i < btf_vlen(type); i++)
		if (!has_name(check, members[i].name_off) || !has_type(check, members[i].type) ||
		    btf_member_bit_offset(type, i) > (__u64)type->size * 8)
			return false;
	return ends(check, id, 0);
}

static bool parts_good(const struct check *check, __u32 id, const struct btf_type *type)
{
	const struct btf_array *array = btf_array(type);
	const struct btf_param *parameters = btf_params(type);
	const struct btf_var_secinfo *variables = btf_var_secinfos(type);
	const struct btf_enum *values = btf_enum(type);

	switch (btf_kind(type)) {
	case BTF_KIND_ARRAY:
		return has_type(check, array->type) && has_type(check, array->index_type);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return members_good(check, id, type);
	case BTF_KIND_ENUM:
		for (int i = 0; i < btf_vlen(type); i++)
			if (!has_name(check, values[i].name_off))
				return false;
		return true;
	case BTF_KIND_FUNC_PROTO:
		for (int i = 0; i < btf_vlen(type); i++)
			if (!has_name(check, parameters[i].name_off) ||
			    !has_type(check, parameters[i].type))
				return false;
		return has_type(check, type->type);
	case BTF_KIND_DATASEC:
		for (int i = 0; i < btf_vlen(type); i++)
			if (!has_type(check, variables[i].type))
				return false;
		return true;
	default:
		return true;
	}
}

/* Whether what a type says of another one holds. Other kinds have a size in the same place. */
static bool reference_good(const struct check *check, const struct btf_type *type)
{
	__u32 behind = type->type;

	switch (btf_kind(type)) {
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return type_index_skip_names(check->all, &behind) || !behind;
	case BTF_KIND_PTR:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return has_type(check, type->type);
	default:
		return true;
	}
}

static void look(void *context, const struct type_index *index, __u32 id,
		 const struct btf_type *type)
{
	struct check *check = context;
	const char *name = index->strings + type->name_off;

	check->good = check->good && reference_good(check, type) && parts_good(check, id, type);
	if (btf_is_struct(type)) {
		check->packets |= !strcmp(name, "sk_buff");
		check->devices |= !strcmp(name, "net_device");
	}
}

bool btf_check(const struct kernel_btf *types)
{
	struct type_index all, again = {0};
	struct check check = {.all = &all, .good = true};

	/* Twice, as types may refer to those behind them. */
	if (!type_index_make(&all, types, 0, look, NULL))
		check.looks = calloc(all.count, sizeof(*check.looks));
	if (!check.looks || type_index_make(&again, types, ALL_KINDS, look, &check))
		check.good = false;
	free(check.looks);
	type_index_free(&all);
	type_index_free(&again);
	return check.good && check.packets && check.devices;
}
