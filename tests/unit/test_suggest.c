/* SPDX-License-Identifier: ISC */
/* Tests the suggestions for mistyped words. */
#include "base/suggest.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{"", "", 0},	       {"", "abc", 3},	       {"abc", "", 3},
		{"audit", "audit", 0}, {"adit", "audit", 1},   {"auddit", "audit", 1},
		{"aubit", "audit", 1}, {"uadit", "audit", 1},  {"sarfi", "sarif", 1},
		{"YAML", "yaml", 0},   {"symbol", "audit", 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(suggest_distance(cases[i].a, cases[i].b), cases[i].distance);
		assert_int_equal(suggest_distance(cases[i].b, cases[i].a), cases[i].distance);
	}
}

static void test_long(void **state)
{
	char word[SUGGEST_SIZE_MOST + 2];

	(void)state;
	memset(word, 'x', sizeof word - 1);
	word[SUGGEST_SIZE_MOST + 1] = 0;
	assert_true(suggest_distance(word, "x") == SIZE_MAX);
	assert_true(suggest_distance("x", word) == SIZE_MAX);
	word[SUGGEST_SIZE_MOST] = 0;
	assert_int_equal(suggest_distance(word, "x"), SUGGEST_SIZE_MOST - 1);
	assert_int_equal(suggest_distance("", word), SUGGEST_SIZE_MOST);
}

static const char *asked(struct arena *arena, const char *text)
{
	static const char *list[] = {"--image-config", "--image-part", "--only",
				     "--offline",      "kmod-nf-nat",  "kmod-nf-nat6"};
	const struct strings words = {list, 6, 6};

	return suggest_clause(arena, text, &words);
}

static void test_suggest(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(asked(&arena, "--ony"), "; did you mean '--only'?");
	assert_string_equal(asked(&arena, "--image-confg"), "; did you mean '--image-config'?");
	assert_string_equal(asked(&arena, "kmod-nf-nat"), "; did you mean 'kmod-nf-nat'?");
	assert_string_equal(asked(&arena, "kmod-nf-nat5"), "; did you mean 'kmod-nf-nat'?");
	assert_string_equal(asked(&arena, "kmod-nf"), "; did you mean 'kmod-nf-nat'?");
	assert_string_equal(asked(&arena, "--frobnicate"), "");
	assert_string_equal(asked(&arena, "x"), "");
	assert_string_equal(asked(&arena, ""), "");
	assert_null(suggest("audit", &(struct strings){0}));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
