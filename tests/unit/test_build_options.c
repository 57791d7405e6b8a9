/* SPDX-License-Identifier: ISC */
/* Tests the options that change calls, constants or all structs: the names in the table, and its
 * answers for a config. */
#include "unit/made.h"

static struct rules shipped(struct arena *arena)
{
	struct rules rules;
	struct error error = {""};

	if (!rules_read(arena, NULL, &rules, &error))
		fail_msg("%s", error.text);
	return rules;
}

static const char *kind_of(const struct rules *rules, const char *option)
{
	const struct build_option *found = build_option_find(&rules->build, option);

	return found ? option_kind_name[found->kind] : "";
}

static void test_kinds(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules = shipped(&arena);

	assert_string_equal(kind_of(&rules, "CONFIG_RANDSTRUCT_FULL"), "seed");
	assert_string_equal(kind_of(&rules, "GCC_PLUGIN_RANDSTRUCT"), "seed");
	assert_string_equal(kind_of(&rules, "CONFIG_CFI_CLANG"), "flags");
	assert_string_equal(kind_of(&rules, "CONFIG_KASAN_HW_TAGS"), "flags");
	assert_string_equal(kind_of(&rules, "CONFIG_HZ_250"), "constant");
	assert_string_equal(kind_of(&rules, "CONFIG_PREEMPT_RT"), "inline");
	assert_string_equal(kind_of(&rules, "CONFIG_CPU_MIPS32_R2"), "machine");
	assert_string_equal(kind_of(&rules, "CONFIG_GENERIC_BUG"), "record");
	/* names that a glob might match by accident, and unlisted ones */
	assert_string_equal(kind_of(&rules, "CONFIG_RANDSTRUCT_NONE"), "");
	assert_string_equal(kind_of(&rules, "CONFIG_LTO_NONE"), "");
	assert_string_equal(kind_of(&rules, "CONFIG_OVERLAY_FS_REDIRECT_ALWAYS_FOLLOW"), "");
	assert_string_equal(kind_of(&rules, "CONFIG_CPU_FREQ"), "");
	assert_null(build_option_find(NULL, "CONFIG_HZ"));
}

static const char *seed_of(struct arena *arena, const struct rules *rules, const char *text)
{
	struct config config;
	struct error error = {""};

	if (!config_read(arena, "x", span_text(text), &config, &error))
		fail_msg("%s", error.text);
	return build_options_seed(&rules->build, &config);
}

static void test_seed(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules = shipped(&arena);

	assert_string_equal(seed_of(&arena, &rules, "CONFIG_NET=y\nCONFIG_RANDSTRUCT_FULL=y\n"),
			    "CONFIG_RANDSTRUCT_FULL");
	assert_null(seed_of(&arena, &rules, "CONFIG_NET=y\nCONFIG_RANDSTRUCT_NONE=y\n"));
	assert_null(seed_of(&arena, &rules, "# CONFIG_GCC_PLUGIN_RANDSTRUCT is not set\n"));
}

static void test_refused(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	static const char *const bad[] = {
		"",
		"schema: kmodaudit/layout-rules/1\n",
		"schema: kmodaudit/build-options/1\noptions: [{names: [A], kind: magic, why: w}]\n",
		"schema: kmodaudit/build-options/1\noptions: [{names: [A], kind: seed}]\n",
		"schema: kmodaudit/build-options/1\noptions: [{kind: seed, why: w}]\n",
		"schema: kmodaudit/build-options/1\noptions: [{names: [A], kind: seed, why: w, x: "
		"y}]\n",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct build_options options;
		struct error error = {""};

		assert_false(build_options_read(&arena, "t", span_text(bad[i]), &options, &error));
		assert_true(error.text[0] != '\0');
	}
}

/* Even with equal configs: neither contains the seed. */
static void test_seed_clears_nothing(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules = shipped(&arena);
	const struct layout_choice choice = {.build = &rules.build};
	const char *text = "CONFIG_NET=y\nCONFIG_RANDSTRUCT_FULL=y\n";
	struct config config;
	struct error error = {""};

	assert_true(config_read(&arena, "x", span_text(text), &config, &error));
	assert_string_equal(configs_compare(&arena, &config, &config, &choice).seed,
			    "CONFIG_RANDSTRUCT_FULL");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_seed_clears_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
