/* SPDX-License-Identifier: ISC */
/* Finds structs in BTF and the places of their members. */
#include "facts/btf/btf.h"

/* A member of a struct or union (include/uapi/linux/btf.h, struct btf_member):
 *   name_off  type  offset  (4 bytes each)
 * If the struct has the kind flag, the upper byte of the offset is the size of a bit field in
 * bits. */
enum { MEMBER = 12, ARRAY_COUNT = 8, STEPS_MOST = 32, DEPTH_MOST = 16, MEMBERS_MOST = 1 << 17 };

static bool is_struct(const struct btf_type *type)
{
	return type->kind == BTF_KIND_STRUCT || type->kind == BTF_KIND_UNION;
}

/* The type that ID stands for. */
static bool type_resolve(const struct btf *btf, uint32_t id, struct btf_type *ret)
{
	for (size_t i = 0; i < STEPS_MOST; i++) {
		if (!btf_type_get(btf, id, ret))
			return false;

		/* these only give another type a name or a property */
		bool passed = ret->kind == BTF_KIND_TYPEDEF || ret->kind == BTF_KIND_VOLATILE ||
			      ret->kind == BTF_KIND_CONST || ret->kind == BTF_KIND_RESTRICT ||
			      ret->kind == BTF_KIND_TYPE_TAG;

		if (!passed)
			return true;
		id = ret->value;
	}
	return false;
}

/* The size of a type in bytes; 0: not known. */
static uint64_t type_size(const struct btf *btf, uint32_t id, unsigned pointer)
{
	uint64_t times = 1;

	for (size_t i = 0; i < STEPS_MOST; i++) {
		struct btf_type type;
		uint32_t count;

		if (!type_resolve(btf, id, &type))
			return 0;
		if (type.kind == BTF_KIND_PTR)
			return times * pointer;
		if (type.kind != BTF_KIND_ARRAY)
			return is_struct(&type) || type.kind == BTF_KIND_INT ||
					       type.kind == BTF_KIND_ENUM ||
					       type.kind == BTF_KIND_FLOAT ||
					       type.kind == BTF_KIND_ENUM64
				       ? times * type.value
				       : 0;
		count = head_u32(type.more, ARRAY_COUNT, btf->endian);
		if (count > 0 && times > UINT32_MAX / count)
			return 0;
		times *= count;
		id = head_u32(type.more, 0, btf->endian);
	}
	return 0;
}

bool btf_struct_find(const struct btf *btf, const char *name, struct btf_type *ret)
{
	struct btf_type type, found = {0};
	struct span text;

	for (uint32_t id = 1; btf_type_get(btf, id, &type); id++) {
		if (!is_struct(&type) && type.kind != BTF_KIND_TYPEDEF)
			continue;
		if (!btf_string(btf, type.name, &text) || !span_is(text, name) ||
		    !type_resolve(btf, id, &type) || !is_struct(&type))
			continue;
		if (found.kind != 0 && (found.kind != type.kind || found.value != type.value ||
					found.vlen != type.vlen))
			return false;
		found = type;
	}
	*ret = found;
	return found.kind != 0;
}

/* A search for a member. LEFT bounds the members that are looked at: structs without a
 * name that contain each other several times would be passed again and again. */
struct member_search {
	const struct btf *btf;
	const char *member;
	unsigned pointer;
	size_t left;
};

/* Finds a member of TYPE, or of a member of it that has no name. */
static bool member_find(struct member_search *search, const struct btf_type *type, int depth,
			struct btf_place *ret)
{
	const struct btf *btf = search->btf;

	for (uint32_t i = 0; i < type->vlen && search->left > 0; i++) {
		uint32_t name = head_u32(type->more, i * MEMBER, btf->endian);
		uint32_t id = head_u32(type->more, i * MEMBER + 4, btf->endian);
		uint32_t offset = head_u32(type->more, i * MEMBER + 8, btf->endian);
		uint32_t field = type->kflag ? offset >> 24 : 0;
		struct btf_type inner;
		struct span text;

		search->left--;
		offset = type->kflag ? offset & 0xffffff : offset;
		if (name && btf_string(btf, name, &text) && span_is(text, search->member)) {
			uint64_t bits = field ? field : 8 * type_size(btf, id, search->pointer);

			*ret = (struct btf_place){offset, bits, field > 0};
			return true;
		}
		if (!name && depth < DEPTH_MOST && type_resolve(btf, id, &inner) &&
		    is_struct(&inner) && member_find(search, &inner, depth + 1, ret)) {
			ret->bit += offset;
			return true;
		}
	}
	return false;
}

bool btf_member_find(const struct btf *btf, const struct btf_type *type, const char *member,
		     unsigned pointer, struct btf_place *ret)
{
	struct member_search search = {btf, member, pointer, MEMBERS_MOST};

	return member_find(&search, type, 0, ret);
}
