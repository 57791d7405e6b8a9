/* SPDX-License-Identifier: ISC */
/* Tests which elements do not count of paths that an archive has twice. */
#include "unpack/replaced.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct replaced made(struct arena *arena)
{
	struct replaced replaced = {0};

	replaced_add(arena, &replaced, 1, "lib/b.ko", 3);
	replaced_add(arena, &replaced, 0, "lib/c.ko", 9);
	replaced_add(arena, &replaced, 0, "lib/b.ko", 5);
	/* a path that came three times */
	replaced_add(arena, &replaced, 0, "lib/b.ko", 7);
	replaced_sort(&replaced);
	return replaced;
}

static void test_replaced(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct replaced replaced = made(&arena);

	(void)state;
	assert_true(replaced_has(&replaced, 0, "lib/b.ko", 0));
	assert_true(replaced_has(&replaced, 0, "lib/b.ko", 5));
	assert_true(replaced_has(&replaced, 0, "lib/b.ko", 6));
	assert_true(replaced_has(&replaced, 0, "lib/c.ko", 8));
	assert_true(replaced_has(&replaced, 1, "lib/b.ko", 2));
}

static void test_not_replaced(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct replaced replaced = made(&arena), empty = {0};

	(void)state;
	/* found when the path came for the last time */
	assert_false(replaced_has(&replaced, 0, "lib/b.ko", 7));
	assert_false(replaced_has(&replaced, 1, "lib/b.ko", 3));
	/* another path, another volume; before, between and behind those of the list */
	assert_false(replaced_has(&replaced, 0, "lib/a.ko", 0));
	assert_false(replaced_has(&replaced, 0, "lib/bb.ko", 0));
	assert_false(replaced_has(&replaced, 1, "lib/c.ko", 0));
	assert_false(replaced_has(&replaced, 2, "lib/b.ko", 0));
	replaced_sort(&empty);
	assert_false(replaced_has(&empty, 0, "lib/b.ko", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_not_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
