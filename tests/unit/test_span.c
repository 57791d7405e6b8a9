/* SPDX-License-Identifier: ISC */
/* Tests reads inside a span, at its end and past it, and with offsets that would overflow. */
#include "base/span.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 'x', 0};

static void numbers_in_both_orders(void **state)
{
	struct span span = span_from(bytes, sizeof bytes);
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	assert_true(span_u8(span, 1, &u8) && u8 == 0x02);
	assert_true(span_u16(span, 0, ENDIAN_LITTLE, &u16) && u16 == 0x0201);
	assert_true(span_u16(span, 0, ENDIAN_BIG, &u16) && u16 == 0x0102);
	assert_true(span_u32(span, 1, ENDIAN_BIG, &u32) && u32 == 0x02030405);
	assert_true(span_u64(span, 0, ENDIAN_LITTLE, &u64) && u64 == 0x0807060504030201);
	assert_int_equal(head_u8(span, 8), 'x');
	assert_int_equal(head_u16(span, 6, ENDIAN_BIG), 0x0708);
	assert_int_equal(head_u32(span, 0, ENDIAN_LITTLE), 0x04030201);
	assert_true(head_u64(span, 0, ENDIAN_BIG) == 0x0102030405060708);
}

static void nothing_behind_the_end(void **state)
{
	struct span span = span_from(bytes, sizeof bytes), cut = {bytes, 3};
	uint32_t kept = 7;

	(void)state;
	assert_false(span_u32(span, sizeof bytes - 3, ENDIAN_LITTLE, &kept));
	assert_false(span_u32(span, UINT64_MAX - 1, ENDIAN_LITTLE, &kept));
	assert_int_equal(kept, 7);
	assert_int_equal(head_u32(span, sizeof bytes - 3, ENDIAN_LITTLE), 0);
	assert_int_equal(head_u8(span, sizeof bytes), 0);
	assert_true(head_u64(span, UINT64_MAX, ENDIAN_BIG) == 0);

	assert_false(span_cut(span, 2, UINT64_MAX, &cut));
	assert_false(span_cut(span, sizeof bytes + 1, 0, &cut));
	assert_int_equal(cut.size, 3);
	assert_true(span_cut(span, sizeof bytes, 0, &cut));
	assert_int_equal(cut.size, 0);
	assert_int_equal(span_skip(span, sizeof bytes + 5).size, 0);
	assert_int_equal(span_head(span, UINT64_MAX).size, sizeof bytes);
}

static void a_string_needs_its_end(void **state)
{
	struct span text;

	(void)state;
	assert_true(span_string(span_from(bytes, sizeof bytes), 8, &text));
	assert_true(span_is(text, "x"));
	assert_false(span_string(span_from(bytes, sizeof bytes - 1), 8, &text));
	assert_false(span_string(span_from(bytes, sizeof bytes), sizeof bytes, &text));
}

static void numbers_as_text(void **state)
{
	uint64_t value = 5;

	(void)state;
	assert_true(span_number(span_text("18446744073709551615"), 10, &value) &&
		    value == UINT64_MAX);
	assert_false(span_number(span_text("18446744073709551616"), 10, &value));
	assert_true(span_number(span_text("0xff"), 16, &value) && value == 255);
	assert_false(span_number(span_text("0xff"), 10, &value));
	assert_false(span_number(span_text(""), 10, &value));
	assert_false(span_number(span_text("1 "), 10, &value));
	assert_false(span_number(span_text("-1"), 10, &value));
}

static void items_between_separators(void **state)
{
	struct span rest = span_text("a,,b,"), item;

	(void)state;
	assert_true(span_item(&rest, ',', &item) && span_is(item, "a"));
	assert_true(span_item(&rest, ',', &item) && item.size == 0);
	assert_true(span_item(&rest, ',', &item) && span_is(item, "b"));
	assert_false(span_item(&rest, ',', &item));
	rest = span_text("a|b");
	assert_true(span_item(&rest, ',', &item) && span_is(item, "a|b"));
	assert_false(span_item(&rest, ',', &item));
}

/* At each place of a text that is longer than the blocks that are searched at once, with
 * a false start before it: the first and the last byte of the needle. */
static void a_needle_at_each_place(void **state)
{
	enum { SIZE = 200 };
	const struct span needle = SPAN_OF("needle");

	(void)state;
	for (size_t at = 0; at + needle.size <= SIZE; at++) {
		uint8_t text[SIZE] = {0};
		struct span span = span_from(text, sizeof text);

		memcpy(text, "nonone", needle.size);
		assert_true(span_find(span, 0, needle) == SIZE_MAX);
		memcpy(text + at, needle.data, needle.size);
		assert_true(span_find(span, 0, needle) == at);
		assert_true(span_find(span, at, needle) == at);
		assert_true(span_find(span, at + 1, needle) == SIZE_MAX);
		assert_true(span_find(span_head(span, at + needle.size), 0, needle) == at);
		assert_true(span_find(span_head(span, at + needle.size - 1), 0, needle) ==
			    SIZE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_both_orders),
		cmocka_unit_test(nothing_behind_the_end),
		cmocka_unit_test(a_string_needs_its_end),
		cmocka_unit_test(numbers_as_text),
		cmocka_unit_test(items_between_separators),
		cmocka_unit_test(a_needle_at_each_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
