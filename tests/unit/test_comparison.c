/* SPDX-License-Identifier: ISC */
/* Tests comparisons of two configs: what counts, what is ignored, what was selected. */
#include "unit/made.h"

#define HEAD                                                                        \
	"# Linux/mips 4.14.275 Kernel Configuration\nCONFIG_CC_VERSION_TEXT=\"gcc " \
	"7\"\nCONFIG_NET=y\n"

struct two {
	struct made *made;
	struct config a, b;
	struct comparison comparison;
};

static struct two compare(const char *a, const char *b)
{
	struct two two = {.made = made_new()};

	made_config(two.made, &two.a, "a", a);
	made_config(two.made, &two.b, "b", b);
	two.comparison = configs_compare(&two.made->arena, &two.a, &two.b, &two.made->layout);
	return two;
}

static void test_equal(void **state)
{
	(void)state;
	struct two two = compare(HEAD, HEAD);

	assert_int_equal(two.comparison.core.count, 0);
	assert_int_equal(two.comparison.structs.count, 0);
	assert_null(two.comparison.unusable);
	assert_string_equal(two.comparison.compiler, "\"gcc 7\"");
	made_free(two.made);
}

static void test_core(void **state)
{
	(void)state;
	struct two two = compare(
		HEAD "CONFIG_B=m\nCONFIG_HZ=100\nCONFIG_CMDLINE=\"a\"\n",
		HEAD "CONFIG_B=y\nCONFIG_A=y\nCONFIG_HZ=250\nCONFIG_CMDLINE=\"b\"\nCONFIG_M=m\n");
	const struct option_changes *core = &two.comparison.core;

	/* sorted by name; the command line is ignored, and a module does not belong to the core */
	assert_int_equal(core->count, 3);
	assert_string_equal(core->list[0].name, "CONFIG_A");
	assert_string_equal(core->list[1].name, "CONFIG_B");
	assert_string_equal(core->list[2].name, "CONFIG_HZ");
	assert_int_equal(two.comparison.structs.count, 1);
	assert_string_equal(two.comparison.structs.list[0].name, "task_struct");
	made_free(two.made);
}

static void test_ignored_by_policy(void **state)
{
	(void)state;
	struct two two = {.made = made_new()};

	two.made->rules.ignored = (struct strings){0};
	*array_add(&two.made->arena, &two.made->rules.ignored) = "A*";
	made_config(two.made, &two.a, "a", HEAD);
	made_config(two.made, &two.b, "b", HEAD "CONFIG_ABC=y\nCONFIG_CMDLINE=\"b\"\n");
	two.comparison = configs_compare(&two.made->arena, &two.a, &two.b, &two.made->layout);
	assert_int_equal(two.comparison.core.count, 1);
	assert_string_equal(two.comparison.core.list[0].name, "CONFIG_CMDLINE");
	made_free(two.made);
}

static void test_structs_sorted(void **state)
{
	(void)state;
	struct two two = compare(HEAD "CONFIG_TRACER=m\n",
				 HEAD "CONFIG_NF_CONNTRACK=m\nCONFIG_MAC802154=m\n");
	const struct struct_changes *structs = &two.comparison.structs;

	assert_int_equal(structs->count, 4);
	assert_string_equal(structs->list[0].name, "net");
	assert_true(structs->list[0].holder);
	assert_string_equal(structs->list[1].name, "netns");
	assert_string_equal(structs->list[2].name, "sk_buff");
	assert_string_equal(structs->list[3].name, "task_struct");
	made_free(two.made);
}

static void test_dragged(void **state)
{
	(void)state;
	struct two two =
		compare(HEAD "CONFIG_NFT=m\n",
			HEAD "CONFIG_NFT=m\nCONFIG_DRIVER=m\nCONFIG_NET_DEVLINK=y\nCONFIG_OWN=y\n");
	struct draggeds draggeds = comparison_dragged(&two.made->arena, &two.comparison);

	assert_int_equal(draggeds.count, 1);
	assert_string_equal(draggeds.list[0].option, "CONFIG_NET_DEVLINK");
	assert_string_equal(draggeds.list[0].by, "CONFIG_DRIVER");
	two.comparison.layout.rules = NULL;
	assert_int_equal(comparison_dragged(&two.made->arena, &two.comparison).count, 0);
	made_free(two.made);
}

static void test_unusable(void **state)
{
	(void)state;
	struct two two = compare("CONFIG_NET=y\n", HEAD);

	assert_non_null(strstr(two.comparison.unusable, "a is not a complete config"));
	made_free(two.made);
	two = compare(HEAD, "# Linux/mips 4.14.276 Kernel Configuration\nCONFIG_NET=y\n");
	assert_string_equal(two.comparison.unusable,
			    "the configs are of kernels 4.14.275 and 4.14.276");
	/* nor do they name the same compiler */
	assert_null(two.comparison.compiler);
	made_free(two.made);
}

static void test_without_rules(void **state)
{
	(void)state;
	struct made *made = made_new();
	const struct layout_choice none = {.ignored = &made->rules.ignored};
	struct config a, b;

	made_config(made, &a, "a", HEAD);
	made_config(made, &b, "b", HEAD "CONFIG_NF_CONNTRACK=m\nCONFIG_A=y\n");
	struct comparison comparison = configs_compare(&made->arena, &a, &b, &none);
	assert_int_equal(comparison.structs.count, 0);
	assert_int_equal(comparison.core.count, 1);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_ignored_by_policy),
		cmocka_unit_test(test_structs_sorted),
		cmocka_unit_test(test_dragged),
		cmocka_unit_test(test_unusable),
		cmocka_unit_test(test_without_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
