/* SPDX-License-Identifier: ISC */
/* Checks the BTF of a module against the kernel's: chains of modifiers and the mapping
 * of .BTF.base (Linux kernel/bpf/btf.c; tools/lib/bpf/btf_relocate.c). */
#include "facts/btf/btf.h"

#include "base/map.h"

/* Linux kernel/bpf/btf.c, btf_parse_module; tools/lib/bpf/btf_relocate.c,
 * btf_relocate */

enum {
	HOPS = 32,
	INT_KIND = 1,
	ARRAY = 3,
	STRUCT = 4,
	UNION,
	ENUM,
	FWD,
	TYPEDEF,
	VOLATILE,
	CONST,
	RESTRICT
};
enum { FUNC_PROTO = 13, FLOAT = 16, TYPE_TAG = 18, ENUM64 = 19 };

static bool is_modifier(uint32_t kind)
{
	return (kind >= TYPEDEF && kind <= RESTRICT) || kind == TYPE_TAG;
}

static uint32_t first_id(const struct btf *btf)
{
	return btf->base ? btf->base->count + 1 : 1;
}

static bool fault_set(struct arena *arena, struct btf_fault *fault, uint32_t id, const char *text)
{
	*fault = (struct btf_fault){.text = arena_format(arena, "[%u] %s", (unsigned)id, text)};
	return false;
}

/* btf_check_type_tags, since 5.17: a chain of modifiers must end, and its type
 * tags come first. */
static bool chain_check(struct arena *arena, const struct btf *btf, uint32_t id, uint32_t good,
			struct btf_fault *fault)
{
	struct btf_type type;
	uint32_t at = id;
	bool tags, more = btf_type_get(btf, id, &type);

	tags = more && type.kind == TYPE_TAG;
	for (unsigned left = HOPS; more && is_modifier(type.kind); left--) {
		if (left == 0)
			return fault_set(arena, fault, id, "Max chain length or cycle detected");
		if (type.kind == TYPE_TAG && !tags)
			return fault_set(arena, fault, id, "Type tags don't precede modifiers");
		tags &= type.kind == TYPE_TAG;
		if (at <= good)
			return true;
		at = type.value;
		if (at == 0)
			return true;
		more = btf_type_get(btf, at, &type);
		if (!more)
			return fault_set(arena, fault, id, "refers to a type that does not exist");
	}
	return true;
}

static bool chains_check(struct arena *arena, const struct btf *btf, struct btf_fault *fault)
{
	uint32_t first = first_id(btf), good = first - 1;
	struct btf_type type;

	for (uint32_t id = first; id < first + btf->count; id++) {
		if (!btf_type_get(btf, id, &type) || !is_modifier(type.kind))
			continue;
		if (!chain_check(arena, btf, id, good, fault))
			return false;
		good = id;
	}
	return true;
}

/* ---- .BTF.base: types that the module refers to, mapped by name to the
 * kernel's types ---- */

struct relocating {
	struct arena *arena;
	const struct btf *kernel, *base, *split;
	struct map names; /* name of a type of BASE -> the first type with that name */
	uint32_t *next; /* by type of BASE: the next type with the same name, or 0 */
	uint32_t *found; /* by type of BASE: the matching type of KERNEL, or 0 */
	/* by type of BASE: a type of SPLIT contains it by value, so its
	 * size must match */
	bool *embedded;
	/* by name in KERNEL: the number of structs and unions with that name,
	 * at most 2 */
	uint8_t *counts;
	bool *mapped; /* by string of BASE: its type was mapped */
	struct btf_fault *fault;
};

static bool is_composite(uint32_t kind)
{
	return kind == STRUCT || kind == UNION;
}

static const char *name_of(const struct btf *btf, const struct btf_type *type)
{
	struct span name = {0};

	/* btf_read checked that the string section ends with a NUL */
	return btf_string(btf, type->name, &name) ? (const char *)name.data : "";
}

static bool base_index(struct relocating *relocating)
{
	struct btf_type type;

	for (uint32_t id = 1; id <= relocating->base->count; id++) {
		btf_type_get(relocating->base, id, &type);
		if (type.kind != INT_KIND && !is_composite(type.kind) && type.kind != ENUM &&
		    type.kind != FWD && type.kind != FLOAT)
			return fault_set(relocating->arena, relocating->fault, id,
					 "in distilled base BTF has unexpected kind");
		if (type.name == 0)
			return fault_set(relocating->arena, relocating->fault, id,
					 "is invalid for distilled base BTF; it is anonymous");
		uint32_t first = map_put(&relocating->names, relocating->arena,
					 name_of(relocating->base, &type), id);
		if (first != id) {
			relocating->next[id] = relocating->next[first];
			relocating->next[first] = id;
		}
	}
	return true;
}

/* btf_mark_embedded_composite_type_ids */
static void embedded_mark(struct relocating *relocating, uint32_t id)
{
	struct btf_type type;

	for (unsigned left = HOPS; left > 0 && btf_type_get(relocating->split, id, &type); left--) {
		if (is_composite(type.kind) && id <= relocating->base->count)
			relocating->embedded[id] = true;
		if (type.kind == ARRAY)
			id = head_u32(type.more, 0, relocating->split->endian);
		else if (is_modifier(type.kind))
			id = type.value;
		else
			return;
	}
}

static void members_mark(struct relocating *relocating)
{
	uint32_t first = first_id(relocating->split);
	struct btf_type type;

	for (uint32_t id = first; id < first + relocating->split->count; id++) {
		btf_type_get(relocating->split, id, &type);
		for (uint32_t i = 0; is_composite(type.kind) && i < type.vlen; i++) {
			embedded_mark(relocating,
				      head_u32(type.more, i * 12 + 4, relocating->split->endian));
		}
	}
}

static uint32_t int_encoding(const struct btf *btf, const struct btf_type *type)
{
	return head_u32(type->more, 0, btf->endian) >> 24 & 0xf;
}

/* True if OWN, a type of .BTF.base, matches TYPE of the kernel. */
static bool is_match(const struct relocating *relocating, uint32_t id, const struct btf_type *own,
		     const struct btf_type *type)
{
	bool alone = is_composite(type->kind) && relocating->counts[type->name] < 2;

	if (type->kind != FWD && !alone && own->value != type->value)
		return false;
	switch (own->kind) {
	case FWD:
		return type->kind == FWD      ? own->kflag == type->kflag
		       : type->kind == STRUCT ? !type->kflag
					      : type->kind == UNION && type->kflag;
	case INT_KIND:
		return type->kind == INT_KIND && int_encoding(relocating->kernel, type) ==
							 int_encoding(relocating->base, own);
	case FLOAT:
		return type->kind == FLOAT;
	case ENUM:
		return type->kind == ENUM || type->kind == ENUM64;
	default:
		return !relocating->embedded[id] || own->value == type->value;
	}
}

static bool type_map(struct relocating *relocating, uint32_t id)
{
	struct btf_type type, own;
	uint32_t at;

	btf_type_get(relocating->kernel, id, &type);
	if (type.name == 0 || (type.kind != INT_KIND && type.kind != FLOAT && type.kind != ENUM &&
			       type.kind != ENUM64 && type.kind != FWD && !is_composite(type.kind)))
		return true;
	at = map_get(&relocating->names, name_of(relocating->kernel, &type));
	for (at = at == MAP_NONE ? 0 : at; at; at = relocating->next[at]) {
		btf_type_get(relocating->base, at, &own);
		if (!is_match(relocating, at, &own, &type))
			continue;
		if (relocating->found[at])
			return fault_set(
				relocating->arena, relocating->fault, at,
				"of distilled base BTF has multiple candidates of the same size");
		relocating->found[at] = id;
		relocating->mapped[own.name] = true;
	}
	return true;
}

static bool types_map(struct relocating *relocating)
{
	const struct btf *kernel = relocating->kernel;
	struct btf_type type;

	for (uint32_t id = 1; id <= kernel->count; id++) {
		btf_type_get(kernel, id, &type);
		if (is_composite(type.kind) && type.name && relocating->counts[type.name] < 2)
			relocating->counts[type.name]++;
	}
	for (uint32_t id = 1; id <= kernel->count; id++)
		if (!type_map(relocating, id))
			return false;
	for (uint32_t id = 1; id <= relocating->base->count; id++) {
		if (relocating->found[id])
			continue;
		btf_type_get(relocating->base, id, &type);
		return fault_set(
			relocating->arena, relocating->fault, id,
			arena_format(relocating->arena,
				     "distilled base BTF type '%.64s' is not mapped to base BTF id",
				     name_of(relocating->base, &type)));
	}
	return true;
}

static bool string_mapped(struct relocating *relocating, uint32_t id, uint32_t offset)
{
	return offset == 0 || offset >= relocating->base->strings.size ||
	       relocating->mapped[offset] ||
	       fault_set(relocating->arena, relocating->fault, id,
			 "has a string that is not mapped to base BTF");
}

/* btf_relocate_rewrite_strs */
static bool strings_map(struct relocating *relocating)
{
	static const uint8_t each[BTF_KIND_MOST + 1] = {
		[STRUCT] = 12, [UNION] = 12, [ENUM] = 8, [FUNC_PROTO] = 8, [ENUM64] = 12};
	uint32_t first = first_id(relocating->split);
	struct btf_type type;

	for (uint32_t id = first; id < first + relocating->split->count; id++) {
		btf_type_get(relocating->split, id, &type);
		if (!string_mapped(relocating, id, type.name))
			return false;
		for (uint32_t i = 0; each[type.kind] && i < type.vlen; i++) {
			uint32_t name =
				head_u32(type.more, i * each[type.kind], relocating->split->endian);

			if (!string_mapped(relocating, id, name))
				return false;
		}
	}
	return true;
}

static bool relocate(struct arena *arena, const struct btf *kernel, const struct btf *split,
		     struct btf_fault *fault)
{
	const struct btf *base = split->base;
	size_t room = (size_t)base->count + 1;
	struct relocating relocating = {
		.arena = arena, .kernel = kernel, .base = base, .split = split, .fault = fault};

	relocating.next = arena_get(arena, room * sizeof *relocating.next);
	relocating.found = arena_get(arena, room * sizeof *relocating.found);
	relocating.embedded = arena_get(arena, room * sizeof *relocating.embedded);
	relocating.counts = arena_get(arena, kernel->strings.size + 1);
	relocating.mapped = arena_get(arena, base->strings.size + 1);
	if (!base_index(&relocating))
		return false;
	members_mark(&relocating);
	return types_map(&relocating) && strings_map(&relocating);
}

enum btf_fit btf_module_fit(struct arena *arena, const struct btf *kernel, struct span bytes,
			    struct span base, enum endian endian, struct series series,
			    const char **why)
{
	static const struct series read = {.known = true, .major = 7, .minor = 2};
	_cleanup_arena_ struct arena scratch = {0};
	bool distilled = base.size > 0 && series_since(series, 6, 11) != SINCE_NO;
	bool chains = series_since(series, 5, 17) != SINCE_NO;
	bool fits = endian == kernel->endian;
	struct btf_fault fault = {0};
	struct btf own, split;

	if (fits && distilled)
		fits = btf_read(&scratch, base, endian, NULL, series, &own, &fault) &&
		       (!chains || chains_check(&scratch, &own, &fault));
	fits = fits &&
	       btf_read(&scratch, bytes, endian, distilled ? &own : kernel, series, &split,
			&fault) &&
	       (!chains || chains_check(&scratch, &split, &fault)) &&
	       (!distilled || relocate(&scratch, kernel, &split, &fault));
	if (fits)
		return BTF_FITS;
	*why = fault.text ? arena_format(arena, "%s", fault.text)
			  : "its byte order is not the kernel's";
	if (!series.known || (fault.form && series_compare(series, read) > 0))
		return BTF_UNSURE;
	return BTF_REFUSED;
}
