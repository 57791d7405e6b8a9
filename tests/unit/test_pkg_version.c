/* SPDX-License-Identifier: ISC */
/* Tests pkg's order of versions on a table, each row in both directions, and that the order is
 * transitive. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/package/pkg_version.h"

#include <cmocka.h>

/* Signs of pkg-version(8), `pkg version -t A B`. */
static const struct order {
	const char *a, *b;
	int sign;
} orders[] = {
	{"1", "2", -1},
	{"2", "2", 0},
	{"2", "1,1", -1}, /* the epoch decides first */
	{"14.2_1,1", "15.0", 1},
	{"1.0_2", "1.0_10", -1}, /* the revision decides last */
	{"1.0_1", "1.0.1", -1},
	{"1_1,1", "1,2", -1},
	{"1", "1.0", 0}, /* missing components are 0 */
	{"1", "1.0.0_1", -1},
	{"9", "10", -1},
	{"1.05", "1.5", 0},
	{"10", "10a", -1},
	{"10a", "10b", -1},
	{"10a1", "10a2", -1},
	{"10a1b2", "10a1.b2", 0}, /* a second letter begins a new component */
	{"10a", "10.1", 1},
	{"10.a", "10", -1}, /* a component without a number is below 0 */
	{"1.pl1", "1.alpha1", -1},
	{"1.alpha1", "1.beta1", -1},
	{"1.beta1", "1.pre1", -1},
	{"1.pre1", "1.rc1", -1},
	{"1.rc1", "1", -1},
	{"1.pl1", "1.snap1", -1},
	{"1.snap1", "1.alpha1", 1},
	{"1.2rc3", "1.2", -1},
	{"1.2.rc3", "1.2rc3", 0},
	{"1.2RC3", "1.2rc3", 0}, /* case does not count */
	{"1.2alphabet", "1.2a", 0}, /* of other words only the first letter does */
	{"1.d2", "1.dev2", 0},
	{"1.0.1:2003.09.16", "1.0:2003.09.16", -1},
	{"1..0", "1.0", 0},
	{"2.*", "2pl1", -1},
	{"2pl1", "2alpha3", -1},
	{"2alpha3", "2.9f7", -1},
	{"2.9f7", "3.*", -1},
	{"1.0+1", "1.0+2", -1},
	{"1.0", "1.0+1", -1},
	{"1.1", "1.0+1", 1},
	{"drm-61-kmod-6.1.69_3", "6.1.69_3", 0}, /* a name in front of the version is left out */
	{"7.0.24.1402000", "7.0.24.1403000_1", -1},
	{"99999999999999999999", "99999999999999999998", 0}, /* both are the greatest number */
	{"", "", 0},
	{"", "0", 0},
	{"_1", "_2", -1},
};

static int sign_of(int order)
{
	return (order > 0) - (order < 0);
}

static void test_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		const struct order *order = &orders[i];

		if (sign_of(pkg_version_compare(order->a, order->b)) != order->sign ||
		    sign_of(pkg_version_compare(order->b, order->a)) != -order->sign)
			fail_msg("%s against %s", order->a, order->b);
	}
}

static void test_is_an_order(void **state)
{
	enum { COUNT = sizeof orders / sizeof *orders };

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		for (size_t k = 0; k < COUNT; k++)
			for (size_t l = 0; l < COUNT; l++) {
				const char *a = orders[i].a, *b = orders[k].b, *c = orders[l].a;

				if (pkg_version_compare(a, b) <= 0 &&
				    pkg_version_compare(b, c) <= 0 && pkg_version_compare(a, c) > 0)
					fail_msg("%s, %s, %s", a, b, c);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_is_an_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
