/* SPDX-License-Identifier: ISC */
/* Tests that quoted text is printable, cannot be forged, differs for different bytes, and
 * unquotes to what it was. */
#include "report/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void check(const char *text, const char *expected)
{
	struct arena arena _cleanup_arena_ = {0};

	assert_string_equal(quote(&arena, text), expected);
}

static void leaves_print_alone(void **state)
{
	(void)state;
	check("", "");
	check("kmod-nf-nat_4.14.275-1_mipsel_24kc.ipk", "kmod-nf-nat_4.14.275-1_mipsel_24kc.ipk");
	check("a\\b \\n \"c\" 'd'", "a\\b \\n \"c\" 'd'");
	check("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
	check("\xed\x9f\xbf\xee\x80\x80",
	      "\xed\x9f\xbf\xee\x80\x80"); /* U+D7FF, U+E000: both sides of the surrogates */
}

static void spells_controls_out(void **state)
{
	(void)state;
	check("a\nb\tc\r\x1b[31m\x7f", "a\\x0ab\\x09c\\x0d\\x1b[31m\\x7f");
	check("\xc2\x85\xc2\x9b", "\\xc2\\x85\\xc2\\x9b"); /* NEL, CSI */
	check("\xc2\xa0", "\xc2\xa0");
}

static void spells_hidden_characters_out(void **state)
{
	(void)state;
	check("\xe2\x80\xae", "\\xe2\\x80\\xae"); /* U+202E right-to-left override */
	check("\xe2\x80\xaa\xe2\x80\xa9", "\\xe2\\x80\\xaa\\xe2\\x80\\xa9");
	check("\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"); /* isolates */
	check("\xd8\x9c\xe2\x80\x8b\xef\xbb\xbf", "\\xd8\\x9c\\xe2\\x80\\x8b\\xef\\xbb\\xbf");
	check("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"); /* a tag character */
	check("\xe2\x80\x90", "\xe2\x80\x90"); /* U+2010, a hyphen, just behind the marks */
}

static void spells_commands_of_logs_out(void **state)
{
	(void)state;
	check("::error::x", "\\x3a:error::x");
	check("a ::set-output name=b::c", "a \\x3a:set-output name=b::c");
	check("a##[error]b ###[x]", "a##\\x5berror]b ###\\x5bx]");
	check("std::move a:b [c] #[d]", "std::move a:b [c] #[d]");
}

static void spells_bad_utf8_out(void **state)
{
	(void)state;
	check("\x80", "\\x80");
	check("a\xc3", "a\\xc3");
	check("\xc3(", "\\xc3(");
	check("\xc0\xaf", "\\xc0\\xaf"); /* overlong "/" */
	check("\xe0\x80\xaf", "\\xe0\\x80\\xaf"); /* overlong, three bytes */
	check("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* a surrogate */
	check("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
	check("\xef\xbf\xbe", "\\xef\\xbf\\xbe"); /* U+FFFE */
	check("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80");
	check("\xe2\x82", "\\xe2\\x82");
}

/* Otherwise a name could look the same as one with a control byte. */
static void cannot_be_forged(void **state)
{
	(void)state;
	check("\\x1b", "\\x5cx1b");
	check("\\\\x", "\\\\x5cx");
}

/* Any bytes give printable text, and different bytes give different text. */
static void all_pairs_differ(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct map seen = {0};
	char pair[3] = {0};

	(void)state;
	for (unsigned i = 1; i < 256; i++)
		for (unsigned j = 1; j < 256; j++) {
			pair[0] = (char)i;
			pair[1] = (char)j;
			const char *quoted = quote(&arena, pair);
			for (const char *at = quoted; *at; at++)
				assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
			assert_int_equal(map_put(&seen, &arena, quoted, i << 8 | j), i << 8 | j);
		}
}

/* Every byte between every pair of neighbours: unquote gives the original. */
static void comes_back(void **state)
{
	static const char tail[] = "\\x::##[ a";
	struct arena arena _cleanup_arena_ = {0};

	(void)state;
	for (unsigned first = 1; first < 256; first++)
		for (unsigned second = 1; second < 256; second++) {
			char text[16] = {(char)first, (char)second};

			strcat(text, tail);
			assert_string_equal(unquote(&arena, quote(&arena, text)), text);
			arena_reset(&arena);
		}
	assert_string_equal(unquote(&arena, "\\x00 \\xZZ \\x4"), "\\x00 \\xZZ \\x4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_print_alone),
		cmocka_unit_test(spells_controls_out),
		cmocka_unit_test(spells_hidden_characters_out),
		cmocka_unit_test(spells_commands_of_logs_out),
		cmocka_unit_test(spells_bad_utf8_out),
		cmocka_unit_test(cannot_be_forged),
		cmocka_unit_test(all_pairs_differ),
		cmocka_unit_test(comes_back),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
