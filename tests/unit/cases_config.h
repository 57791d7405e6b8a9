/* SPDX-License-Identifier: ISC */
/* Cases about kernel configs, twins and modules that are not of their feed's build. */

/* Neither CRCs nor the kernel abi can prove anything here. */
static void other_build(struct made *made)
{
	other_hash(made);
}

static void same_configs(struct made *made)
{
	other_build(made);
	made->image.abi = (struct abi){.witness = "nothing says"};
	made_configs(made, "", "");
}

/* two copies of one file are given, one for each side */
static void same_configs_given(struct made *made)
{
	same_configs(made);
	made->image.config_given = true;
}

/* the bytes differ, the options do not */
static void same_options_given(struct made *made)
{
	same_configs_given(made);
	made_configs(made, "", "# CONFIG_NOBODY is not set\n");
}

/* the image contains its config itself */
static void same_configs_own(struct made *made)
{
	same_configs_given(made);
	made->image.own_config = made->image.config;
}

static void same_configs_other_hash(struct made *made)
{
	other_build(made);
	made_configs(made, "", "");
}

static void harmless_option(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_DUMMY=m\n");
}

static void image_config_only(struct made *made)
{
	harmless_option(made);
	made->has_feed_config = false;
}

static void core_option(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_CGROUPS=y\n");
}

static void ignored_option(struct made *made)
{
	other_build(made);
	made_configs(made, "CONFIG_RD_GZIP=y\n", "CONFIG_RD_XZ=y\n");
}

static void unseen_option(struct made *made)
{
	made_configs(made, "CONFIG_HZ=100\n", "CONFIG_HZ=1000\n");
}

static void seed_option(struct made *made)
{
	made_configs(made, "CONFIG_RANDSTRUCT_FULL=y\n", "CONFIG_RANDSTRUCT_FULL=y\n");
}

static void seed_option_same_seed(struct made *made)
{
	seed_option(made);
	made->image.vermagic.value = made->xm->modinfo.vermagic =
		"4.14.275 mod_unload RANDSTRUCT_a1b2c3 ";
}

static void sensitive_option(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_NF_CONNTRACK=m\n");
}

static void sensitive_option_used(struct made *made)
{
	sensitive_option(made);
	made_export(made, &made->kernel.exports.table, "kfree_skb", 0);
	made_import(made, made->xm, "kfree_skb", 0);
}

/* both builds have symbol CRCs, and all of them are equal */
static void crcs_beside_configs(struct made *made, const char *feed)
{
	static const char versions[] = RELEASE " mod_unload modversions MIPS32_R2 32BIT ";

	made_configs(made, "CONFIG_MODVERSIONS=y\n",
		     arena_format(&made->arena, "CONFIG_MODVERSIONS=y\n%s", feed));
	made->image.vermagic.value = made->base->modinfo.vermagic = versions;
	made->xm->modinfo.vermagic = versions;
	made_crcs(made);
}

/* the CRC of kfree_skb covers struct sk_buff */
static void sensitive_option_equal_crcs(struct made *made)
{
	sensitive_option_used(made);
	crcs_beside_configs(made, "CONFIG_NF_CONNTRACK=m\n");
}

static void sensitive_option_other_crc(struct made *made)
{
	sensitive_option_equal_crcs(made);
	array_each(import, &made->xm->imports)
		if (strcmp(import->name, "kfree_skb") == 0)
			import->crc++;
}

static void sensitive_option_no_crc(struct made *made)
{
	sensitive_option_equal_crcs(made);
	array_each(import, &made->xm->imports)
		if (strcmp(import->name, "kfree_skb") == 0)
			import->has_crc = false;
}

static void sensitive_option_not_known(struct made *made)
{
	sensitive_option_used(made);
	made->image.config = NULL;
}

static void sensitive_option_near(struct made *made)
{
	sensitive_option(made);
	made_export(made, &made->kernel.exports.table, "seq_open", 0);
	made_import(made, made->xm, "seq_open", 0);
}

static void ambient_option(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_TRACER=m\n");
}

static void rules_of_other_series(struct made *made)
{
	harmless_option(made);
	made->layout.exact = false;
}

static void rules_of_other_series_used(struct made *made)
{
	sensitive_option_used(made);
	made->layout.exact = false;
}

static void smp_config(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_SMP=y\n");
	made->xm->modinfo.vermagic = RELEASE " SMP mod_unload MIPS32_R2 32BIT ";
}

/* the CRC of module_layout covers struct module */
static void kallsyms_equal_crcs(struct made *made)
{
	other_build(made);
	crcs_beside_configs(made, "CONFIG_KALLSYMS=y\n");
}

static void compilers_differ(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_CC_VERSION_TEXT=\"gcc 13.1\"\n");
}

static void config_of_other_release(struct made *made)
{
	other_build(made);
	made_configs(made, "", "");
	made_config(made, &made->image_config, "config.image",
		    "# Linux/mips 4.19.1 Kernel Configuration\nCONFIG_MIPS=y\n"
		    "CONFIG_CPU_BIG_ENDIAN=y\nCONFIG_MODULE_UNLOAD=y\n");
}

static void config_not_of_feed(struct made *made)
{
	other_build(made);
	made_configs(made, "", "CONFIG_X=y\n");
}

static void config_given_wrong_hash(struct made *made)
{
	other_build(made);
	made_configs(made, "", "");
	made_config(made, &made->feed_config, "config.feed",
		    "CONFIG_MIPS=y\nCONFIG_CPU_BIG_ENDIAN=y\nCONFIG_MODULE_UNLOAD=y\n");
}

static void config_of_the_hash(struct made *made)
{
	other_build(made);
	made_configs(made, "", "");
	made->image_config.set_vermagic = HASH;
	made->has_feed_config = false;
}

static void config_without_export(struct made *made)
{
	same_configs(made);
	made_export(made, &made->kernel.exports.table, "devlink_alloc", 0);
}

static void missing_of_option(struct made *made)
{
	other_build(made);
	made_import(made, made->xm, "devlink_free", 0);
}

/* kmod-base is in the feed too, from the other build; its module is equal. */
static struct module *twin(struct made *made)
{
	struct package *package = made_kmod(made, "kmod-base", "base");

	other_build(made);
	made_pin(made, package, RELEASE "-1-" HASH2);
	return &package->modules.list[0];
}

static void twins_equal(struct made *made)
{
	twin(made);
}

static void twins_accepted(struct made *made)
{
	twin(made);
	made->rules.accepted[PROOF_TWINS] = true;
}

static void twins_differ(struct made *made)
{
	twins_accepted(made);
	made->feeds.list[0].packages.list[1].modules.list[0].sections = made_digest("other");
}

static void twins_import_less(struct made *made)
{
	twins_accepted(made);
	made_import(made, made->xm, "kmalloc", 0);
}

static void twins_differ_configs_equal(struct made *made)
{
	twin(made)->sections = made_digest("other");
	made_configs(made, "", "");
}

static void feed_of(struct made *made, size_t count)
{
	for (size_t i = 0; i < count; i++)
		made_kmod(made, arena_format(&made->arena, "kmod-m%zu", i),
			  arena_format(&made->arena, "m%zu", i));
	made->image.this_module = (struct this_module){0};
	for (size_t i = 0; i < made->image.modules.count; i++)
		made->image.modules.list[i].this_module.known = false;
}

/* The image has the same version of kmod-base from another build; kmod-x depends on the image's
 * kernel abi. */
static void twins_contradict(struct made *made)
{
	made_kmod(made, "kmod-base", "base")->modules.list[0].sections = made_digest("other");
}

static void foreign_among_many(struct made *made)
{
	feed_of(made, 12);
	other_size(made);
}

static void foreign_among_few(struct made *made)
{
	feed_of(made, 3);
	other_size(made);
}

static void foreign_and_alone(struct made *made)
{
	feed_of(made, 1);
	other_size(made);
}

static void none_foreign(struct made *made)
{
	feed_of(made, 12);
}

/* The sets of the two hashes: SHARED, and what only the image or the package has more. */
static void made_sets(struct made *made, const char *image, const char *feed)
{
	static const char *const shared[] = {"CONFIG_MODULES=y", "CONFIG_NET=y",
					     "CONFIG_NETFILTER=y", "CONFIG_NF_CONNTRACK_MARK=y"};
	const char *const hashes[] = {HASH, HASH2}, *const more[] = {image, feed};

	other_build(made);
	for (size_t i = 0; i < 2; i++) {
		struct strings *lines = arena_new(&made->arena, struct strings);

		for (size_t k = 0; k < sizeof shared / sizeof *shared; k++)
			made_string(made, lines, shared[k]);
		if (more[i])
			made_string(made, lines, more[i]);
		strings_unique(lines);
		*MADE_ADD(made, &made->sets) = (struct known_set){.hash = hashes[i],
								  .lines = lines,
								  .who = i ? "later" : "first",
								  .how = "made"};
	}
	made->kernel.banner = (struct fact){"Linux version " RELEASE
					    " (me@here) (gcc 7.5) #0 Mon Feb 3 23:09:37 2025",
					    "banner"};
	made->x->stamp = (struct stamp){1738624177, 1738624177};
}

static void sets_harmless(struct made *made)
{
	made_sets(made, NULL, "CONFIG_DUMMY=m");
}

/* lines that nobody changed take effect with the one that was added */
static void sets_gated(struct made *made)
{
	made_sets(made, NULL, "CONFIG_NF_CONNTRACK=m");
}

static void sets_selected(struct made *made)
{
	made_sets(made, "CONFIG_BONDING=m", NULL);
	made_import(made, made->xm, "kfree_skb", 0);
	made_export(made, &made->kernel.exports.table, "kfree_skb", 0);
}

static void sets_of_other_date(struct made *made)
{
	sets_harmless(made);
	made->x->stamp = (struct stamp){1738600000, 1738600000};
}

static void sets_of_no_date(struct made *made)
{
	sets_harmless(made);
	made->x->stamp = (struct stamp){0};
}

static void sets_foreign_option(struct made *made)
{
	made_sets(made, NULL, "CONFIG_OPENWRT_PATCH=m");
}

static void set_unknown(struct made *made)
{
	sets_harmless(made);
	made->sets.list[0].lines = NULL;
}

static void sets_without_kconfig(struct made *made)
{
	sets_harmless(made);
	made->layout.kconfig = NULL;
}

static void set_of_other_kernel(struct made *made)
{
	sets_harmless(made);
	made_string(made, &made->image.builtin, "dummy");
}

static const struct rule_case config_cases[] = {
	{"config-core", OUTCOME_HOLDS, true, same_configs, SAFE, "same =y options"},
	{"config-core", OUTCOME_HOLDS, false, same_configs_given, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, true, same_options_given, SAFE, NULL},
	{"config-core", OUTCOME_HOLDS, true, same_configs_own, SAFE, NULL},
	{"config-core", OUTCOME_HOLDS, true, harmless_option, SAFE,
	 "of 1 =m options that differ, none changes"},
	{"config-core", OUTCOME_HOLDS, true, ignored_option, SAFE, NULL},
	{"config-core", OUTCOME_HOLDS, true, sensitive_option, SAFE, NULL},
	{"config-core", OUTCOME_HOLDS, false, same_configs_other_hash, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, image_config_only, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, core_option, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, sensitive_option_near, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, ambient_option, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, rules_of_other_series, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, compilers_differ, UNPROVEN, NULL},
	{"config-core", OUTCOME_HOLDS, false, twins_differ_configs_equal, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, true, sets_harmless, SAFE, "+CONFIG_DUMMY=m"},
	{"config-hash", OUTCOME_HOLDS, false, sets_gated, UNPROVEN, NULL},
	{"layout-changed", OUTCOME_FAILS, true, sets_selected, UNSAFE, "abi hashes show"},
	{"config-hash", OUTCOME_HOLDS, false, sets_selected, UNSAFE, NULL},
	{"config-hash", OUTCOME_HOLDS, false, sets_of_other_date, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, false, sets_of_no_date, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, false, sets_foreign_option, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, false, set_unknown, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, false, sets_without_kconfig, UNPROVEN, NULL},
	{"config-hash", OUTCOME_HOLDS, false, set_of_other_kernel, UNPROVEN, NULL},
	{"source-stamp", OUTCOME_REMARK, true, sets_of_other_date, UNPROVEN, "23:09:37"},
	{"source-stamp", OUTCOME_REMARK, false, sets_of_no_date, UNPROVEN, NULL},
	{"kernel-options", OUTCOME_UNKNOWN, true, unseen_option, UNPROVEN, "CONFIG_HZ"},
	{"kernel-options", OUTCOME_UNKNOWN, true, seed_option, UNPROVEN,
	 "lays out structs differently"},
	{"kernel-options", OUTCOME_UNKNOWN, false, seed_option_same_seed, -1, NULL},
	{"kernel-options", OUTCOME_UNKNOWN, false, harmless_option, SAFE, NULL},
	{"layout-changed", OUTCOME_FAILS, true, sensitive_option_used, UNSAFE, "struct sk_buff"},
	{"layout-changed", OUTCOME_FAILS, false, rules_of_other_series_used, UNPROVEN, NULL},
	{"layout-changed", OUTCOME_FAILS, true, smp_config, UNSAFE, "every module contains one"},
	{"layout-changed", OUTCOME_UNKNOWN, true, sensitive_option_equal_crcs, UNPROVEN,
	 "the CRC of kfree_skb, which covers that struct, is the same on both sides"},
	{"layout-changed", OUTCOME_FAILS, false, sensitive_option_equal_crcs, UNPROVEN, NULL},
	{"layout-changed", OUTCOME_FAILS, true, sensitive_option_other_crc, UNSAFE, NULL},
	{"layout-changed", OUTCOME_UNKNOWN, false, sensitive_option_other_crc, UNSAFE, NULL},
	{"layout-changed", OUTCOME_FAILS, true, sensitive_option_no_crc, UNSAFE, NULL},
	{"layout-changed", OUTCOME_UNKNOWN, true, kallsyms_equal_crcs, UNPROVEN,
	 "the CRC of module_layout"},
	{"layout-changed", OUTCOME_FAILS, false, sensitive_option, SAFE, NULL},
	{"layout-changed", OUTCOME_FAILS, false, sensitive_option_near, UNPROVEN, NULL},
	{"layout-changed", OUTCOME_FAILS, false, sensitive_option_not_known, UNPROVEN, NULL},
	{"config-contradicted", OUTCOME_FAILS, true, config_of_other_release, UNPROVEN,
	 "it is for 4.19.1"},
	{"config-contradicted", OUTCOME_FAILS, true, same_configs_given, UNPROVEN,
	 "have the same bytes"},
	{"config-contradicted", OUTCOME_FAILS, true, config_not_of_feed, UNPROVEN, "CONFIG_X=y"},
	{"config-contradicted", OUTCOME_FAILS, true, config_given_wrong_hash, UNPROVEN,
	 "it hashes to"},
	{"config-contradicted", OUTCOME_FAILS, false, harmless_option, SAFE, NULL},
	{"config-contradicted", OUTCOME_FAILS, false, image_config_only, UNPROVEN, NULL},
	{"twins", OUTCOME_HOLDS, true, twins_equal, UNPROVEN, "1 of 1 modules"},
	{"twins", OUTCOME_HOLDS, true, twins_accepted, SAFE, NULL},
	{"twins", OUTCOME_HOLDS, false, twins_differ, UNPROVEN, NULL},
	{"twins", OUTCOME_REMARK, true, twins_differ, UNPROVEN, "(not base)"},
	{"twins", OUTCOME_REMARK, true, twins_import_less, UNPROVEN,
	 "import only 1 of its 2 kernel symbols, not kmalloc"},
	{"twins", OUTCOME_REMARK, false, other_build, UNPROVEN, NULL},
	{"identity-contradicted", OUTCOME_UNKNOWN, true, twins_contradict, UNPROVEN,
	 "of the same version: base"},
	{"identity-contradicted", OUTCOME_UNKNOWN, false, twins_differ, UNPROVEN, NULL},
	{"config-contradicted", OUTCOME_HOLDS, true, config_of_the_hash, UNPROVEN,
	 "it has the same hash"},
	{"config-contradicted", OUTCOME_UNKNOWN, true, same_configs_other_hash, UNPROVEN,
	 "kconfig has completed it"},
	{"config-contradicted", OUTCOME_UNKNOWN, false, config_of_the_hash, UNPROVEN, NULL},
	{"config-contradicted", OUTCOME_FAILS, true, config_without_export, UNPROVEN,
	 "CONFIG_NET_DEVLINK is not y"},
	{"symbol-missing", OUTCOME_FAILS, true, missing_of_option, UNSAFE,
	 "CONFIG_NET_DEVLINK adds it"},
	{"foreign-module", OUTCOME_FAILS, true, foreign_among_many, UNSAFE, "12 of 13 modules"},
	{"foreign-module", OUTCOME_FAILS, false, none_foreign, SAFE, NULL},
	{"foreign-module", OUTCOME_FAILS, false, foreign_among_few, UNPROVEN, NULL},
	{"foreign-module", OUTCOME_UNKNOWN, true, foreign_among_few, UNPROVEN, "3 of 4 modules"},
	{"foreign-module", OUTCOME_UNKNOWN, false, foreign_and_alone, SAFE, NULL},
};
