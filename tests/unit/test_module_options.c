/* SPDX-License-Identifier: ISC */
/* Tests which option builds which module: the built-in files, and their answers for a config. */
#include "unit/made.h"
#include "unpack/embedded.h"

static struct module_options shipped(struct arena *arena)
{
	struct module_options options = {0};
	struct error error = {""};
	struct span built, outside;

	if (!embedded_rule(arena, "kernel/module-options.yaml", &built, &error) ||
	    !module_options_read(arena, "built", built, &options, &error) ||
	    !embedded_rule(arena, "kernel/outside-modules.yaml", &outside, &error) ||
	    !outside_modules_read(arena, "outside", outside, &options, &error))
		fail_msg("%s", error.text);
	return options;
}

static void test_shipped(void **state)
{
	static const struct {
		const char *module, *lines, *option, *value;
		bool listed, several;
	} rows[] = {
		{"8021q", "CONFIG_VLAN_8021Q=m\n", "CONFIG_VLAN_8021Q", "m", true, false},
		{"dummy", "CONFIG_DUMMY=y\n", "CONFIG_DUMMY", "y", true, false},
		{"xfrm_user", "# CONFIG_XFRM_USER is not set\n", "CONFIG_XFRM_USER", "n", true,
		 false},
		/* if one of several options is =y, it decides, whatever the order */
		{"libahci", "CONFIG_SATA_AHCI=m\nCONFIG_AHCI_CEVA=y\n", "CONFIG_AHCI_CEVA", "y",
		 true, true},
		{"libahci", "CONFIG_SATA_AHCI=y\nCONFIG_AHCI_CEVA=m\n", "CONFIG_SATA_AHCI", "y",
		 true, true},
		{"libahci", "CONFIG_SATA_AHCI=m\n# CONFIG_AHCI_CEVA is not set\n",
		 "CONFIG_SATA_AHCI", "m", true, true},
		{"dummy", "CONFIG_NET=y\n", "CONFIG_DUMMY", NULL, true, false},
		{"nobody_knows", "CONFIG_NOBODY_KNOWS=y\n", "CONFIG_NOBODY_KNOWS", "y", false,
		 false},
	};
	_cleanup_arena_ struct arena arena = {0};
	struct module_options options = shipped(&arena);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config config;
		struct error error = {""};

		if (!config_read(&arena, "config", span_text(rows[i].lines), &config, &error))
			fail_msg("%s", error.text);
		struct module_option found =
			module_option_get(&arena, &options, &config, rows[i].module);

		assert_string_equal(found.option, rows[i].option);
		assert_int_equal(found.listed, rows[i].listed);
		assert_int_equal(found.several, rows[i].several);
		if (rows[i].value)
			assert_string_equal(found.value, rows[i].value);
		else
			assert_null(found.value);
	}
	assert_true(option_outside(&options, "CONFIG_MAC80211") &&
		    option_outside(&options, "ATH9K"));
	assert_true(option_outside(&options, "CONFIG_NET_SCH_CAKE") &&
		    option_outside(&options, "SMB_SERVER"));
	assert_false(option_outside(&options, "CONFIG_NET_SCH_FQ") ||
		     option_outside(&options, "CONFIG_VLAN_8021Q") ||
		     option_outside(NULL, "ATH9K"));
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"schema: kmodaudit/layout-rules/1\n",
		"schema: kmodaudit/module-options/1\nmore: x\n",
		"schema: kmodaudit/module-options/1\nbuilt_by: [[alone]]\n",
		"schema: kmodaudit/module-options/1\nbuilt_by: [[a, [b]]]\n",
		"schema: kmodaudit/module-options/1\nbuilt_by: [text]\n",
	};
	_cleanup_arena_ struct arena arena = {0};
	struct error error = {""};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct module_options options = {0};

		assert_false(
			module_options_read(&arena, "file", span_text(texts[i]), &options, &error));
		assert_non_null(strstr(error.text, "file"));
		assert_false(outside_modules_read(&arena, "file", span_text(texts[i]), &options,
						  &error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_shipped),
					   cmocka_unit_test(test_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
