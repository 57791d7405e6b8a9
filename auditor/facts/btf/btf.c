/* SPDX-License-Identifier: ISC */
/* Parses BTF and checks each type by itself as the kernel does (Linux
 * include/uapi/linux/btf.h; kernel/bpf/btf.c, btf_check_meta). */
#include "facts/btf/btf.h"

#include "base/array.h"

#include <ctype.h>
#include <stdlib.h>

/* The header of BTF (Linux include/uapi/linux/btf.h, struct btf_header):
 *   0  magic 0xeb9f (2)  version 1 (1)  flags 0 (1)
 *   4  hdr_len (4): 24, or since 7.1 32; if it is larger, the additional bytes must be zero
 *   8  type_off  type_len  str_off  str_len (4 each), counted from the end of the header: no gap
 *      and no overlap. In a header of 24 bytes the strings are last
 *  24  layout_off  layout_len (4 each): the sizes of each kind, which the kernel does not use
 * Checked as kernel/bpf/btf.c does: btf_parse_hdr, btf_check_sec_info, btf_parse_str_sec,
 * btf_parse_layout_sec. */
enum { HEADER = 24, HEADER_LAYOUT = 32, LAYOUT = 4, TYPE = 12 };
enum { MAGIC = 0xeb9f, SIZE_OF_NAME = 512 };

enum name_rule { NAME_ANY, NAME_NONE, NAME_MAY, NAME_MUST, NAME_SECTION, NAME_TEXT };

/* What the kernel's check_meta function requires of each kind. */
struct kind_rule {
	unsigned fixed, each; /* bytes after the type, and for each of its vlen elements */
	bool vlen, kflag; /* whether they may be nonzero */
	bool refers; /* the type's value is the id of another type */
	enum name_rule name;
	unsigned major, minor; /* the first series that has this kind; 0: 5.11 or earlier */
	unsigned kflag_major, kflag_minor; /* the same for a KFLAG of 1 */
};

static const struct kind_rule kinds[BTF_KIND_MOST + 1] = {
	[BTF_KIND_INT] = {4, 0, false, false, false, NAME_ANY, 0, 0, 0, 0},
	[BTF_KIND_PTR] = {0, 0, false, false, true, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_ARRAY] = {12, 0, false, false, false, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_STRUCT] = {0, 12, true, true, false, NAME_MAY, 0, 0, 0, 0},
	[BTF_KIND_UNION] = {0, 12, true, true, false, NAME_MAY, 0, 0, 0, 0},
	[BTF_KIND_ENUM] = {0, 8, true, true, false, NAME_MAY, 0, 0, 6, 0},
	[BTF_KIND_FWD] = {0, 0, false, true, false, NAME_MUST, 0, 0, 0, 0},
	[BTF_KIND_TYPEDEF] = {0, 0, false, false, true, NAME_MUST, 0, 0, 0, 0},
	[BTF_KIND_VOLATILE] = {0, 0, false, false, true, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_CONST] = {0, 0, false, false, true, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_RESTRICT] = {0, 0, false, false, true, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_FUNC] = {0, 0, true, false, false, NAME_MUST, 0, 0, 0, 0},
	[BTF_KIND_FUNC_PROTO] = {0, 8, true, false, false, NAME_NONE, 0, 0, 0, 0},
	[BTF_KIND_VAR] = {4, 0, false, false, true, NAME_MUST, 0, 0, 0, 0},
	[BTF_KIND_DATASEC] = {0, 12, true, false, false, NAME_SECTION, 0, 0, 0, 0},
	[BTF_KIND_FLOAT] = {0, 0, false, false, false, NAME_ANY, 5, 13, 0, 0},
	[BTF_KIND_DECL_TAG] = {4, 0, false, true, false, NAME_TEXT, 5, 16, 6, 15},
	[BTF_KIND_TYPE_TAG] = {0, 0, false, true, true, NAME_TEXT, 5, 17, 6, 15},
	[BTF_KIND_ENUM64] = {0, 12, true, true, false, NAME_MAY, 6, 0, 0, 0},
};

struct reading {
	struct arena *arena;
	struct btf btf;
	struct series series;
	struct btf_fault *fault;
	uint32_t id; /* the type that is being checked */
};

static bool btf_wrong(struct reading *reading, const char *text, bool form)
{
	reading->fault->text =
		reading->id ? arena_format(reading->arena, "[%u] %s", (unsigned)reading->id, text)
			    : text;
	reading->fault->form = form;
	return false;
}

static uint32_t word(const struct btf *btf, struct span span, uint64_t at)
{
	return head_u32(span, at, btf->endian);
}

static uint32_t base_types(const struct btf *btf)
{
	return btf->base ? btf->base->count + 1 : 1;
}

bool btf_string(const struct btf *btf, uint32_t offset, struct span *ret)
{
	uint64_t start = btf->base ? btf->base->strings.size : 0;

	if (offset > BTF_NAME_MOST)
		return false;
	if (btf->base && offset < start)
		return span_string(btf->base->strings, offset, ret);
	return offset - start < btf->strings.size && span_string(btf->strings, offset - start, ret);
}

static void type_open(const struct btf *btf, uint32_t at, struct btf_type *ret)
{
	uint32_t info = word(btf, btf->types, at + 4);

	*ret = (struct btf_type){
		.name = word(btf, btf->types, at),
		.value = word(btf, btf->types, at + 8),
		.kind = info >> 24 & 0x7f,
		.vlen = info & 0xffffff,
		.kflag = info >> 31,
		.more = span_skip(btf->types, at + TYPE),
	};
}

bool btf_type_get(const struct btf *btf, uint32_t id, struct btf_type *ret)
{
	if (btf->base && id < base_types(btf))
		btf = btf->base;
	if (id < base_types(btf) || id - base_types(btf) >= btf->count)
		return false;
	type_open(btf, btf->at[id - base_types(btf)], ret);
	return true;
}

/* the bytes of an identifier */
static const bool is_name[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
	['_'] = true,	      ['.'] = true,
};

/* btf_name_valid_identifier, btf_name_valid_section */
static bool name_good(struct span name, bool section)
{
	if (name.size == 0 || name.size > SIZE_OF_NAME || (!section && isdigit(name.data[0])))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		uint8_t byte = name.data[i];

		if (section ? byte < ' ' || byte > '~' : !is_name[byte])
			return false;
	}
	return true;
}

static bool name_check(struct reading *reading, uint32_t offset, enum name_rule rule)
{
	struct span name;

	if (!btf_string(&reading->btf, offset, &name))
		return btf_wrong(
			reading,
			arena_format(reading->arena, "Invalid name_offset:%u", (unsigned)offset),
			false);
	if (rule == NAME_ANY || (rule == NAME_MAY && offset == 0))
		return true;
	if (rule == NAME_NONE	? offset == 0
	    : rule == NAME_TEXT ? name.size > 0
				: offset != 0 && name_good(name, rule == NAME_SECTION))
		return true;
	return btf_wrong(reading, "Invalid name", false);
}

static bool id_good(uint32_t id)
{
	return id > 0 && id <= BTF_TYPES_MOST;
}

/* btf_struct_check_meta; a member is  name_off  type  offset  (4 bytes each) */
static bool members_check(struct reading *reading, const struct btf_type *type)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < type->vlen; i++) {
		uint32_t offset = word(&reading->btf, type->more, i * 12 + 8);

		if (type->kflag)
			offset &= 0xffffff;
		if (!name_check(reading, word(&reading->btf, type->more, i * 12), NAME_MAY))
			return false;
		if (!id_good(word(&reading->btf, type->more, i * 12 + 4)))
			return btf_wrong(reading, "Invalid type_id", false);
		if ((type->kind == BTF_KIND_UNION && offset) || offset < last ||
		    (offset + 7ull) / 8 > type->value)
			return btf_wrong(reading, "Invalid member bits_offset", false);
		last = offset;
	}
	return true;
}

/* btf_enum_check_meta, btf_enum64_check_meta; an element is  name_off  value... */
static bool enums_check(struct reading *reading, const struct btf_type *type)
{
	unsigned each = kinds[type->kind].each;

	if (type->value > 8 || type->value == 0 || (type->value & (type->value - 1)) != 0)
		return btf_wrong(reading, "Unexpected size", false);
	for (uint32_t i = 0; i < type->vlen; i++)
		if (!name_check(reading, word(&reading->btf, type->more, i * each), NAME_MUST))
			return false;
	return true;
}

/* btf_datasec_check_meta; a variable is  type  offset  size  (4 bytes each) */
static bool variables_check(struct reading *reading, const struct btf_type *type)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < type->vlen; i++) {
		uint64_t offset = word(&reading->btf, type->more, i * 12 + 4),
			 size = word(&reading->btf, type->more, i * 12 + 8);

		if (!id_good(word(&reading->btf, type->more, i * 12)))
			return btf_wrong(reading, "Invalid type_id", false);
		if (offset < end || size == 0 || offset + size > type->value)
			return btf_wrong(reading, "Invalid offset+size", false);
		end = offset + size;
	}
	return type->value > 0 || btf_wrong(reading, "size == 0", false);
}

/* btf_int_check_meta: encoding (bits 24 to 27), offset (16 to 23), bits (0 to 7) */
static bool int_check(struct reading *reading, const struct btf_type *type)
{
	uint32_t data = word(&reading->btf, type->more, 0), encoding = data >> 24 & 0xf;
	uint32_t bits = (data & 0xff) + (data >> 16 & 0xff);

	if (data & ~0x0fffffffu || bits > 128 || (bits + 7) / 8 > type->value ||
	    (encoding & (encoding - 1)) != 0 || encoding > 4)
		return btf_wrong(reading, "Invalid int_data", true);
	return true;
}

static bool content_check(struct reading *reading, const struct btf_type *type)
{
	const struct btf *btf = &reading->btf;

	switch (type->kind) {
	case BTF_KIND_INT:
		return int_check(reading, type);
	case BTF_KIND_ARRAY:
		return (type->value == 0 && id_good(word(btf, type->more, 0)) &&
			id_good(word(btf, type->more, 4))) ||
		       btf_wrong(reading, "Invalid elem", false);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return members_check(reading, type);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return enums_check(reading, type);
	case BTF_KIND_FWD:
		return type->value == 0 || btf_wrong(reading, "type != 0", false);
	case BTF_KIND_FUNC:
		return type->vlen <= 2 || btf_wrong(reading, "Invalid func linkage", true);
	case BTF_KIND_VAR:
		return (type->value > 0 && word(btf, type->more, 0) <= 1) ||
		       btf_wrong(reading, "Invalid type_id", true);
	case BTF_KIND_DATASEC:
		return variables_check(reading, type);
	case BTF_KIND_FLOAT:
		return type->value == 2 || type->value == 4 || type->value == 8 ||
		       type->value == 12 || type->value == 16 ||
		       btf_wrong(reading, "Invalid type_size", true);
	case BTF_KIND_DECL_TAG:
		return (int32_t)word(btf, type->more, 0) >= -1 ||
		       btf_wrong(reading, "Invalid component_idx", true);
	default:
		return true;
	}
}

/* Checks the type at offset AT as btf_check_meta does. RET_SIZE: its size together with
 * the elements that follow it. */
static bool type_check(struct reading *reading, uint32_t at, uint64_t *ret_size)
{
	struct btf *btf = &reading->btf;
	struct btf_type type;

	if (btf->types.size - at < TYPE)
		return btf_wrong(reading, "meta_left is too small", false);
	type_open(btf, at, &type);

	/* info is  vlen (bits 0 to 23)  kind (24 to 30)  kflag (31); until 7.2 bits 16 to 23, 29
	 * and 30 had to be 0 */
	bool wide = word(btf, btf->types, at + 4) & 0x60ff0000;

	if ((wide && series_since(reading->series, 7, 2) == SINCE_NO) || type.kind == 0 ||
	    type.kind > BTF_KIND_MOST)
		return btf_wrong(
			reading,
			arena_format(reading->arena, "Invalid kind:%u", (unsigned)type.kind), true);

	const struct kind_rule *rule = &kinds[type.kind];
	if (rule->major && series_since(reading->series, rule->major, rule->minor) == SINCE_NO)
		return btf_wrong(
			reading,
			arena_format(reading->arena, "Invalid kind:%u", (unsigned)type.kind), true);
	*ret_size = TYPE + rule->fixed + (uint64_t)rule->each * type.vlen;
	if (btf->types.size - at < *ret_size)
		return btf_wrong(reading, "meta_left is too small", false);
	if (!name_check(reading, type.name, rule->name))
		return false;
	if (type.vlen && !rule->vlen)
		return btf_wrong(reading, "vlen != 0", true);
	if (type.kflag &&
	    (!rule->kflag || (rule->kflag_major && series_since(reading->series, rule->kflag_major,
								rule->kflag_minor) == SINCE_NO)))
		return btf_wrong(reading, "Invalid btf_info kind_flag", true);
	if (rule->refers && type.value > BTF_TYPES_MOST)
		return btf_wrong(reading, "Invalid type_id", false);
	return content_check(reading, &type);
}

struct section {
	uint32_t at, size;
};

static int section_compare(const void *a, const void *b)
{
	const struct section *left = a, *right = b;

	if (left->at != right->at)
		return left->at < right->at ? -1 : 1;
	return (left->size > right->size) - (left->size < right->size);
}

/* Cuts the sections from REST, the bytes behind the header of SIZE bytes in BYTES. */
static bool sections_read(struct reading *reading, struct span bytes, uint32_t size,
			  struct span rest)
{
	struct btf *btf = &reading->btf;
	struct section types = {word(btf, bytes, 8), word(btf, bytes, 12)},
		       strings = {word(btf, bytes, 16), word(btf, bytes, 20)}, layout = {0};

	if (size >= HEADER_LAYOUT)
		layout = (struct section){word(btf, bytes, 24), word(btf, bytes, 28)};

	/* the sections are all of the bytes behind the header */
	struct section list[] = {types, strings, layout};
	size_t count = layout.size > 0 ? 3 : 2;
	uint64_t total = 0;

	qsort(list, count, sizeof *list, section_compare);
	for (size_t i = 0; i < count && list[i].at == total; i++)
		total += list[i].size;
	if (types.at % 4 || types.size % 4 || layout.at % 4 || layout.size % LAYOUT ||
	    total != rest.size ||
	    (size < HEADER_LAYOUT && (uint64_t)strings.at + strings.size != rest.size))
		return btf_wrong(reading, "Unsupported section found", true);
	btf->types = span_head(span_skip(rest, types.at), types.size);
	btf->strings = span_head(span_skip(rest, strings.at), strings.size);
	return true;
}

static bool header_read(struct reading *reading, struct span bytes)
{
	struct btf *btf = &reading->btf;
	uint32_t size = word(btf, bytes, 4);
	size_t known = series_since(reading->series, 7, 1) == SINCE_NO ? HEADER : HEADER_LAYOUT;

	if (bytes.size < HEADER || size < HEADER || size > bytes.size || bytes.size > UINT32_MAX)
		return btf_wrong(reading, "btf_header not found", false);

	uint16_t magic = head_u16(bytes, 0, btf->endian);

	if (magic != MAGIC || bytes.data[2] != 1 || bytes.data[3] != 0)
		return btf_wrong(reading, "Invalid magic", magic == MAGIC);
	if (!span_filled(span_skip(span_head(bytes, size), known), 0))
		return btf_wrong(reading, "Unsupported btf_header", true);
	if (!sections_read(reading, bytes, size, span_skip(bytes, size)))
		return false;

	const struct span strings = btf->strings;
	bool ends = strings.size > 0 && strings.data[strings.size - 1] == 0;
	bool good = btf->base ? strings.size == 0 || ends
			      : btf->types.size > 0 && ends && strings.data[0] == 0;

	return good || btf_wrong(reading, "Invalid string section", false);
}

bool btf_read(struct arena *arena, struct span bytes, enum endian endian, const struct btf *base,
	      struct series series, struct btf *ret, struct btf_fault *fault)
{
	struct reading reading = {.arena = arena,
				  .btf = {.endian = endian, .base = base},
				  .series = series,
				  .fault = fault};

	struct {
		uint32_t *list;
		size_t count, room;
	} places = {0};
	uint64_t size = 0;

	*fault = (struct btf_fault){0};
	if (!header_read(&reading, bytes))
		return false;
	for (uint64_t at = 0; at < reading.btf.types.size; at += size) {
		reading.id = base_types(&reading.btf) + (uint32_t)places.count;
		if (reading.id > BTF_TYPES_MOST)
			return btf_wrong(&reading, "too many types", false);
		if (!type_check(&reading, (uint32_t)at, &size))
			return false;
		*array_add(arena, &places) = (uint32_t)at;
	}
	reading.btf.at = places.list;
	reading.btf.count = (uint32_t)places.count;
	*ret = reading.btf;
	return true;
}
