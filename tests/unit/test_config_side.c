/* SPDX-License-Identifier: ISC */
/* Tests configs against the binaries they should belong to, and configs in build trees. */
#include "unit/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct abi abi = {.version = "4.14.275-1", .hash = HASH};

static struct strings said_of(struct made *made, const struct config_side *side)
{
	struct strings said = {0};

	config_contradictions(&made->arena, &made->image_config, side, &said);
	return said;
}

static struct strings against(struct made *made, const char *text, const struct config_side *side)
{
	made_config(made, &made->image_config, "config", text);
	return said_of(made, side);
}

struct side_case {
	const char *more; /* config lines in addition to MADE_CONFIG */
	const char *vermagic, *module, *builtin;
	const char *want; /* NULL: no finding */
};

static const struct side_case cases[] = {
	{"", VERMAGIC, "tun", "net", NULL},
	{"CONFIG_SMP=y\n", VERMAGIC, NULL, NULL, "CONFIG_SMP is y, vermagic has no 'SMP'"},
	{"", RELEASE " SMP mod_unload ", NULL, NULL, "CONFIG_SMP is not y, vermagic has 'SMP'"},
	{"CONFIG_PREEMPT_BUILD=y\n", RELEASE " preempt mod_unload ", NULL, NULL, NULL},
	{"", RELEASE " preempt mod_unload ", NULL, NULL, "CONFIG_PREEMPT_BUILD is not y"},
	{"CONFIG_PREEMPT_RT=y\nCONFIG_PREEMPT_BUILD=y\n", RELEASE " preempt_rt mod_unload ", NULL,
	 NULL, NULL},
	{"CONFIG_FUSE=y\n", NULL, "fuse", NULL, "CONFIG_FUSE=y, but the module exists as a file"},
	{"CONFIG_FUSE=m\n", NULL, "fuse", NULL, NULL},
	/* the option may have another name than the module */
	{"", NULL, "fuse", NULL, NULL},
	{"CONFIG_FUSE=m\n", NULL, NULL, "fuse",
	 "CONFIG_FUSE=m, but modules.builtin lists it as built in"},
	{"CONFIG_MODVERSIONS=y\n", NULL, NULL, NULL,
	 "CONFIG_MODVERSIONS is y, the export table has no CRCs"},
	{"CONFIG_64BIT=y\n", NULL, NULL, NULL, "CONFIG_64BIT is y, the kernel has 32 bits"},
};

static void test_binaries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made *made = made_new();
		struct strings modules = {0}, builtin = {0};
		struct config_side side = {.release = RELEASE,
					   .vermagic = cases[i].vermagic,
					   .machine = made_machine(),
					   .exports = &made->kernel.exports,
					   .modules = &modules,
					   .builtin = &builtin};

		if (cases[i].module)
			*array_add(&made->arena, &modules) = cases[i].module;
		if (cases[i].builtin)
			*array_add(&made->arena, &builtin) = cases[i].builtin;

		struct strings said = against(
			made, arena_format(&made->arena, MADE_CONFIG "%s", cases[i].more), &side);
		if (said.count != (cases[i].want != NULL) ||
		    (said.count && !strstr(said.list[0], cases[i].want)))
			fail_msg("case %zu: %zu: %s", i, said.count,
				 said.count ? said.list[0] : "nothing");
		made_free(made);
	}
}

/* The banner's release contains CONFIG_LOCALVERSION; another release may lack it, and what
 * the kernel itself has is its config. */
static void test_suffix(void **state)
{
#define SUFFIX(text) MADE_CONFIG "CONFIG_LOCALVERSION=\"" text "\"\n"
	static const char release[] = RELEASE "-rt+",
			  banner[] = "Linux version " RELEASE "-rt+ (a@b) (gcc) #1";
	static const struct {
		const char *text, *banner, *want;
		bool inside;
	} rows[] = {
		{SUFFIX("-v8"), banner, NULL, true},
		{SUFFIX("-v8"), banner,
		 "CONFIG_LOCALVERSION is \"-v8\", the kernel is " RELEASE "-rt+", false},
		{SUFFIX("-rt"), banner, NULL, false},
		{SUFFIX(""), banner, NULL, false},
		{MADE_CONFIG, banner, NULL, false},
		{SUFFIX("-v8"), NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct made *made = made_new();
		struct config_side side = {.release = release, .banner = rows[i].banner};

		made_config(made, &made->image_config, "config", rows[i].text);
		made->image_config.inside = rows[i].inside;

		struct strings said = said_of(made, &side);

		assert_int_equal(said.count, rows[i].want != NULL);
		if (rows[i].want)
			assert_string_equal(said.list[0], rows[i].want);
		made_free(made);
	}
}

/* One namesake among many modules that agree is a coincidence. */
static void test_namesakes(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct strings modules = {0};
	struct config_side side = {.modules = &modules};
	const char *text = MADE_CONFIG "CONFIG_ISDN=y\n";

	*array_add(&made->arena, &modules) = "isdn";
	for (int i = 0; i < 20; i++) {
		*array_add(&made->arena, &modules) = arena_format(&made->arena, "m%d", i);
		text = arena_format(&made->arena, "%sCONFIG_M%d=m\n", text, i);
		assert_int_equal(against(made, text, &side).count, i < 19);
	}
	made_free(made);
}

static void test_release(void **state)
{
	(void)state;
	static const struct {
		const char *release;
		bool fits;
	} releases[] = {{"4.14.275", true},   {"4.14.275+", true}, {"4.14.275-custom", true},
			{"4.14.2750", false}, {"4.14.27", false},  {"4.14.275.1", false},
			{NULL, true}};

	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++) {
		struct made *made = made_new();
		struct config_side side = {.release = releases[i].release};

		assert_int_equal(against(made, MADE_CONFIG, &side).count, !releases[i].fits);
		made_free(made);
	}
}

static void test_hash(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct config *config = &made->image_config;

	made_config(made, config, "config", MADE_CONFIG);
	assert_int_equal(config_hash(config, NULL), HASH_UNKNOWN);
	assert_int_equal(config_hash(config, &(struct abi){.version = "1"}), HASH_UNKNOWN);
	assert_int_equal(config_hash(config, &abi), HASH_RESOLVED);
	config->set_vermagic = HASH;
	assert_int_equal(config_hash(config, &abi), HASH_AGREES);
	config->set_vermagic = HASH2;
	assert_int_equal(config_hash(config, &abi), HASH_DIFFERS);
	made_config(made, config, "config.set", "CONFIG_NET=y\n");
	assert_int_equal(config_hash(config, &abi), HASH_DIFFERS);
	made_config(made, config, "config.set", "CONFIG_NET=y\n");
	assert_int_equal(
		config_hash(config, &(struct abi){.version = "1", .hash = config->vermagic}),
		HASH_AGREES);
	made_free(made);
}

static void test_exports(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct config_side side = {.exports = &made->kernel.exports, .rules = made->layout.rules};

	assert_int_equal(against(made, MADE_CONFIG, &side).count, 0);
	made_export(made, &made->kernel.exports.table, "devlink_alloc", 0);
	made_export(made, &made->kernel.exports.table, "devlink_free", 0);
	struct strings said = against(made, MADE_CONFIG, &side);
	assert_int_equal(said.count, 1);
	assert_non_null(strstr(
		said.list[0], "CONFIG_NET_DEVLINK is not y, but the kernel exports devlink_alloc"));
	assert_int_equal(against(made, MADE_CONFIG "CONFIG_NET_DEVLINK=y\n", &side).count, 0);
	/* a config that kconfig has not completed lacks selected options; and without rules
	 * nothing is reported */
	assert_int_equal(against(made, "CONFIG_NET=y\n", &side).count, 0);
	side.rules = NULL;
	assert_int_equal(against(made, MADE_CONFIG, &side).count, 0);
	made_free(made);
}

static void file_put(const char *root, const char *path, const char *text)
{
	char name[512];

	snprintf(name, sizeof name, "%s/%s", root, path);
	for (char *at = strchr(name + strlen(root) + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(name, 0755);
		*at = '/';
	}
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_tree(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	char root[] = "/tmp/kmodaudit-tree-XXXXXX";
	struct error error;
	const char *const place = "build_dir/target-mips_24kc/linux-ath79/linux-4.14.275";

	assert_non_null(mkdtemp(root));
	assert_null(config_of_tree(&arena, root, NULL, &error));
	/* OpenWrt's own .config, which is not for a kernel */
	file_put(root, ".config", "# OpenWrt Configuration\nCONFIG_MODULES=y\n");
	assert_null(config_of_tree(&arena, root, NULL, &error));
	file_put(root, arena_format(&arena, "%s/.config", place), MADE_CONFIG);
	const struct config *config = config_of_tree(&arena, root, RELEASE, &error);
	assert_non_null(config);
	assert_non_null(strstr(config->witness, place));
	assert_null(config->set_vermagic);
	assert_null(config_of_tree(&arena, root, "4.14.27", &error));
	assert_null(config_of_tree(&arena, root, "5.4.1", &error));
	file_put(root, arena_format(&arena, "%s/.config.set", place), "CONFIG_NET=y\n");
	config = config_of_tree(&arena, root, NULL, &error);
	assert_string_equal(config->set_vermagic, md5_hex(&arena, span_text("CONFIG_NET=y\n")));
	/* a link out of the tree is not followed */
	const char *elsewhere = arena_format(&arena, "%s/build_dir/elsewhere", root);
	assert_int_equal(mkdir(elsewhere, 0755), 0);
	assert_int_equal(symlink(arena_format(&arena, "%s/%s/.config", root, place),
				 arena_format(&arena, "%s/.config", elsewhere)),
			 0);
	assert_null(config_of_tree(&arena, elsewhere, NULL, &error));
	assert_int_equal(system(arena_format(&arena, "rm -r %s", root)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binaries),  cmocka_unit_test(test_suffix),
		cmocka_unit_test(test_namesakes), cmocka_unit_test(test_release),
		cmocka_unit_test(test_hash),	  cmocka_unit_test(test_exports),
		cmocka_unit_test(test_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
