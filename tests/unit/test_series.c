/* SPDX-License-Identifier: ISC */
/* Tests the parsing and comparison of kernel series and the rules that begin with a series or
 * were backported. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "facts/module/series.h"

static void reads(void **state)
{
	static const struct {
		const char *release;
		bool known;
		unsigned major, minor;
	} rows[] = {
		{"6.6.86", true, 6, 6},
		{"6.18-rc3", true, 6, 18},
		{"2.6.38.8", true, 2, 6},
		{"10.0", true, 10, 0},
		{"9999.9999", true, 9999, 9999},
		{"4.14.275-custom+", true, 4, 14},
		{"", false, 0, 0},
		{"6", false, 0, 0},
		{"6.", false, 0, 0},
		{".6", false, 0, 0},
		{"v6.6", false, 0, 0},
		{" 6.6", false, 0, 0},
		{"-1.2", false, 0, 0},
		{"10000.1", false, 0, 0},
		{"6.99999999999999999999999999", false, 0, 0},
		{"4294967302.4", false, 0, 0}, /* 6.4 after an overflow of 32 bits */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct series series = series_read(rows[i].release);

		assert_int_equal(series.known, rows[i].known);
		assert_int_equal(series.major, rows[i].major);
		assert_int_equal(series.minor, rows[i].minor);
	}
	assert_false(series_read(NULL).known);
}

static void compares(void **state)
{
	(void)state;
	assert_int_equal(series_since(series_read("6.13.12"), 6, 14), SINCE_NO);
	assert_int_equal(series_since(series_read("6.14-rc1"), 6, 14), SINCE_YES);
	assert_int_equal(series_since(series_read("7.0"), 6, 14), SINCE_YES);
	assert_int_equal(series_since(series_read("5.99"), 6, 4), SINCE_NO);
	assert_int_equal(series_since(series_read("vendor"), 6, 4), SINCE_UNKNOWN);
	assert_true(series_compare(series_read("4.9"), series_read("4.10")) < 0);
	assert_int_equal(series_compare(series_read("4.9.1"), series_read("4.9")), 0);
	assert_true(series_compare(series_read("5.0"), series_read("4.20")) > 0);
}

static void backports(void **state)
{
	static const struct series first = {true, 5, 9, 0},
				   stable[] = {{true, 4, 19, 191}, {true, 5, 4, 118}};
	static const struct {
		const char *release;
		enum since since;
	} rows[] = {
		{"5.9.0", SINCE_YES},	      {"6.1", SINCE_YES},
		{"5.8.18", SINCE_NO},	      {"5.4.118", SINCE_YES},
		{"5.4.117-x", SINCE_NO},      {"5.4.300+", SINCE_YES},
		{"4.19.0-17", SINCE_UNKNOWN}, {"4.19", SINCE_UNKNOWN},
		{"5.4.99999", SINCE_UNKNOWN}, {"4.14.275", SINCE_NO},
		{"vendor", SINCE_UNKNOWN},    {"4.19.191", SINCE_YES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(series_backported(series_read(rows[i].release), first, stable, 2),
				 rows[i].since);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(compares),
					   cmocka_unit_test(backports)};

	return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
