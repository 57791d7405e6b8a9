/* SPDX-License-Identifier: ISC */
/* Tests the parsing of control stanzas, the packages made from them, and which dependencies
 * these satisfy. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/package/control.h"
#include "facts/package/package.h"

#include <cmocka.h>
#include <string.h>

struct reading {
	struct arena arena;
	struct span rest;
	struct stanza stanza;
	size_t line, bad;
};

static bool next(struct reading *reading)
{
	return stanza_read(&reading->arena, &reading->rest, &reading->line, &reading->stanza,
			   &reading->bad);
}

#define READING(text)                            \
	{                                        \
		.rest = SPAN_OF(text), .line = 1 \
	}

static void reads_stanzas(void **state)
{
	struct reading reading =
		READING("Package: a\nVersion:1\n\n\n\nPackage: b\nDepends:  c, d  \n");

	(void)state;
	assert_true(next(&reading));
	assert_int_equal(reading.stanza.line, 1);
	assert_string_equal(stanza_get(&reading.stanza, "package"), "a");
	assert_string_equal(stanza_get(&reading.stanza, "VERSION"), "1");
	assert_null(stanza_get(&reading.stanza, "Depends"));
	assert_true(next(&reading));
	assert_int_equal(reading.stanza.line, 6);
	assert_string_equal(stanza_get(&reading.stanza, "Depends"), "c, d");
	assert_false(next(&reading));
	assert_int_equal(reading.bad, 0);
	arena_free(&reading.arena);
}

static void folds_continuations(void **state)
{
	struct reading reading =
		READING("Description:  first\n second\n \n\tthird\nSize: 7\n\nPackage: b");

	(void)state;
	assert_true(next(&reading));
	assert_string_equal(stanza_get(&reading.stanza, "Description"), "first\nsecond\n\nthird");
	assert_string_equal(stanza_get(&reading.stanza, "Size"), "7");
	assert_true(next(&reading));
	assert_int_equal(reading.stanza.line, 7);
	assert_string_equal(stanza_get(&reading.stanza, "Package"), "b");
	assert_int_equal(reading.bad, 0);
	arena_free(&reading.arena);
}

static void reads_crlf(void **state)
{
	struct reading reading =
		READING("Package: a\r\nDescription: x\r\n y\r\n\r\nPackage: b\r\n");

	(void)state;
	assert_true(next(&reading));
	assert_string_equal(stanza_get(&reading.stanza, "Package"), "a");
	assert_string_equal(stanza_get(&reading.stanza, "Description"), "x\ny");
	assert_true(next(&reading));
	assert_string_equal(stanza_get(&reading.stanza, "Package"), "b");
	arena_free(&reading.arena);
}

static void counts_what_is_no_field(void **state)
{
	struct reading reading = READING(
		" lost\nPackage: a\nno colon here\n: empty\nVer\0sion: 1\nSection: x\n \0\n");

	(void)state;
	assert_true(next(&reading));
	assert_string_equal(stanza_get(&reading.stanza, "Package"), "a");
	assert_string_equal(stanza_get(&reading.stanza, "Section"), "x");
	assert_null(stanza_get(&reading.stanza, "Ver"));
	assert_int_equal(reading.bad, 5);
	assert_int_equal(reading.stanza.count, 2);
	arena_free(&reading.arena);
}

static void ends_without_stanza(void **state)
{
	struct reading empty = READING(""), blank = READING("\n\n\r\n"),
		       rubbish = READING("rubbish\nmore\n");

	(void)state;
	assert_false(next(&empty));
	assert_false(next(&blank));
	assert_false(next(&rubbish));
	assert_int_equal(rubbish.bad, 2);
	arena_free(&rubbish.arena);
}

static void bounds_fields(void **state)
{
	struct reading reading = {.line = 1};
	char *text = arena_get(&reading.arena, 4 * 2000 + 1);

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(text + 4 * i, "a:b\n", 4);
	reading.rest = span_text(text);
	assert_true(next(&reading));
	assert_int_equal(reading.stanza.count + reading.bad, 2000);
	assert_in_range(reading.bad, 1, 1999);
	arena_free(&reading.arena);
}

#define PIN "4.14.275-1-d2e0a589214daa7e43fd1bd18e88034c"

static struct package package_of(struct reading *reading)
{
	struct package package = {0};

	assert_true(next(reading));
	assert_true(package_from_stanza(&reading->arena, &reading->stanza, "here", &package));
	return package;
}

static void fills_a_package(void **state)
{
	struct reading reading = READING(
		"Package: kmod-nf-nat\nVersion: 4.14.275-1\n"
		"Depends: kernel (=" PIN "), kmod-nf-conntrack\nPre-Depends: libc\n"
		"Conflicts: kmod-other\nProvides: nat (= 3), nat-any\nArchitecture: mipsel_24kc\n"
		"Status: install ok installed\nFilename: ./a.ipk\nSize: 123\nSHA256sum: abc\n");
	struct package package = package_of(&reading);

	(void)state;
	assert_string_equal(package.name, "kmod-nf-nat");
	assert_string_equal(package.version, "4.14.275-1");
	assert_string_equal(package.architecture, "mipsel_24kc");
	assert_string_equal(package.status, "install ok installed");
	assert_string_equal(package.filename, "./a.ipk");
	assert_int_equal(package.stated_size, 123);
	assert_string_equal(package.stated_sha256, "abc");
	assert_int_equal(package.depends.count, 3);
	assert_string_equal(package.depends.list[0].text, "libc");
	assert_string_equal(package.abi.version, "4.14.275-1");
	assert_string_equal(package.abi.hash, "d2e0a589214daa7e43fd1bd18e88034c");
	assert_string_equal(package.abi.witness, "here: Depends: kernel (=" PIN ")");
	arena_free(&reading.arena);
}

static void a_range_is_no_pin(void **state)
{
	struct reading reading = READING("Package: a\nDepends: kernel (>= 4.14), kernel\n");
	struct package package = package_of(&reading);

	(void)state;
	assert_null(package.abi.version);
	assert_non_null(package.abi.witness);
	assert_false(dependency_is_kernel(&package.depends.list[0].list[0]));
	assert_false(dependency_is_kernel(&package.depends.list[1].list[0]));
	arena_free(&reading.arena);
}

static void needs_a_name(void **state)
{
	struct reading reading = READING("Conffiles:\n /etc/group 35b6\n");
	struct package package = {0};

	(void)state;
	assert_true(next(&reading));
	assert_false(package_from_stanza(&reading.arena, &reading.stanza, "here", &package));
	arena_free(&reading.arena);
}

static bool satisfies(const struct package *package, const char *text)
{
	struct arena arena = {0};
	struct formulas formulas = formulas_read(&arena, span_text(text));
	bool fits = package_satisfies(package, &formulas.list[0].list[0]);

	arena_free(&arena);
	return fits;
}

static void satisfies_by_name_and_provides(void **state)
{
	struct reading reading = READING("Package: a\nVersion: 2.0\nProvides: b, c (= 5)\n");
	struct package package = package_of(&reading);

	(void)state;
	assert_true(satisfies(&package, "a"));
	assert_true(satisfies(&package, "a (>= 2.0)"));
	/* as in libopkg/pkg_depends.c */
	assert_true(satisfies(&package, "a (>> 2.0)"));
	assert_true(satisfies(&package, "a (<< 2.0)"));
	assert_false(satisfies(&package, "a (>> 2.1)"));
	assert_false(satisfies(&package, "a(>= 1.0)"));
	assert_true(satisfies(&package, "b"));
	assert_true(satisfies(&package, "b (= 2.0)"));
	assert_false(satisfies(&package, "b (= 3.0)"));
	/* the version of the provider, whatever Provides states */
	assert_false(satisfies(&package, "c (= 5)"));
	assert_true(satisfies(&package, "c (= 2.0)"));
	assert_false(satisfies(&package, "d"));
	arena_free(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_stanzas),
		cmocka_unit_test(folds_continuations),
		cmocka_unit_test(reads_crlf),
		cmocka_unit_test(counts_what_is_no_field),
		cmocka_unit_test(ends_without_stanza),
		cmocka_unit_test(bounds_fields),
		cmocka_unit_test(fills_a_package),
		cmocka_unit_test(a_range_is_no_pin),
		cmocka_unit_test(needs_a_name),
		cmocka_unit_test(satisfies_by_name_and_provides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
