/* SPDX-License-Identifier: ISC */
/* Tests layout rules: what an option changes, which symbols handle it, what selects it, what
 * adds a symbol. */
#include "unit/made.h"

#include "base/embed.h"

#include <ctype.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct layout_rules *rules_of(struct arena *arena, const char *text)
{
	const struct layout_rules *rules = NULL;
	struct error error = {""};

	if (!layout_rules_read(arena, "rules", span_text(text), &rules, &error))
		fail_msg("%s", error.text);
	return rules;
}

/* "sk_buff,net" */
static const char *changed(struct arena *arena, const struct layout_rules *rules,
			   const char *option, const char *before, const char *after)
{
	struct struct_changes changes = {0};
	struct strings names = {0};

	layout_changes(arena, rules, option, before, after, &changes);
	array_each(change, &changes)
		*array_add(arena, &names) =
			arena_format(arena, "%s%s", change->holder ? "+" : "", change->name);
	return strings_join(arena, &names, names.count);
}

static void test_changes(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules = rules_of(&arena, MADE_LAYOUT);

	assert_string_equal(layout_rules_series(rules), "4.14");
	assert_true(layout_rules_graded(rules));
	assert_string_equal(changed(&arena, rules, "CONFIG_NF_CONNTRACK", NULL, "m"), "sk_buff");
	assert_string_equal(changed(&arena, rules, "CONFIG_NF_CONNTRACK", "m", "n"), "sk_buff");
	/* IS_ENABLED is true for =y and for =m */
	assert_string_equal(changed(&arena, rules, "CONFIG_NF_CONNTRACK", "y", "m"), "");
	assert_string_equal(changed(&arena, rules, "CONFIG_NF_CONNTRACK", NULL, "n"), "");
	/* a struct that contains a changed one changes too, and so does an array sized by a
	 * constant */
	assert_string_equal(changed(&arena, rules, "CONFIG_MAC802154", "n", "m"), "netns, +net");
	assert_string_equal(changed(&arena, rules, "CONFIG_X25", NULL, "m"), "net");
	/* #ifdef sees only =y; for a number every value counts */
	assert_string_equal(changed(&arena, rules, "CONFIG_SMP", NULL, "y"), "module");
	assert_string_equal(changed(&arena, rules, "CONFIG_SMP", NULL, "m"), "");
	assert_string_equal(changed(&arena, rules, "CONFIG_HZ", "100", "250"), "task_struct");
	assert_string_equal(changed(&arena, rules, "CONFIG_UNHEARD_OF", NULL, "m"), "");
}

static void test_change_tells(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules = rules_of(&arena, MADE_LAYOUT);
	struct struct_changes changes = {0};

	layout_changes(&arena, rules, "CONFIG_NF_CONNTRACK", NULL, "m", &changes);
	layout_changes(&arena, rules, "CONFIG_TRACER", NULL, "m", &changes);
	assert_int_equal(changes.count, 2);
	assert_string_equal(changes.list[0].option, "CONFIG_NF_CONNTRACK");
	assert_string_equal(changes.list[0].subsystem, "net");
	assert_string_equal(changes.list[0].where, "include/linux/skbuff.h: _nfct");
	assert_false(changes.list[0].ambient);
	assert_true(changes.list[1].ambient);
	/* the same change again adds nothing */
	layout_changes(&arena, rules, "CONFIG_TRACER", NULL, "m", &changes);
	assert_int_equal(changes.count, 2);
}

static void test_exposure(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules = rules_of(&arena, MADE_LAYOUT);

	assert_int_equal(layout_exposure(rules, "net", "kfree_skb"), EXPOSURE_DIRECT);
	assert_int_equal(layout_exposure(rules, "net", "skb_put"), EXPOSURE_DIRECT);
	assert_int_equal(layout_exposure(rules, "net", "skb_copy_expand"), EXPOSURE_DIRECT);
	assert_int_equal(layout_exposure(rules, "net", "skb_puts"), EXPOSURE_NEAR);
	assert_int_equal(layout_exposure(rules, "task", "kfree_skb"), EXPOSURE_NEAR);
	assert_int_equal(layout_exposure(rules, "net", "printk"), EXPOSURE_CLEAN);
	assert_int_equal(layout_exposure(rules, "usb", "printk"), EXPOSURE_NEAR);
}

static void test_drags_and_exports(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules = rules_of(&arena, MADE_LAYOUT);
	struct effects effects = layout_effects(&arena, rules);

	assert_true(strings_have(layout_dragged_by(rules, "CONFIG_NET_DEVLINK"), "DRIVER"));
	/* a condition after the name does not belong to it */
	assert_true(strings_have(layout_dragged_by(rules, "CONFIG_PAGE_POOL"), "NFT"));
	assert_null(layout_dragged_by(rules, "CONFIG_NET"));
	assert_string_equal(layout_exporter(&arena, rules, "devlink_free"), "CONFIG_NET_DEVLINK");
	assert_null(layout_exporter(&arena, rules, "printk"));
	assert_int_equal(effects.count, 2);
	assert_string_equal(effects.list[0].symbol, "devlink_alloc");
}

static void test_ungraded(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules =
		rules_of(&arena, "schema: kmodaudit/layout-rules/1\nseries: \"5.4\"\nstructs: "
				 "{}\nlayout: {A: {b: [c]}}\n");

	assert_false(layout_rules_graded(rules));
	assert_int_equal(layout_exposure(rules, "net", "printk"), EXPOSURE_NEAR);
	assert_string_equal(changed(&arena, rules, "CONFIG_A", NULL, "m"), "b");
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  "[]",
					  "schema: kmodaudit/layout-rules/2\n",
					  "series: \"6.1\"\n",
					  "schema: kmodaudit/layout-rules/1\nseries: \"6.1\"\n",
					  "schema: [kmodaudit/layout-rules/1]\n"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		_cleanup_arena_ struct arena arena = {0};
		const struct layout_rules *rules;
		struct error error = {""};

		assert_false(
			layout_rules_read(&arena, "my rules", span_text(bad[i]), &rules, &error));
		assert_non_null(strstr(error.text, "my rules"));
	}
}

/* Rules that are truncated anywhere give an error, or rules that answer. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t size = 1; size < strlen(MADE_LAYOUT); size += 7) {
		_cleanup_arena_ struct arena arena = {0};
		const struct layout_rules *rules;
		struct error error = {""};

		if (!layout_rules_read(&arena, "cut", span_from(MADE_LAYOUT, size), &rules,
				       &error)) {
			assert_true(strlen(error.text) > 0);
			continue;
		}
		assert_non_null(changed(&arena, rules, "CONFIG_NF_CONNTRACK", NULL, "m"));
		assert_null(layout_exporter(&arena, rules, "nothing"));
	}
}

/* The built-in files can be chosen: each for its own series, and for other series the nearest
 * one. */
static void test_choose(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct layout_choice choice;
	struct rules rules;
	struct error error = {""};

	assert_true(rules_read(&arena, NULL, &rules, &error));
	assert_true(layout_choose(&arena, "6.1.192", &rules, LAYOUT_ALL, &choice, &error));
	assert_string_equal(layout_rules_series(choice.rules), "6.1");
	assert_true(choice.exact);
	assert_ptr_equal(choice.graded, choice.rules);
	assert_true(layout_choose(&arena, "6.3.1", &rules, LAYOUT_ALL, &choice, &error));
	assert_string_equal(layout_rules_series(choice.rules), "6.1");
	assert_false(choice.exact);
	assert_true(layout_choose(&arena, NULL, &rules, LAYOUT_ALL, &choice, &error));
	assert_null(choice.rules);
	assert_true(layout_choose(&arena, "no release", &rules, LAYOUT_ALL, &choice, &error));
	assert_null(choice.rules);
}

/* Of each built-in file, the part about exported symbols is what the whole file says. */
static void test_choose_effects(void **state)
{
	(void)state;
	size_t files = 0;

	for (const struct embedded *file = embedded_rules; file->name; file++) {
		_cleanup_arena_ struct arena arena = {0};
		struct layout_choice whole, part;
		struct rules rules;
		struct error error = {""};

		if (strncmp(file->name, "kernel/", 7) != 0 || !isdigit(file->name[7]))
			continue;
		assert_true(rules_read(&arena, NULL, &rules, &error));
		assert_true(
			layout_choose(&arena, file->name + 7, &rules, LAYOUT_ALL, &whole, &error));
		assert_true(layout_choose(&arena, file->name + 7, &rules, LAYOUT_EFFECTS, &part,
					  &error));
		assert_string_equal(layout_rules_series(part.rules),
				    layout_rules_series(whole.rules));
		assert_true(part.exact && whole.exact);
		assert_null(part.modules);

		struct effects a = layout_effects(&arena, whole.rules),
			       b = layout_effects(&arena, part.rules);

		assert_int_equal(a.count, b.count);
		for (size_t i = 0; i < a.count; i++) {
			assert_string_equal(a.list[i].option, b.list[i].option);
			assert_string_equal(a.list[i].symbol, b.list[i].symbol);
		}
		files += a.count > 0;
	}
	assert_true(files > 5);
}

/* A user's rules are read whole even for that part: their errors are told. */
static void test_choose_own(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	char dir[] = "/tmp/kmodaudit-rules-XXXXXX";
	struct layout_choice choice;
	struct rules rules;
	struct error error = {""};
	FILE *file;

	assert_non_null(mkdtemp(dir));
	assert_true(rules_read(&arena, dir, &rules, &error));
	assert_true(layout_choose(&arena, "6.1", &rules, LAYOUT_EFFECTS, &choice, &error));
	assert_non_null(choice.modules);
	assert_int_equal(mkdir(arena_format(&arena, "%s/kernel", dir), 0700), 0);
	file = fopen(arena_format(&arena, "%s/kernel/6.1.yaml", dir), "w");
	assert_non_null(file);
	fputs("schema: kmodaudit/layout-rules/1\nseries: \"6.1\"\nclean: [\n", file);
	fclose(file);
	assert_false(layout_choose(&arena, "6.1", &rules, LAYOUT_EFFECTS, &choice, &error));
	assert_non_null(strstr(error.text, "kernel/6.1.yaml: line"));
	unlink(arena_format(&arena, "%s/kernel/6.1.yaml", dir));
	rmdir(arena_format(&arena, "%s/kernel", dir));
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_change_tells),
		cmocka_unit_test(test_exposure),
		cmocka_unit_test(test_drags_and_exports),
		cmocka_unit_test(test_ungraded),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_choose_effects),
		cmocka_unit_test(test_choose_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
