/* SPDX-License-Identifier: ISC */
/* Tests what the YAML parser accepts, and its limits. */
#include "base/yaml.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* WANT: the end of the error; NULL: no error. */
static void check(const char *text, const char *want)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error error = {0};
	const struct yaml *root;
	bool read = yaml_parse(&arena, "f.yaml", span_text(text), &root, &error);

	if (want)
		assert_string_equal(error.text, arena_format(&arena, "f.yaml: line %s", want));
	assert_int_equal(read, !want);
}

static void reads_plain_trees(void **state)
{
	(void)state;
	check("", NULL);
	check("a: {b: [1, \"2\"], c: ~}\n", NULL);
}

static void refuses_what_nobody_needs(void **state)
{
	(void)state;
	check("a: 1\na: 2\n", "2: key 'a' occurs twice");
	check("a: &x 1\nb: *x\n", "2: aliases are not supported");
	check("a: 1\n---\nb: 1\n", "2: a second document is not allowed");
	check("[a]: 1\n", "1: a key must be plain text");
}

/* COUNT keys, one per line, from line 1. */
static const char *many(struct arena *arena, unsigned count)
{
	char *text = arena_get(arena, count * 8 + 1), *to = text;

	for (unsigned i = 0; i < count; i++)
		to += sprintf(to, "k%u: 1\n", i);
	return text;
}

static void bounds_maps(void **state)
{
	(void)state;
	struct arena arena _cleanup_arena_ = {0};

	check(many(&arena, 2048), NULL);
	check(many(&arena, 2049), "2049: too many keys in one map");
}

static void bounds_depth(void **state)
{
	(void)state;
	char text[128] = "";

	memset(text, '[', 34);
	memset(text + 34, ']', 34);
	check(text, "1: nested too deeply");
}

static const char *lines_of(struct arena *arena, const char *text, const char *const *keys)
{
	return arena_string(arena, yaml_blocks(arena, span_text(text), keys));
}

static void takes_lines_of_keys(void **state)
{
	(void)state;
	struct arena arena _cleanup_arena_ = {0};
	static const char *const a[] = {"a", NULL}, *const b[] = {"b", "d", NULL},
				 *const none[] = {NULL};
	const char *text = "# c\na: [\n1\n]\nb:\n- x: y\n  a: z\n#\nc: 1\nd: 2";

	assert_string_equal(lines_of(&arena, text, a), "a: [\n1\n]\n");
	assert_string_equal(lines_of(&arena, text, b), "b:\n- x: y\n  a: z\n#\nd: 2\n");
	assert_string_equal(lines_of(&arena, text, none), "");
	assert_string_equal(lines_of(&arena, "", a), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain_trees),   cmocka_unit_test(refuses_what_nobody_needs),
		cmocka_unit_test(bounds_maps),	       cmocka_unit_test(bounds_depth),
		cmocka_unit_test(takes_lines_of_keys),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
