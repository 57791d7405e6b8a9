/* SPDX-License-Identifier: ISC */
/* Tests the reading, hashing and comparing of sets: the lines behind an abi hash. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/abi/config_set.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "facts/config/config.h"

#include <string.h>

/* A value that only contains =y counts, a stray backquote stays, and "_" sorts behind "=". */
static const char sample[] = "CONFIG_A=y\n"
			     "CONFIG_A_B=m\n"
			     "CONFIG_CMDLINE=\"rootfstype=yaffs2\"\n"
			     "CONFIG_CPU_LITTLE_ENDIAN=y`\n";

static struct config_set parsed(struct arena *arena, const char *text)
{
	struct config_set set;
	struct error error;

	if (!config_set_parse(arena, "x.set", span_text(text), &set, &error))
		fail_msg("%s", error.text);
	return set;
}

static void test_hash_is_md5_of_the_text(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config_set set = parsed(&arena, sample);

	(void)state;
	assert_string_equal(set.hash, md5_hex(&arena, span_text(sample)));
	assert_true(span_is(set.text, sample));
	assert_int_equal(set.lines.count, 4);
	assert_true(is_abi_hash(set.hash));
}

static void test_config_gives_the_same_set(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	/* no '\n' at the end, as grep takes it */
	static const char config[] = "CONFIG_CPU_LITTLE_ENDIAN=y`\n"
				     "# CONFIG_C is not set\n"
				     "CONFIG_A_B=m\n"
				     "CONFIG_HZ=250\n"
				     "CONFIG_CMDLINE=\"rootfstype=yaffs2\"\n"
				     "CONFIG_A=y";
	struct config_set set;
	struct config same;
	struct error error;

	(void)state;
	assert_true(config_set_select(&arena, "x", SPAN_OF(config), &set, &error));
	assert_true(span_is(set.text, sample));
	assert_true(config_read(&arena, "x", SPAN_OF(config), &same, &error));
	assert_string_equal(same.vermagic, set.hash);
	assert_false(
		config_set_select(&arena, "x", SPAN_OF("CONFIG_A=y\nCONFIG_A=y\n"), &set, &error));
	assert_string_equal(error.text, "x: 1 lines stand twice");
	assert_false(config_set_select(&arena, "x", SPAN_OF("CONFIG_HZ=1\n"), &set, &error));
	assert_string_equal(error.text, "x: no =y or =m line of a kernel config");
}

static void test_members(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config_set set = parsed(&arena, sample);

	(void)state;
	assert_true(config_set_has(&set, "CONFIG_A_B=m"));
	assert_false(config_set_has(&set, "CONFIG_A_B=y"));
	assert_true(span_is(set_line_symbol(set.lines.list[1]), "CONFIG_A_B"));
}

static void test_difference(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct config_set a = parsed(&arena, "CONFIG_A=y\nCONFIG_B=m\nCONFIG_Z=y\n"),
			  b = parsed(&arena, "CONFIG_B=y\nCONFIG_C=m\nCONFIG_Z=y\n");
	struct strings difference = config_set_difference(&arena, &a, &b);

	(void)state;
	assert_string_equal(strings_join(&arena, &difference, 9),
			    "-CONFIG_A=y, -CONFIG_B=m, +CONFIG_B=y, +CONFIG_C=m");
	assert_int_equal(config_set_difference(&arena, &a, &a).count, 0);
}

static void test_lines_in_any_order(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const char *lines[] = {"CONFIG_B=m", "CONFIG_A=y", "CONFIG_B=m"};
	struct strings strings = {lines, 3, 3};
	struct config_set set = config_set_of(&arena, &strings);

	(void)state;
	assert_true(span_is(set.text, "CONFIG_A=y\nCONFIG_B=m\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_is_md5_of_the_text),
		cmocka_unit_test(test_config_gives_the_same_set),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_lines_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
