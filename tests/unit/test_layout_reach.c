/* SPDX-License-Identifier: ISC */
/* Tests which modules an option can change, and which symbols have a struct in their
 * declaration. */
#include "unit/made.h"

#include <stdio.h>
#include <string.h>

#define REACH                                                                                      \
	"schema: kmodaudit/layout-rules/1\nseries: \"4.14\"\n"                                     \
	"structs:\n  net: {header: n.h, subsystem: net}\nlayout:\n  CAN: {net: [can]}\n"           \
	"options: {\"\": [CAN, LIN, SMP, QUIET, NECK]}\n"                                          \
	"seen: {\"\": [CAN, LIN, SMP]}\n"                                                          \
	"modules: {\"\": dummy, inet_: \"diag frag\"}\n"                                           \
	"touched: [{options: CAN LIN, modules: \"can inet_diag\"}]\n"                              \
	"private:\n- {option: NECK, header: p.h, structs: \"ctrl raw\", exports: \"b_add a_del\"," \
	" modules: neck}\n"                                                                        \
	"handles: {net: {\"\": [init_net], sock_: [\"create*\"]}}\n"

static const struct layout_reach *reach_of(struct arena *arena, const char *text)
{
	const struct layout_rules *rules = NULL;
	struct error error = {""};

	if (!layout_rules_read(arena, "rules", span_text(text), &rules, &error))
		fail_msg("%s", error.text);
	return layout_rules_reach(rules);
}

static void test_options(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_reach *reach = reach_of(&arena, REACH);

	assert_true(layout_option_seen(reach, "CONFIG_SMP"));
	assert_false(layout_option_seen(reach, "CONFIG_QUIET"));
	assert_true(layout_touch_known(reach, "CONFIG_CAN"));
	assert_true(layout_touch_known(reach, "CONFIG_LIN"));
	assert_true(layout_touch_known(reach, "CONFIG_QUIET"));
	assert_false(layout_touch_known(reach, "CONFIG_SMP"));
}

static void test_spared(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_reach *reach = reach_of(&arena, REACH);

	assert_true(layout_module_spared(reach, "CONFIG_CAN", "inet_frag"));
	assert_true(layout_module_spared(reach, "CAN", "dummy"));
	/* it is changed; the sources have no such module; its effects are unknown */
	assert_false(layout_module_spared(reach, "CONFIG_CAN", "inet_diag"));
	assert_false(layout_module_spared(reach, "CONFIG_CAN", "vendor"));
	assert_false(layout_module_spared(reach, "CONFIG_SMP", "dummy"));
	assert_true(layout_module_spared(reach, "CONFIG_QUIET", "dummy"));
}

/* One name more than 300: the modules are known, but not few. */
static void test_few(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	char text[sizeof REACH + 4096] = REACH "touched: [{options: CAN, modules: \"";
	char *replaced = strstr(text, "touched: [{options: CAN LIN");
	size_t end;

	assert_true(layout_touch_few(reach_of(&arena, REACH), "CONFIG_CAN"));
	assert_true(layout_touch_few(reach_of(&arena, REACH), "CONFIG_QUIET"));
	assert_false(layout_touch_few(reach_of(&arena, REACH), "CONFIG_SMP"));
	memcpy(replaced, "#", 1);
	for (unsigned i = 0; i <= 300; i++) {
		end = strlen(text);
		snprintf(text + end, sizeof text - end, "m%u ", i);
	}
	end = strlen(text);
	snprintf(text + end, sizeof text - end, "dummy\"}]\n");
	assert_true(layout_touch_known(reach_of(&arena, text), "CONFIG_CAN"));
	assert_false(layout_touch_few(reach_of(&arena, text), "CONFIG_CAN"));
	assert_false(layout_module_spared(reach_of(&arena, text), "CONFIG_CAN", "dummy"));
}

static void test_handles_and_private(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_reach *reach = reach_of(&arena, REACH);
	struct private_structs found = layout_private(&arena, reach, "CONFIG_NECK");

	assert_true(layout_handles(reach, "net", "init_net"));
	assert_true(layout_handles(reach, "net", "sock_create_kern"));
	assert_false(layout_handles(reach, "net", "printk"));
	assert_false(layout_handles(reach, "other", "init_net"));
	assert_int_equal(found.count, 1);
	assert_string_equal(found.list[0]->structs, "ctrl raw");
	assert_true(strings_have(&found.list[0]->exports, "a_del"));
	assert_true(strings_have(&found.list[0]->modules, "neck"));
	assert_int_equal(layout_private(&arena, reach, "CONFIG_CAN").count, 0);
}

/* A file without these keys proves nothing with them, and does not weaken other rules. */
static void test_not_known(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_reach *reach = reach_of(
		&arena,
		"schema: kmodaudit/layout-rules/1\nseries: \"5.4\"\nstructs: {}\nlayout: {}\n");

	assert_true(layout_option_seen(reach, "CONFIG_QUIET"));
	assert_false(layout_touch_known(reach, "CONFIG_QUIET"));
	assert_false(layout_module_spared(reach, "CONFIG_QUIET", "dummy"));
	assert_true(layout_handles(reach, "net", "printk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),	  cmocka_unit_test(test_spared),
		cmocka_unit_test(test_few),	  cmocka_unit_test(test_handles_and_private),
		cmocka_unit_test(test_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
