/* SPDX-License-Identifier: ISC */
/* Tests BTF of kernels and modules, made byte by byte, in both byte orders. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/btf/btf.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>
#include <string.h>

#include "unit/made_bytes.h"

enum {
	INT = 1,
	PTR = 2,
	ARRAY = 3,
	STRUCT = 4,
	UNION = 5,
	ENUM = 6,
	FWD = 7,
	TYPEDEF = 8,
	CONST = 10,
	FUNC = 12,
	PROTO = 13,
	FLOAT = 16,
	TAG = 18,
	ENUM64 = 19
};

static const struct machine machines[] = {{EM_X86_64, 64, ENDIAN_LITTLE, 0},
					  {EM_MIPS, 32, ENDIAN_BIG, 0}};
static const struct series now = {true, 6, 12, 1};

struct making {
	struct bytes *types, *strings;
	struct machine machine;
	struct arena *arena;
	uint32_t base; /* size of the base's strings */
};

static struct making making_new(struct arena *arena, struct machine machine, uint32_t base)
{
	struct making making = {bytes_new(arena, machine), bytes_new(arena, machine), machine,
				arena, base};

	if (base == 0)
		put_text(making.strings, "");
	return making;
}

static uint32_t name(struct making *making, const char *text)
{
	return making->base + (uint32_t)put_text(making->strings, text);
}

static void type(struct making *making, uint32_t name_off, unsigned kind, unsigned vlen,
		 uint32_t value)
{
	put_number(making->types, name_off, 4);
	put_number(making->types, kind << 24 | vlen, 4);
	put_number(making->types, value, 4);
}

static void member(struct making *making, uint32_t name_off, uint32_t id, uint32_t offset)
{
	put_number(making->types, name_off, 4);
	put_number(making->types, id, 4);
	put_number(making->types, offset, 4);
}

static void put_span(struct bytes *bytes, struct span span)
{
	memcpy(bytes->data + bytes->size, span.data, span.size);
	bytes->size += span.size;
}

/* HEADER: 24, or 32 with LAYOUT bytes between the types and the strings */
static struct span made_with(struct making *making, unsigned header, size_t layout)
{
	struct bytes *out = bytes_new(making->arena, making->machine);
	struct span types = bytes_span(making->types), strings = bytes_span(making->strings);

	put_number(out, 0xeb9f, 2);
	put_number(out, 1, 1);
	put_number(out, 0, 1);
	put_number(out, header, 4);
	put_number(out, 0, 4);
	put_number(out, types.size, 4);
	put_number(out, types.size + layout, 4);
	put_number(out, strings.size, 4);
	if (header == 32) {
		put_number(out, types.size, 4);
		put_number(out, layout, 4);
	}
	put_span(out, types);
	put_zeros(out, layout);
	put_span(out, strings);
	return bytes_span(out);
}

static struct span made(struct making *making)
{
	return made_with(making, 24, 0);
}

/* [1] int  [2] struct sk_buff { int len; }  [3] typedef u32 = int  [4] type tag "user" of int;
 *     EXTRA more types in front of all */
static const struct btf *kernel(struct arena *arena, struct machine machine, const char *first)
{
	struct making making = making_new(arena, machine, 0);

	if (first)
		type(&making, name(&making, first), FWD, 0, 0);
	type(&making, name(&making, "int"), INT, 0, 4);
	put_number(making.types, 32, 4);
	type(&making, name(&making, "sk_buff"), STRUCT, 1, 4);
	member(&making, name(&making, "len"), first ? 2 : 1, 0);
	type(&making, name(&making, "u32"), TYPEDEF, 0, first ? 2 : 1);
	type(&making, name(&making, "user"), TAG, 0, first ? 2 : 1);
	return btf_of_section(arena, made(&making), machine.endian);
}

/* [5] struct own { u32 x; struct sk_buff *skb }  [6] pointer to sk_buff  [7] const u32, with the
 *     kernel's names and its own */
static struct span module(struct arena *arena, const struct btf *base, struct machine machine)
{
	struct making making = making_new(arena, machine, (uint32_t)base->strings.size);
	uint32_t own = name(&making, "own"), skb = name(&making, "skb"),
		 func = name(&making, "own_init");

	type(&making, own, STRUCT, 2, 16);
	member(&making, skb, 3, 0);
	member(&making, 1, 6, 64); /* "int", of the kernel */
	type(&making, 0, PTR, 0, 2);
	type(&making, 0, CONST, 0, 3);
	type(&making, func, FUNC, 0, 8);
	type(&making, 0, PROTO, 0, 1);
	return made(&making);
}

static enum btf_fit fit(struct arena *arena, const struct btf *base, struct span bytes,
			struct machine machine, struct series series, const char **why)
{
	return btf_module_fit(arena, base, bytes, (struct span){0}, machine.endian, series, why);
}

static void fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		const struct btf *own = kernel(&arena, machines[i], NULL);
		const struct btf *other = kernel(&arena, machines[i],
						 "a_long_name_of_a_type_that_only_this_kernel_has");
		struct span bytes = module(&arena, own, machines[i]);
		const char *why = NULL;

		assert_non_null(own);
		assert_int_equal(own->count, 4);
		assert_int_equal(fit(&arena, own, bytes, machines[i], now, &why), BTF_FITS);
		/* another kernel's: names lie elsewhere */
		assert_int_equal(fit(&arena, other, bytes, machines[i], now, &why), BTF_FITS);
		assert_int_equal(fit(&arena, own, module(&arena, other, machines[i]), machines[i],
				     now, &why),
				 BTF_REFUSED);
		assert_non_null(strstr(why, "Invalid name_offset"));
		assert_int_equal(fit(&arena, own, module(&arena, other, machines[i]), machines[i],
				     (struct series){0}, &why),
				 BTF_UNSURE);
	}
}

/* A single type in a module that uses the kernel of kernel(). */
static void one_type(void **state)
{
	static const struct {
		uint32_t name, info, value, more;
		unsigned major, minor;
		enum btf_fit fit;
	} rows[] = {
		{0, PTR << 24, 2, 0, 6, 12, BTF_FITS},
		{1, PTR << 24, 2, 0, 6, 12, BTF_REFUSED}, /* a pointer has no name */
		{0, PTR << 24 | 1, 2, 0, 6, 12, BTF_REFUSED},
		{0, 1u << 31 | PTR << 24, 2, 0, 6, 12, BTF_REFUSED},
		{0, 1u << 31 | PTR << 24, 2, 0, 7, 2, BTF_REFUSED},
		{0, 1u << 31 | PTR << 24, 2, 0, 7, 3, BTF_UNSURE},
		{0, PTR << 24, 0x100000, 0, 6, 12, BTF_REFUSED},
		{1, TYPEDEF << 24, 1, 0, 6, 12, BTF_FITS},
		{0, TYPEDEF << 24, 1, 0, 6, 12, BTF_REFUSED},
		{0x1000000, TYPEDEF << 24, 1, 0, 6, 12, BTF_REFUSED},
		{0, CONST << 24, 99, 0, 6, 12, BTF_REFUSED}, /* of a type that does not exist */
		{0, CONST << 24, 99, 0, 5, 15, BTF_FITS}, /* chains are followed since 5.17 */
		{0, CONST << 24, 5, 0, 6, 12, BTF_REFUSED}, /* of itself */
		{0, CONST << 24, 4, 0, 6, 12, BTF_REFUSED}, /* a tag after a modifier */
		{1, TAG << 24, 4, 0, 6, 12, BTF_FITS},
		{0, FLOAT << 24, 8, 0, 6, 12, BTF_FITS},
		{0, FLOAT << 24, 8, 0, 5, 12, BTF_REFUSED},
		{0, FLOAT << 24, 7, 0, 6, 12, BTF_REFUSED},
		{0, 20u << 24, 0, 0, 6, 12, BTF_REFUSED},
		{0, 20u << 24, 0, 0, 7, 3, BTF_UNSURE},
		{1, 1u << 31 | TAG << 24, 1, 0, 6, 14, BTF_REFUSED}, /* an attribute */
		{1, 1u << 31 | TAG << 24, 1, 0, 6, 15, BTF_FITS},
		{1, 1u << 31 | ENUM << 24, 4, 0, 5, 19, BTF_REFUSED}, /* of signed values */
		{1, 1u << 31 | ENUM << 24, 4, 0, 6, 0, BTF_FITS},
		{0, ENUM64 << 24, 8, 0, 6, 0, BTF_FITS},
		{0, ENUM64 << 24, 8, 0, 5, 19, BTF_REFUSED},
		{0, ENUM << 24, 3, 0, 6, 12, BTF_REFUSED},
		{1, INT << 24, 4, 32, 6, 12, BTF_FITS},
		{1, INT << 24, 4, 64, 6, 12, BTF_REFUSED},
		{0, STRUCT << 24 | 9, 4, 0, 6, 12, BTF_REFUSED}, /* more members than bytes */
		{0, ARRAY << 24, 0, 0, 6, 12, BTF_REFUSED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		const struct btf *base = kernel(&arena, machines[0], NULL);
		struct making making =
			making_new(&arena, machines[0], (uint32_t)base->strings.size);
		struct series series = {true, rows[i].major, rows[i].minor, 0};
		const char *why = NULL;

		put_number(making.types, rows[i].name, 4);
		put_number(making.types, rows[i].info, 4);
		put_number(making.types, rows[i].value, 4);
		if (rows[i].more)
			put_number(making.types, rows[i].more, 4);
		put_text(making.strings, "");
		if (fit(&arena, base, made(&making), machines[0], series, &why) != rows[i].fit)
			fail_msg("row %zu: %s", i, why ? why : "fits");
	}
}

/* Since 7.1 a header may name a third section, and since 7.2 a type may have more than 65,535
 * elements. */
static void newer_forms(void **state)
{
	enum { MANY = 0x10001 };
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct btf *base = kernel(&arena, machines[0], NULL);
	struct making making = making_new(&arena, machines[0], (uint32_t)base->strings.size);
	const struct series older = {true, 7, 0, 0}, layout = {true, 7, 1, 0},
			    many = {true, 7, 2, 0};
	const char *why, *witness;

	(void)state;
	type(&making, 1, ENUM, 0, 4);
	put_text(making.strings, "");
	assert_int_equal(fit(&arena, base, made_with(&making, 32, 8), machines[0], layout, &why),
			 BTF_FITS);
	assert_int_equal(fit(&arena, base, made_with(&making, 32, 8), machines[0], older, &why),
			 BTF_REFUSED);
	assert_int_equal(fit(&arena, base, made_with(&making, 32, 6), machines[0], layout, &why),
			 BTF_REFUSED);
	assert_int_equal(fit(&arena, base, made_with(&making, 24, 8), machines[0], layout, &why),
			 BTF_REFUSED);

	making = making_new(&arena, machines[0], 0);
	type(&making, name(&making, "one"), FWD, 0, 0);
	assert_non_null(btf_find(&arena, made_with(&making, 32, 8), "k", &witness));

	/* a function with MANY parameters of type void, and an empty string */
	making = making_new(&arena, machines[0], (uint32_t)base->strings.size);
	type(&making, 0, PROTO, MANY, 0);

	struct span head = made(&making);
	size_t size = head.size + 8 * MANY + 1;
	uint8_t *bytes = arena_raw(&arena, size);

	memset(bytes, 0, size);
	memcpy(bytes, head.data, head.size);
	for (size_t at = 12; at <= 16; at += 4) {
		uint32_t types = 12 + 8 * MANY;

		memcpy(bytes + at, &types, sizeof types);
	}
	bytes[20] = 1;
	assert_int_equal(fit(&arena, base, span_from(bytes, size), machines[0], many, &why),
			 BTF_FITS);
	assert_int_equal(fit(&arena, base, span_from(bytes, size), machines[0], layout, &why),
			 BTF_REFUSED);
}

/* BTF that is truncated or damaged anywhere gives an answer without a crash. A complete BTF is
 * found among other bytes. */
static void hostile(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct btf *base = kernel(&arena, machines[0], NULL);
	struct span bytes = module(&arena, base, machines[0]);
	const char *why;

	(void)state;
	for (size_t i = 0; i < bytes.size; i++) {
		uint8_t *copy = arena_raw(&arena, bytes.size);

		assert_int_equal(fit(&arena, base, span_head(bytes, i), machines[0], now, &why),
				 BTF_REFUSED);
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(copy, bytes.data, bytes.size);
			copy[i] ^= (uint8_t)(1u << bit);
			fit(&arena, base, span_from(copy, bytes.size), machines[0], now, &why);
			btf_module_fit(&arena, base, bytes, span_from(copy, bytes.size),
				       ENDIAN_LITTLE, now, &why);
		}
	}
}

static void found(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct making making = making_new(&arena, machines[i], 0), small = making;
		struct bytes *image = bytes_new(&arena, machines[i]);
		const char *witness = NULL;

		small = making_new(&arena, machines[i], 0);
		type(&small, name(&small, "one"), FWD, 0, 0);
		type(&making, name(&making, "one"), FWD, 0, 0);
		type(&making, name(&making, "two"), FWD, 0, 0);
		assert_null(btf_find(&arena, bytes_span(image), "k", &witness));
		put_number(image, 0xeb9f, 2);
		put_number(image, 0x123456, 3);
		put_span(image, made(&small));
		put_text(image, "between");
		put_span(image, made(&making));
		put_zeros(image, 100);

		const struct btf *btf = btf_find(&arena, bytes_span(image), "k", &witness);
		assert_non_null(btf);
		assert_int_equal(btf->count, 2);
		assert_non_null(strstr(witness, "k: BTF at 0x"));
	}
}

/* .BTF.base names an int, a struct and a forward: each must occur once in the kernel's BTF. */
static void distilled(void **state)
{
	static const struct {
		const char *name;
		unsigned kind;
		uint32_t size, more;
		enum btf_fit fit;
	} rows[] = {
		/* not contained by value */
		{"sk_buff", STRUCT, 4, 0, BTF_FITS},
		{"sk_buff", STRUCT, 8, 0, BTF_FITS},
		{"sk_bluff", STRUCT, 4, 0, BTF_REFUSED},
		{"int", INT, 4, 32, BTF_FITS},
		{"int", INT, 8, 64, BTF_REFUSED},
		{"int", INT, 4, 1u << 24 | 32, BTF_REFUSED},
		{"sk_buff", FWD, 4, 0, BTF_REFUSED},
		{"int", TYPEDEF, 1, 0, BTF_REFUSED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		const struct btf *own = kernel(&arena, machines[0], "shift");
		struct making base = making_new(&arena, machines[0], 0);
		const char *why = NULL;

		type(&base, name(&base, rows[i].name), rows[i].kind, 0, rows[i].size);
		if (rows[i].more)
			put_number(base.types, rows[i].more, 4);

		struct span bytes = made(&base);
		struct making split =
			making_new(&arena, machines[0], (uint32_t)bytes_span(base.strings).size);
		type(&split, 0, PTR, 0, 1);
		type(&split, name(&split, "mine"), FWD, 0, 0);
		if (btf_module_fit(&arena, own, made(&split), bytes, ENDIAN_LITTLE, now, &why) !=
		    rows[i].fit)
			fail_msg("row %zu: %s", i, why ? why : "fits");
		/* kernels before 6.11 ignore it and look the names up in their own strings */
		btf_module_fit(&arena, own, made(&split), bytes, ENDIAN_LITTLE,
			       (struct series){true, 6, 10, 0}, &why);
	}
}

/* [1] int  [2] char[16]  [3] const of int  [4] pointer to int  [5] union { int a; pointer b }
 * [6] struct deep: char[16] name at 0, bit field low at bit 128 of 3 bits, union at 24, const int last
 * at 32; its size is 40  [7] typedef deep_t  [8] struct twice, of 4 bytes  [9] the same of 8 bytes */
static const struct btf *with_places(struct arena *arena, struct machine machine)
{
	struct making making = making_new(arena, machine, 0);

	type(&making, name(&making, "int"), INT, 0, 4);
	put_number(making.types, 32, 4);
	type(&making, 0, ARRAY, 0, 0);
	put_number(making.types, 1, 4);
	put_number(making.types, 1, 4);
	put_number(making.types, 4, 4);
	type(&making, 0, CONST, 0, 1);
	type(&making, 0, PTR, 0, 1);
	type(&making, 0, UNION, 2, 8);
	member(&making, name(&making, "a"), 1, 0);
	member(&making, name(&making, "b"), 4, 0);
	type(&making, name(&making, "deep"), 128 + STRUCT, 4, 40);
	member(&making, name(&making, "name"), 2, 0);
	member(&making, name(&making, "low"), 1, 3u << 24 | 128);
	member(&making, 0, 5, 24 * 8);
	member(&making, name(&making, "last"), 3, 32 * 8);
	type(&making, name(&making, "deep_t"), TYPEDEF, 0, 6);
	type(&making, name(&making, "twice"), STRUCT, 0, 4);
	type(&making, name(&making, "twice"), STRUCT, 0, 8);
	return btf_of_section(arena, made(&making), machine.endian);
}

static void place_is(const struct btf *btf, const struct btf_type *in, const char *member,
		     struct btf_place wanted)
{
	struct btf_place place;

	if (!btf_member_find(btf, in, member, 8, &place) || place.bit != wanted.bit ||
	    place.bits != wanted.bits || place.field != wanted.field)
		fail_msg("%s: bit %u, %u bits", member, (unsigned)place.bit, (unsigned)place.bits);
}

static void places(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		const struct btf *btf = with_places(&arena, machines[i]);
		struct btf_place place;
		struct btf_type deep;

		assert_non_null(btf);
		assert_true(btf_struct_find(btf, "deep", &deep));
		assert_int_equal(deep.value, 40);
		place_is(btf, &deep, "name", (struct btf_place){0, 128, false});
		place_is(btf, &deep, "low", (struct btf_place){128, 3, true});
		place_is(btf, &deep, "a", (struct btf_place){192, 32, false});
		place_is(btf, &deep, "b", (struct btf_place){192, 64, false});
		place_is(btf, &deep, "last", (struct btf_place){256, 32, false});
		assert_true(btf_member_find(btf, &deep, "b", 0, &place));
		assert_int_equal(place.bits, 0);
		assert_false(btf_member_find(btf, &deep, "none", 8, &place));
		assert_true(btf_struct_find(btf, "deep_t", &deep));
		assert_int_equal(deep.value, 40);
		assert_false(btf_struct_find(btf, "twice", &deep));
		assert_false(btf_struct_find(btf, "int", &deep));
		assert_false(btf_struct_find(btf, "nowhere", &deep));
	}
}

/* Structs without a name that contain the next one many times: the search ends. */
static void places_of_many(void **state)
{
	enum { LEVELS = 12, WIDTH = 30 };
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct making making = making_new(&arena, machines[0], 0);
	struct btf_place place;
	struct btf_type top;

	(void)state;
	type(&making, name(&making, "int"), INT, 0, 4);
	put_number(making.types, 32, 4);
	for (uint32_t level = 1; level <= LEVELS; level++) {
		type(&making, level == LEVELS ? name(&making, "top") : 0, STRUCT, WIDTH, 4);
		for (size_t i = 0; i < WIDTH; i++)
			member(&making, level == 1 ? name(&making, "x") : 0, level, 0);
	}

	const struct btf *btf = btf_of_section(&arena, made(&making), ENDIAN_LITTLE);
	assert_non_null(btf);
	assert_true(btf_struct_find(btf, "top", &top));
	assert_false(btf_member_find(btf, &top, "none", 8, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits),		  cmocka_unit_test(one_type),
		cmocka_unit_test(hostile),	  cmocka_unit_test(found),
		cmocka_unit_test(distilled),	  cmocka_unit_test(places),
		cmocka_unit_test(places_of_many), cmocka_unit_test(newer_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
