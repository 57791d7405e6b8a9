/* SPDX-License-Identifier: ISC */
/* Tests opkg's order of versions, relations and dependency lists on tables worked out by hand,
 * and the parsing of kernel abis. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "facts/package/version.h"

#include <string.h>

#define MD5_A "d2e0a589214daa7e43fd1bd18e88034c"
#define MD5_B "d2e0a589214daa7e43fd1bd18e88034d"

/* Computed by hand from the algorithm in version.c; each row is also checked in reverse. */
static const struct order {
	const char *a, *b;
	int sign;
} orders[] = {
	{"1", "1", 0},
	{"1.0", "1.0", 0},
	{"1", "2", -1},
	{"9", "10", -1},
	{"1.9", "1.10", -1},
	{"1.09", "1.9", 0}, /* leading zeros are ignored */
	{"1.0", "1", 1},
	{"1.0~rc1", "1.0", -1},
	{"1.0~rc1", "1.0~rc2", -1},
	{"1.0~", "1.0", -1},
	{"1.0~~", "1.0~", -1},
	{"1.0a", "1.0", 1},
	{"1.0a", "1.0b", -1},
	{"1.0A", "1.0a", -1},
	{"1.0a", "1.0+", -1}, /* letters before other characters */
	{"1.0.1", "1.0a", 1},
	{"1.0+git", "1.0.git", -1}, /* '+' is 43, '.' is 46 */
	{"1:0.1", "9.9", 1},
	{"0:1.0", "1.0", 0},
	{"01:1.0", "1:1.0", 0},
	{"2:1.0", "10:1.0", -1},
	{"1.0-1", "1.0-2", -1},
	{"1.0-1", "1.0", 1},
	{"1.0-0", "1.0", 0},
	{"1.0-9", "1.0-10", -1},
	{"1.0-1", "1.0.1-1", -1},
	{"1.0-1-2", "1.0-1-3", -1}, /* only the text after the last '-' is the revision */
	{"1.0-r1", "1.0-r10", -1},
	{"1.0-r9", "1.0-1", 1},
	{"4.14.275-1-" MD5_A, "4.14.275-1-" MD5_A, 0},
	{"4.14.275-1-" MD5_A, "4.14.275-1-" MD5_B, -1},
	{"4.14.275-1-" MD5_A, "4.14.276-1-" MD5_A, -1},
	{"4.14.275-1-" MD5_A, "4.14.275-1", 1}, /* "4.14.275-1" against "4.14.275" */
	{"6.6.86~" MD5_A "-r1", "6.6.86~" MD5_A "-r1", 0},
	{"6.6.86~" MD5_A "-r1", "6.6.86-r1", -1},
	{"6.6.86~" MD5_A "-r1", "6.6.86~" MD5_B "-r1", -1},
	{"2015-06-14-d1c66ef1131d14f0ed197b368d03f71b964e45f8",
	 "2016-02-26-5326ce1046425154ab715387949728cfb09f4083", -1},
	{"168-r49276", "168-r49277", -1},
	{"3.18.20+2015-03-09-3", "3.18.20+2015-03-09-10", -1},
	{"", "", 0},
	{"", "1", -1},
	{"", "~", 1},
	{"99999999999999999999999999999999", "100000000000000000000000000000000", -1},
	{"99999999999999999999:1", "1:2", 1},
};

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void orders_like_opkg(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		if (sign(version_compare(orders[i].a, orders[i].b)) != orders[i].sign ||
		    sign(version_compare(orders[i].b, orders[i].a)) != -orders[i].sign)
			fail_msg("\"%s\" against \"%s\": %d, not %d", orders[i].a, orders[i].b,
				 version_compare(orders[i].a, orders[i].b), orders[i].sign);
	}
}

static const struct relating {
	enum relation relation;
	bool older, equal, newer; /* satisfied by 1.0, 2.0, 3.0 against 2.0 */
} relatings[] = {
	{RELATION_ANY, true, true, true},      {RELATION_EQUAL, false, true, false},
	{RELATION_LESS, true, true, false},    {RELATION_LESS_EQUAL, true, true, false},
	{RELATION_GREATER, false, true, true}, {RELATION_GREATER_EQUAL, false, true, true},
};

static void relations_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof relatings / sizeof *relatings; i++) {
		struct dependency need = {
			.name = "x", .relation = relatings[i].relation, .version = "2.0"};

		assert_int_equal(version_satisfies("1.0", &need), relatings[i].older);
		assert_int_equal(version_satisfies("2.0", &need), relatings[i].equal);
		assert_int_equal(version_satisfies("3.0", &need), relatings[i].newer);
		assert_int_equal(version_satisfies(NULL, &need),
				 relatings[i].relation == RELATION_ANY);
	}
}

static void one_formula(const char *text, const char *name, enum relation relation,
			const char *version)
{
	struct arena arena = {0};
	struct formulas formulas = formulas_read(&arena, span_text(text));

	assert_int_equal(formulas.count, 1);
	assert_int_equal(formulas.list[0].count, 1);
	assert_string_equal(formulas.list[0].list[0].name, name);
	assert_int_equal(formulas.list[0].list[0].relation, relation);
	if (version)
		assert_string_equal(formulas.list[0].list[0].version, version);
	else
		assert_null(formulas.list[0].list[0].version);
	arena_free(&arena);
}

static void dependencies_are_read(void **state)
{
	(void)state;
	one_formula("libc", "libc", RELATION_ANY, NULL);
	one_formula("  libc  ", "libc", RELATION_ANY, NULL);
	one_formula("libc *", "libc", RELATION_ANY, NULL);
	one_formula("kernel (=5.10.176-1-" MD5_A ")", "kernel", RELATION_EQUAL,
		    "5.10.176-1-" MD5_A);
	one_formula("kernel (= 5.10.176-1-" MD5_A ")", "kernel", RELATION_EQUAL,
		    "5.10.176-1-" MD5_A);
	one_formula("kernel(=1)", "kernel(=1)", RELATION_ANY, NULL);
	one_formula("kernel(= 1)", "kernel(=", RELATION_ANY, NULL);
	one_formula("a (>= 2 ) ", "a", RELATION_GREATER_EQUAL, "2");
	one_formula("a (<< 2)", "a", RELATION_LESS, "2");
	one_formula("a (>> 2)", "a", RELATION_GREATER, "2");
	one_formula("a (<= 2)", "a", RELATION_LESS_EQUAL, "2");
	one_formula("a (< 2)", "a", RELATION_LESS_EQUAL, "2");
	one_formula("a (> 2)", "a", RELATION_GREATER_EQUAL, "2");
	one_formula("a\n(= 2)", "a", RELATION_EQUAL, "2");
}

/* as parseDepends does, whose operator and version are where it looks, or are not there */
static void odd_versions(void **state)
{
	(void)state;
	one_formula("a (= 2", "a", RELATION_EQUAL, "2");
	one_formula("a (2)", "a", RELATION_ANY, NULL);
	one_formula("a (~ 2)", "a", RELATION_ANY, NULL);
	one_formula("a (=)", "a", RELATION_EQUAL, "");
	one_formula("a (= 2) b", "a", RELATION_EQUAL, "2");
	one_formula("a (= 2) *", "a", RELATION_ANY, NULL);
	one_formula("a b", "a", RELATION_ANY, NULL);
	one_formula("a  (= 2)", "a", RELATION_ANY, NULL);
	one_formula("a ( = 2)", "a", RELATION_ANY, NULL);
	one_formula("a\t(= 2)", "a\t(=", RELATION_ANY, NULL);
	one_formula("a (= 1 2)", "a", RELATION_EQUAL, "1 2");
}

static void unreadable_parts_are_kept(void **state)
{
	(void)state;
	one_formula("a ()", "a ()", RELATION_ANY, NULL);
	one_formula("a (", "a (", RELATION_ANY, NULL);
	one_formula("(= 2)", "(= 2)", RELATION_ANY, NULL);
}

static void lists_and_alternatives(void **state)
{
	struct arena arena = {0};
	struct formulas formulas = formulas_read(&arena, SPAN_OF("a | b (>=  1)|c,, d ,\n e,"));

	(void)state;
	assert_int_equal(formulas.count, 3);
	assert_int_equal(formulas.list[0].count, 3);
	assert_string_equal(formulas.list[0].text, "a | b (>= 1)|c");
	assert_string_equal(formulas.list[0].list[1].name, "b");
	assert_string_equal(formulas.list[0].list[1].version, "1");
	assert_string_equal(formulas.list[0].list[2].name, "c");
	assert_string_equal(formulas.list[1].list[0].name, "d");
	assert_string_equal(formulas.list[2].list[0].name, "e");
	assert_int_equal(formulas_read(&arena, SPAN_OF("")).count, 0);
	assert_int_equal(formulas_read(&arena, SPAN_OF(" , | ,")).count, 0);
	arena_free(&arena);
}

static const struct identity {
	const char *text, *version, *hash, *release;
} identities[] = {
	{"4.14.275-1-" MD5_A, "4.14.275-1", MD5_A, "4.14.275"},
	{"3.18.20-1-7bed08fa9c06eb8089e82c200340ec66", "3.18.20-1",
	 "7bed08fa9c06eb8089e82c200340ec66", "3.18.20"},
	{"6.6.86~" MD5_A "-r1", "6.6.86-r1", MD5_A, "6.6.86"},
	{"6.12-rc3-1-" MD5_A, "6.12-rc3-1", MD5_A, "6.12-rc3"},
	{"6.18_rc3~" MD5_A "-r1", "6.18_rc3-r1", MD5_A, "6.18-rc3"},
	{"2.6.32.59-1", "2.6.32.59-1", NULL, "2.6.32.59"},
	{"2.6.32.27-1", "2.6.32.27-1", NULL, "2.6.32.27"},
	{"2.6.32", "2.6.32", NULL, "2.6.32"},
	{"5.4.1-1-unknown", "5.4.1-1-unknown", NULL, "5.4.1-1-unknown"},
	{"5.4.1-1-D2E0A589214DAA7E43FD1BD18E88034C", "5.4.1-1-D2E0A589214DAA7E43FD1BD18E88034C",
	 NULL, "5.4.1-1-D2E0A589214DAA7E43FD1BD18E88034C"},
	/* 33 digits are not an md5 */
	{"5.4.1-1-" MD5_A "0", "5.4.1-1-" MD5_A "0", NULL, "5.4.1-1-" MD5_A "0"},
};

static void kernel_identities(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
		struct abi abi = abi_read(&arena, identities[i].text, "here");

		assert_string_equal(abi.version, identities[i].version);
		assert_string_equal(abi.release, identities[i].release);
		assert_string_equal(abi.witness, "here");
		assert_string_equal(abi_text(&arena, &abi), identities[i].text);
		if (identities[i].hash)
			assert_string_equal(abi.hash, identities[i].hash);
		else
			assert_null(abi.hash);
	}
	assert_null(abi_read(&arena, NULL, "here").version);
	assert_null(abi_read(&arena, "", "here").version);
	arena_free(&arena);
}

static void identities_compare(void **state)
{
	struct arena arena = {0};
	struct abi a = abi_read(&arena, "4.14.275-1-" MD5_A, ""),
		   same = abi_read(&arena, "4.14.275-1-" MD5_A, "");
	struct abi other = abi_read(&arena, "4.14.275-1-" MD5_B, ""),
		   next = abi_read(&arena, "4.14.275-2-" MD5_A, "");
	struct abi bare = abi_read(&arena, "2.6.32.59-1", ""), none = abi_read(&arena, NULL, "");

	(void)state;
	assert_true(abi_equal(&a, &same));
	assert_false(abi_equal(&a, &other));
	assert_false(abi_equal(&a, &next));
	assert_false(abi_equal(&bare, &bare)); /* two of them cannot be told apart */
	assert_false(abi_equal(&none, &none));
	assert_false(abi_equal(&a, &none));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_like_opkg),
		cmocka_unit_test(relations_hold),
		cmocka_unit_test(dependencies_are_read),
		cmocka_unit_test(odd_versions),
		cmocka_unit_test(unreadable_parts_are_kept),
		cmocka_unit_test(lists_and_alternatives),
		cmocka_unit_test(kernel_identities),
		cmocka_unit_test(identities_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
