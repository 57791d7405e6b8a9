/* SPDX-License-Identifier: ISC */
/* Tests the parsing of opkg's and apk's lists of feeds, of URLs, and which packages of remote
 * indexes are wanted. */
#include "facts/feed/feed_parts.h" /* before cmocka, whose fail() is a macro */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct arena arena;
static struct error error;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const char *listed(const char *text)
{
	struct strings feeds = {0};

	if (!feed_list_read(&arena, "feeds.conf", span_text(text), &feeds, &error))
		return NULL;
	return strings_join(&arena, &feeds, 99);
}

static void lists_of_opkg(void **state)
{
	(void)state;
	assert_string_equal(listed("src/gz a http://h/a\nsrc b https://h/b\n"),
			    "http://h/a, https://h/b");
	assert_string_equal(listed("# src/gz a http://h/a\n\n  src/gz b file:///b \r\n"),
			    "file:///b");
	assert_string_equal(listed("dest root /\noption overlay_root /overlay\narch all "
				   "1\nlists_dir ext /var\n"),
			    "");
	assert_string_equal(listed("src/gz local /packages # mine"), "/packages");
}

static void lists_of_apk(void **state)
{
	(void)state;
	assert_string_equal(
		listed("https://h/packages.adb\n@tag http://h/x/\n/local/packages.adb\n"),
		"https://h/packages.adb, http://h/x/, /local/packages.adb");
	assert_string_equal(listed("set m=https://h/d\nset -default m=https://other\nndx "
				   "${m}/p.adb\nv3 @tag ${m} a b\n"
				   "v2 https://x/y\n"),
			    "https://h/d/p.adb, https://h/d/a, https://h/d/b, https://x/y");
}

static void lines_that_are_none(void **state)
{
	static const char *const lines[] = {
		"nonsense", "src/gz a", "src/gz a nowhere",	 "@tag",	   "src/gz", "h/a",
		"set x",    "v3",	"v3 https://h/${unset}", "set x=${unset}", "ndx ${x"};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_null(listed(arena_format(&arena, "# one\n%s\n", lines[i])));
		assert_non_null(strstr(error.text, "feeds.conf: line 2: "));
	}
}

static void urls(void **state)
{
	(void)state;
	assert_true(url_is_remote("http://h"));
	assert_true(url_is_remote("HTTPS://h/x"));
	assert_false(url_is_remote("file:///x"));
	assert_false(url_is_remote("http:/x"));
	assert_string_equal(url_local(&arena, "some/path"), "some/path");
	assert_string_equal(url_local(&arena, "file:///a%20b/%2Fc%2"), "/a b//c%2");
	assert_string_equal(url_local(&arena, "file:///a%00b%0x%"), "/a%00b%0x%");
	assert_string_equal(url_local(&arena, "FILE://localhost/x"), "/x");
	assert_null(url_local(&arena, "file://other/x"));
	assert_null(url_local(&arena, "file://x"));
	assert_null(url_local(&arena, "ftp://h/x"));
	assert_true(url_has_password("https://user:secret@h/x"));
	assert_true(url_has_password("http://user@h"));
	assert_false(url_has_password("http://h/a@b"));
	assert_false(url_has_password("dir@b"));
}

/* NAME, its dependencies, and whether it is wanted. */
struct expected {
	const char *name, *depends, *provides, *section;
	bool wanted;
};

static void what_is_wanted(void **state)
{
	static const struct expected rows[] = {
		{"kmod-a", "kernel (= 1), lib1", NULL, NULL, true},
		{"lib1", "lib2 | none", NULL, NULL, true},
		{"lib2", "lib1", NULL, NULL, true},
		{"tool", "virtual", NULL, NULL, true},
		{"middle", "kmod-a", "virtual", NULL, true},
		{"of-another-feed", "kmod-elsewhere", NULL, NULL, true},
		{"shell", "libc, lib1", NULL, NULL, false},
		{"libc", NULL, NULL, NULL, false},
		{"round", "about", NULL, NULL, false},
		{"about", "round", NULL, NULL, false},
		{"of-the-section", NULL, NULL, "kernel", true},
		{"pinned", "kernel (= 6.6.86~475b00aecaf183823515937b3561a876-r1)", NULL, NULL,
		 true},
	};
	enum { COUNT = sizeof rows / sizeof *rows };
	struct package packages[COUNT] = {{0}};
	struct wanted_rows wanted = {0};

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		packages[i].name = rows[i].name;
		packages[i].section = rows[i].section;
		if (rows[i].depends)
			packages[i].depends = formulas_read(&arena, span_text(rows[i].depends));
		if (rows[i].provides)
			packages[i].provides = formulas_read(&arena, span_text(rows[i].provides));
		if (strcmp(rows[i].name, "pinned") == 0)
			packages[i].abi.version = "6.6.86-r1";
		*array_add(&arena, &wanted) = (struct wanted_row){.row = &packages[i]};
	}
	rows_wanted(&wanted);
	for (size_t i = 0; i < COUNT; i++)
		if (wanted.list[i].wanted != rows[i].wanted)
			fail_msg("%s is %swanted", rows[i].name, rows[i].wanted ? "not " : "");
}

static void nothing_is_wanted_of_nothing(void **state)
{
	struct wanted_rows none = {0};

	(void)state;
	rows_wanted(&none);
	assert_int_equal(none.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(lists_of_opkg, forget),
		cmocka_unit_test_teardown(lists_of_apk, forget),
		cmocka_unit_test_teardown(lines_that_are_none, forget),
		cmocka_unit_test_teardown(urls, forget),
		cmocka_unit_test_teardown(what_is_wanted, forget),
		cmocka_unit_test_teardown(nothing_is_wanted_of_nothing, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
