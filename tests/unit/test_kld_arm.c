/* SPDX-License-Identifier: ISC */
/* Tests which ARM the build attributes of a program name, as pkg reads them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/freebsd/kld_arm.h"

#include <cmocka.h>
#include <string.h>

/* ATTRIBUTES of the whole file, in a section of the vendor aeabi. */
static const char *named(const char *attributes, size_t size)
{
	uint8_t bytes[128] = {'A', 0, 0, 0, 0, 'a', 'e', 'a', 'b', 'i', 0, 1};

	bytes[1] = (uint8_t)(15 + size);
	bytes[12] = (uint8_t)(5 + size);
	memcpy(bytes + 16, attributes, size);
	return kld_arm_name(span_from(bytes, 16 + size));
}

#define NAMED(text) named(text, sizeof(text) - 1)

static void test_arch(void **state)
{
	(void)state;
	assert_string_equal(NAMED("\6\6"), "armv6");
	assert_string_equal(NAMED("\6\12"), "armv7");
	/* ARM v6KZ counts as 7, as pkg has it */
	assert_string_equal(NAMED("\6\7"), "armv7");
	assert_string_equal(NAMED("\4cortex-a7\0\5CPU\0\11\1\x0a\x81\1\6\12"), "armv7");
	assert_null(NAMED("\6\5"));
	assert_null(NAMED("\6\x86\0"));
}

static void test_not_said(void **state)
{
	(void)state;
	assert_null(NAMED(""));
	assert_null(NAMED("\11\1"));
	assert_null(NAMED("\6"));
	assert_null(NAMED("\4no end"));
	assert_null(NAMED("\x0a\x81"));
	assert_null(NAMED("\3\1\6\6"));
	assert_null(kld_arm_name(SPAN_OF("")));
	assert_null(kld_arm_name(SPAN_OF("B\x11\0\0\0aeabi\0\1\7\0\0\0\6\6")));
	assert_string_equal(kld_arm_name(SPAN_OF("A\x11\0\0\0aeabi\0\1\7\0\0\0\6\6")), "armv6");
	assert_null(kld_arm_name(SPAN_OF("A\x11\0\0\0aeabi\0\2\7\0\0\0\6\6")));
	assert_null(kld_arm_name(SPAN_OF("A\xff\0\0\0aeabi\0\1\7\0\0\0\6\6")));
	assert_null(kld_arm_name(SPAN_OF("A\x11\0\0\0aeabi\0\1\xff\0\0\0\6\6")));
	assert_null(kld_arm_name(SPAN_OF("A\x11\0\0\0aeabi\0\1\5\0\0\0\6\6")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arch),
		cmocka_unit_test(test_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
