/* SPDX-License-Identifier: ISC */
/* Tests the form of cached facts: what is written is read again, and bytes that are anything else
 * are refused without reserving more memory than they can fill. */
#include "facts/stored/coder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct thing {
	int32_t below;
	uint64_t large;
	bool flag;
	const char *text, *none, *empty;
	struct span bytes;
	struct strings names;
	const struct thing *more;
};

static void code_thing(struct coder *coder, struct thing *thing)
{
	CODE(coder, thing->below);
	CODE(coder, thing->large);
	CODE(coder, thing->flag);
	code_name(coder, &thing->text);
	code_string(coder, &thing->none);
	code_string(coder, &thing->empty);
	code_span(coder, &thing->bytes);
	code_names(coder, &thing->names);
	CODE_POINTER(coder, thing->more, struct thing, code_thing);
}

static struct span written(struct arena *arena)
{
	const char *names[] = {"one", "two", ""};
	struct thing more = {.text = "inner"};
	struct thing thing = {.below = INT32_MIN,
			      .large = UINT64_MAX,
			      .flag = true,
			      .text = "text",
			      .empty = "",
			      .bytes = SPAN_OF("\0\1\2"),
			      .names = {names, 3, 3},
			      .more = &more};
	struct coder coder = {.arena = arena};

	code_thing(&coder, &thing);
	assert_false(coder.failed);
	assert_ptr_equal(thing.more, &more);
	return span_from(coder.written.list, coder.written.count);
}

static bool readable(struct arena *arena, struct span bytes, struct thing *ret)
{
	struct coder coder = {.arena = arena, .reads = true, .rest = bytes};

	*ret = (struct thing){0};
	code_thing(&coder, ret);
	return code_ended(&coder);
}

static void reads_what_was_written(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct thing thing;

	(void)state;
	assert_true(readable(&arena, written(&arena), &thing));
	assert_int_equal(thing.below, INT32_MIN);
	assert_true(thing.large == UINT64_MAX && thing.flag);
	assert_string_equal(thing.text, "text");
	assert_null(thing.none);
	assert_string_equal(thing.empty, "");
	assert_true(span_equal(thing.bytes, SPAN_OF("\0\1\2")));
	assert_int_equal(thing.names.count, 3);
	assert_string_equal(thing.names.list[1], "two");
	assert_string_equal(thing.more->text, "inner");
	assert_null(thing.more->more);
}

static void refuses_what_was_cut(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span whole = written(&arena);
	struct thing thing;

	(void)state;
	for (size_t size = 0; size < whole.size; size++)
		assert_false(readable(&arena, span_head(whole, size), &thing));
}

static void refuses_more_bytes(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span whole = written(&arena);
	uint8_t *longer = arena_get(&arena, whole.size + 1);
	struct thing thing;

	(void)state;
	memcpy(longer, whole.data, whole.size);
	assert_false(readable(&arena, span_from(longer, whole.size + 1), &thing));
}

static bool number_fits(struct span bytes, uint8_t *ret)
{
	struct coder coder = {.reads = true, .rest = bytes};

	*ret = 0;
	CODE(&coder, *ret);
	return code_ended(&coder);
}

static void refuses_numbers_that_do_not_fit(void **state)
{
	uint8_t number;

	(void)state;
	assert_true(number_fits(SPAN_OF("\xff\x01"), &number));
	assert_int_equal(number, 255);
	assert_false(number_fits(SPAN_OF("\x80\x02"), &number));
	assert_false(number_fits(SPAN_OF("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &number));
}

static void refuses_wrong_texts(void **state)
{
	static const struct span wrong[] = {
		SPAN_OF("\x00"), /* a name that is NULL */
		SPAN_OF("\x03"
			"ab"), /* without NUL */
		SPAN_OF("\x03"
			"abc"), /* another byte in its place */
		SPAN_OF("\x03"
			"\0b\0"), /* a NUL inside */
		SPAN_OF("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
			"a\0"), /* larger than all that follows */
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct coder coder = {.reads = true, .rest = wrong[i]};
		const char *name = "before";

		code_name(&coder, &name);
		assert_true(coder.failed);
		assert_string_equal(name, "");
	}
}

/* A list takes at most LIST_GROWTH times the bytes that claim it. */
static void refuses_lists_without_bytes(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct coder coder = {.arena = &arena,
			      .reads = true,
			      .rest = SPAN_OF("\xff\xff\xff\x7f"
					      "abcdefgh")};
	struct things {
		struct thing *list;
		size_t count, room;
	} things = {0};

	(void)state;
	CODE_LIST(&coder, &things, code_thing);
	assert_true(coder.failed);
	assert_int_equal(things.count, 0);
	assert_null(arena.top);
}

static void refuses_enumerators_beyond_the_last(void **state)
{
	struct coder coder = {.reads = true, .rest = SPAN_OF("\x01\x02")};
	enum endian endian = ENDIAN_LITTLE;

	(void)state;
	CODE_ENUM(&coder, endian, ENDIAN_BIG + 1);
	assert_false(coder.failed);
	assert_int_equal(endian, ENDIAN_BIG);
	CODE_ENUM(&coder, endian, ENDIAN_BIG + 1);
	assert_true(coder.failed);
	assert_int_equal(endian, ENDIAN_LITTLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_written),
		cmocka_unit_test(refuses_what_was_cut),
		cmocka_unit_test(refuses_more_bytes),
		cmocka_unit_test(refuses_numbers_that_do_not_fit),
		cmocka_unit_test(refuses_wrong_texts),
		cmocka_unit_test(refuses_lists_without_bytes),
		cmocka_unit_test(refuses_enumerators_beyond_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
