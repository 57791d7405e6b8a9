/* SPDX-License-Identifier: ISC */
/* Tests apk's order of versions and its fuzzy match on a table worked out by hand, and that
 * the order is transitive. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/package/apk.h"

#include <cmocka.h>

#define MD5_A "d2e0a589214daa7e43fd1bd18e88034c"
#define MD5_B "d2e0a589214daa7e43fd1bd18e88034d"

/* Computed by hand from the grammar in apk_version.c; each row is also checked in reverse. */
static const struct order {
	const char *a, *b;
	int sign;
} orders[] = {
	{"1", "1", 0},
	{"1", "2", -1},
	{"9", "10", -1},
	{"1.9", "1.10", -1},
	{"1.05", "1.1", -1}, /* compared as decimals, because of the leading zero */
	{"1.05", "1.5", -1},
	{"1.0", "1.0.0", -1},
	{"1", "1.0", -1}, /* the longer one is newer */
	{"1.0", "1.0a", -1},
	{"1.0a", "1.0b", -1},
	{"1.0a", "1.0.1", -1}, /* a number is newer than a letter */
	{"1.0_alpha", "1.0", -1},
	{"1.0_alpha", "1.0_beta", -1},
	{"1.0_beta", "1.0_pre", -1},
	{"1.0_pre", "1.0_rc", -1},
	{"1.0_rc", "1.0", -1},
	{"1.0_rc1", "1.0_rc2", -1},
	{"1.0_rc9", "1.0_rc10", -1},
	{"1.0", "1.0_p1", -1},
	{"1.0_cvs", "1.0_p", -1},
	{"1.0_git20240101", "1.0_git20240102", -1},
	{"1.0_rc1-r9", "1.0-r0", -1},
	{"1.0", "1.0-r0", -1},
	{"1.0-r1", "1.0-r2", -1},
	{"1.0-r9", "1.0-r10", -1},
	{"1.0-r9", "1.1-r0", -1},
	{"6.12.74~" MD5_A "-r1", "6.12.74~" MD5_A "-r1", 0},
	{"6.12.74~" MD5_A "-r1", "6.12.74~" MD5_B "-r1", -1},
	{"6.12.74~" MD5_A "-r1", "6.12.74~" MD5_A "-r2", -1},
	{"6.12.74~" MD5_B "-r1", "6.12.75~" MD5_A "-r1", -1},
	{"2026.02.15~8d377aa6-r1", "2026.03.01~04cd252e-r1", -1},
	{"6.12.74.6.18.7-r1", "6.12.74.6.18.10-r1", -1},
	{"99999999999999999999", "100000000000000000000", -1}, /* numbers of any length */
	{"1.0-1", "1.0-2", -1}, /* not in the grammar: compared as text */
	{"", "", 0},
};

static int sign_of(int order)
{
	return (order > 0) - (order < 0);
}

static void test_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		const struct order *row = &orders[i];

		if (sign_of(apk_version_compare(row->a, row->b)) != row->sign ||
		    sign_of(apk_version_compare(row->b, row->a)) != -row->sign)
			fail_msg("%s against %s", row->a, row->b);
	}
}

/* each left version equals itself, and the order is transitive: a < b and b < c give a < c */
static void test_is_an_order(void **state)
{
	static const char *const rising[] = {"1.0_alpha1", "1.0_rc1", "1.0_rc2-r1", "1.0",
					     "1.0-r1",	   "1.0~ab",  "1.0_git1",   "1.0_p1",
					     "1.0a",	   "1.0.0",   "1.0.1",	    "1.1"};
	size_t count = sizeof rising / sizeof *rising;

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (sign_of(apk_version_compare(rising[i], rising[k])) != (i > k) - (i < k))
				fail_msg("%s against %s", rising[i], rising[k]);
}

static void test_fuzzy(void **state)
{
	(void)state;
	assert_true(apk_version_fuzzy("1.2.3-r4", "1.2.3-r4"));
	assert_true(apk_version_fuzzy("1.2.3-r4", "1.2.3"));
	assert_true(apk_version_fuzzy("1.2.3-r4", "1.2"));
	assert_true(apk_version_fuzzy("6.12.74~" MD5_A "-r1", "6.12.74"));
	assert_false(apk_version_fuzzy("1.20", "1.2"));
	assert_false(apk_version_fuzzy("1.2", "1.2.3"));
	assert_false(apk_version_fuzzy("1.3.3", "1.2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_is_an_order),
		cmocka_unit_test(test_fuzzy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
