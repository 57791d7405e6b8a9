/* SPDX-License-Identifier: ISC */
/* Cases about modules. */

static void nothing(struct made *made);

static void unreadable(struct made *made)
{
	made->xm->problem = "cut short at byte 512";
}

static void is_signed(struct made *made)
{
	made->xm->is_signed = true;
}

static void little_endian(struct made *made)
{
	made->xm->machine.endian = ENDIAN_LITTLE;
	made->x->architecture = "mipsel_24kc";
}

static void other_flags(struct made *made)
{
	made->xm->machine.flags = 0x70001001;
}

static void n32_flags(struct made *made)
{
	made->xm->machine.flags = 0x70000020;
}

static void no_flags(struct made *made)
{
	made->xm->machine.flags = 0;
}

static void no_machine(struct made *made)
{
	made->image.machine = (struct machine){0};
}

static void other_size(struct made *made)
{
	made->xm->this_module.size = 384;
}

static void other_size_new_kernel(struct made *made)
{
	made->image.release.value = made->xm->modinfo.vermagic = "6.12.74";
	other_size(made);
}

static void other_exit(struct made *made)
{
	made->xm->this_module.exit = 312;
}

static void library(struct made *made)
{
	made->xm->this_module = (struct this_module){.known = true, .size = 352};
}

static void only_exit(struct made *made)
{
	made->xm->this_module =
		(struct this_module){.known = true, .size = 352, .has_init = true, .init = 336};
}

static void no_this_module(struct made *made)
{
	made->image.this_module = (struct this_module){0};
}

static void unversioned_module(struct made *made)
{
	made_crcs(made);
	made->xm->versioned = made->xm->has_layout = false;
}

static void unversioned_unsure(struct made *made)
{
	unversioned_module(made);
	made->kernel.force_load = NULL;
}

static void unversioned_forced(struct made *made)
{
	unversioned_module(made);
	made->kernel.force_load = "y";
}

static void versions_for_nothing(struct made *made)
{
	made_crcs(made);
	made->kernel.exports.crcs = false;
}

static void versions_unknown(struct made *made)
{
	made_crcs(made);
	made->kernel.exports.crcs = made->kernel.exports.crcs_known = false;
}

static void other_layout(struct made *made)
{
	made_crcs(made);
	made->xm->layout_crc++;
}

static void smp(struct made *made)
{
	made->xm->modinfo.vermagic = RELEASE " SMP mod_unload MIPS32_R2 32BIT ";
}

static void trailing_blank(struct made *made)
{
	made->xm->modinfo.vermagic = RELEASE " mod_unload MIPS32_R2 32BIT";
}

static void other_first_word(struct made *made)
{
	made->xm->modinfo.vermagic = "4.14.999 mod_unload MIPS32_R2 32BIT ";
}

static void other_first_word_crcs(struct made *made)
{
	made_crcs(made);
	other_first_word(made);
}

static void stripped(struct made *made)
{
	made->xm->modinfo.vermagic = NULL;
}

static void stripped_against_kernel(struct made *made)
{
	made->kernel.vermagic = made->image.vermagic;
	stripped(made);
}

static void stripped_unsure(struct made *made)
{
	stripped_against_kernel(made);
	made->kernel.force_load = NULL;
}

static void stripped_both(struct made *made)
{
	made->image.vermagic.value = NULL;
	stripped(made);
}

static void image_stripped(struct made *made)
{
	made->image.vermagic.value = NULL;
}

static void missing(struct made *made)
{
	made_import(made, made->xm, "nowhere", 0);
}

static void missing_weak(struct made *made)
{
	made_import(made, made->xm, "nowhere", 0)->weak = true;
}

static void missing_ignored(struct made *made)
{
	made_import(made, made->xm, "_gp_disp", 0);
}

static void missing_incomplete(struct made *made)
{
	made->kernel.exports.complete = false;
	missing(made);
}

static void missing_incomplete_other_build(struct made *made)
{
	missing_incomplete(made);
	made->x->abi = (struct abi){.witness = "it names none"};
}

static void missing_in_feed(struct made *made)
{
	made->has_feed_symvers = true;
	made_export(made, &made->feed_symvers.table, "nowhere", 0);
	made->image.modules.count = 0;
	made->image.packages.count = 0;
	missing(made);
}

static void missing_elsewhere(struct made *made)
{
	struct package *other = made_kmod(made, "kmod-z", "z");

	made_pin(made, other, RELEASE "-1-" HASH2);
	made_export(made, &other->modules.list[0].exports, "nowhere", 0);
	missing(made);
}

static void modules_hidden(struct made *made)
{
	made_string(made, &made->xm->modinfo.depends, "nobody");
	made->image.modules.count = 0;
	missing(made);
}

static void modules_hidden_but_not_needed(struct made *made)
{
	made->image.modules.count = 0;
	missing(made);
}

static void from_image_module(struct made *made)
{
	made_import(made, made->xm, "base_open", 0);
}

static void from_feed(struct made *made)
{
	made_export(made, &made_kmod(made, "kmod-y", "y")->modules.list[0].exports, "y_open", 0);
	made_import(made, made->xm, "y_open", 0);
}

static void proprietary(struct made *made)
{
	made->xm->modinfo.license = "Proprietary";
	made->kernel.exports.table.list[0].gpl_only = true;
	made_import(made, made->xm, made->kernel.exports.table.list[0].name, 0);
}

static void proprietary_marks_unknown(struct made *made)
{
	proprietary(made);
	made->kernel.exports.gpl_known = false;
}

static void no_license(struct made *made)
{
	proprietary(made);
	made->xm->modinfo.license = NULL;
}

static void dual_license(struct made *made)
{
	proprietary(made);
	made->xm->modinfo.license = "Dual BSD/GPL";
}

static void name_space(struct made *made)
{
	made_export(made, &made->kernel.exports.table, "usb_stor", 0)->name_space = "USB_STORAGE";
	made_import(made, made->xm, "usb_stor", 0);
}

static void name_space_silent(struct made *made)
{
	name_space(made);
	made->kernel.missing_imports = NULL;
}

static void name_space_unsure(struct made *made)
{
	name_space_silent(made);
	made->image.distribution_release = (struct fact){"24.10.1", "x"};
}

static void name_space_warned(struct made *made)
{
	name_space(made);
	made->kernel.missing_imports = "y";
}

static void name_space_imported(struct made *made)
{
	name_space(made);
	made_string(made, &made->xm->modinfo.import_ns, "USB_STORAGE");
}

static void other_crc(struct made *made)
{
	made_crcs(made);
	made->xm->imports.list[0].crc ^= 1;
}

static void zero_crc(struct made *made)
{
	made_crcs(made);
	array_each(export, &made->kernel.exports.table)
		if (strcmp(export->name, "printk") == 0)
			export->crc = 0;
	made->xm->imports.list[0].crc = 0;
}

static void no_crc(struct made *made)
{
	made_crcs(made);
	made->xm->imports.list[0].has_crc = false;
}

static void two_exports(struct made *made)
{
	made_export(made, &made->xm->exports, "x_open", 0);
	made_export(made, &made->xm->exports, "printk", 0);
}

static void export_of_image_module(struct made *made)
{
	made_export(made, &made->xm->exports, "base_open", 0);
}

static void export_of_twin(struct made *made)
{
	made->xm->name = "base";
	made->xm->path = made->base->path;
	export_of_image_module(made);
}

static void all_exports_builtin(struct made *made)
{
	made_export(made, &made->xm->exports, "kmalloc", 0);
}

static void named_builtin(struct made *made)
{
	made_string(made, &made->image.builtin, "x");
	made->image.builtin_witness = "modules.builtin";
}

static void depends(struct made *made)
{
	made_string(made, &made->xm->modinfo.depends, "base");
}

static void depends_missing_unsure(struct made *made)
{
	made_string(made, &made->xm->modinfo.depends, "nobody");
}

static void depends_missing_sure(struct made *made)
{
	depends_missing_unsure(made);
	made_string(made, &made->image.builtin, "ext4");
	made->image.builtin_witness = "modules.builtin";
}

static void depends_builtin(struct made *made)
{
	depends_missing_sure(made);
	made_string(made, &made->image.builtin, "nobody");
}

static void softdep(struct made *made)
{
	made_string(made, &made->xm->modinfo.softdep_pre, "crypto-crc32c");
}

static void softdep_alias(struct made *made)
{
	softdep(made);
	made_string(made, &made->base->modinfo.alias, "crypto-crc32c");
}

static void kernel_config(struct made *made, const char *lines)
{
	made_config(made, &made->image_config, "config.image",
		    arena_format(&made->arena, MADE_CONFIG "%s", lines));
	made->image.config = &made->image_config;
}

static void enforced(struct made *made)
{
	kernel_config(made, "CONFIG_MODULE_SIG=y\nCONFIG_MODULE_SIG_FORCE=y\n");
}

static void enforced_and_signed(struct made *made)
{
	enforced(made);
	is_signed(made);
}

static void locked_down(struct made *made)
{
	kernel_config(made, "CONFIG_MODULE_SIG=y\nCONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY=y\n");
}

static void not_enforced(struct made *made)
{
	kernel_config(made, "CONFIG_MODULE_SIG=y\n# CONFIG_MODULE_SIG_FORCE is not set\n");
}

static void damaged_signature(struct made *made)
{
	not_enforced(made);
	made->xm->signature_damaged = true;
}

static void damaged_signature_unsure(struct made *made)
{
	made->xm->signature_damaged = true;
}

static void no_modules(struct made *made)
{
	kernel_config(made, "# CONFIG_MODULES is not set\n");
}

/* A line "blacklist x" in etc/modules.conf. */
static void blacklisted(struct made *made)
{
	*array_add(&made->arena, &made->image.loader_rules) = (struct loader_rule){
		RULE_BLACKLIST, .name = "x", .line = "blacklist x", .witness = "etc/modules.conf"};
}

static void blacklisted_kmodloader(struct made *made)
{
	blacklisted(made);
	made->image.tools[TOOL_KMODLOADER] = "sbin/kmodloader";
}

static void blacklisted_kmod(struct made *made)
{
	blacklisted(made);
	made->image.tools[TOOL_KMOD] = "usr/bin/kmod";
}

static void livepatch(struct made *made)
{
	made->xm->modinfo.livepatch = "Y";
	kernel_config(made, "# CONFIG_LIVEPATCH is not set\n");
}

static void livepatch_there(struct made *made)
{
	made->xm->modinfo.livepatch = "Y";
	kernel_config(made, "CONFIG_LIVEPATCH=y\n");
}

static void livepatch_unsure(struct made *made)
{
	made->xm->modinfo.livepatch = "Y";
	made->kernel.exports.complete = false;
}

static void relocation(struct made *made)
{
	made->xm->relocations.refused = "Unknown relocation type 42 in section .rel.text";
}

static void unflagged(struct made *made)
{
	made->xm->unflagged = true;
	made->image.release.value = "7.1.2";
}

static void unflagged_before(struct made *made)
{
	made->xm->unflagged = true;
}

/* on Linux 5.10, with the line OPTION in the config */
static void writable_code_with(struct made *made, const char *option)
{
	made->xm->writable_code = ".data.x";
	made->image.release.value = made->kernel.release.value = "5.10.1";
	made->image.vermagic.value = "5.10.1 mod_unload MIPS32_R2 32BIT ";
	made_config(made, &made->image_config, "config.image",
		    arena_format(&made->arena,
				 "# Linux/mips 5.10.1 Kernel Configuration\nCONFIG_MIPS=y\n"
				 "CONFIG_CPU_BIG_ENDIAN=y\nCONFIG_MODULE_UNLOAD=y\n%s\n",
				 option));
	made->image.config = &made->image_config;
}

static void writable_code(struct made *made)
{
	writable_code_with(made, "CONFIG_STRICT_MODULE_RWX=y");
}

static void writable_code_allowed(struct made *made)
{
	writable_code_with(made, "# CONFIG_STRICT_MODULE_RWX is not set");
}

static void writable_code_unsure(struct made *made)
{
	writable_code(made);
	made->image.config = NULL;
}

static void writable_code_before(struct made *made)
{
	made->xm->writable_code = ".data.x";
}

static void option_builtin(struct made *made)
{
	made->xm->name = "fuse";
	kernel_config(made, "CONFIG_FUSE=y\n");
}

static void option_builtin_other_name(struct made *made)
{
	made->xm->name = "8021q";
	kernel_config(made, "CONFIG_VLAN_8021Q=y\n");
}

static void option_is_module(struct made *made)
{
	made->xm->name = "fuse";
	kernel_config(made, "CONFIG_FUSE=m\n");
}

static void option_builtin_file(struct made *made)
{
	option_builtin(made);
	made->xm->file = made_module(made, &made->image.modules, "fuse")->file;
}

static void option_of_backport(struct made *made)
{
	made->xm->name = "ath9k";
	kernel_config(made, "CONFIG_ATH9K=y\n");
}

static void option_namesake(struct made *made)
{
	kernel_config(made, "CONFIG_X=y\n");
}

static void namesake(struct made *made)
{
	made->xm->name = "base";
}

static void namesake_same_file(struct made *made)
{
	made->xm->name = "base";
	made->xm->path = made->base->path;
}

static void namesake_same_bytes(struct made *made)
{
	made->xm->name = "base";
	made->xm->file = made->base->file;
}

static void namesake_other_release(struct made *made)
{
	made->xm->name = "base";
	made->base->path = "lib/modules/4.14.1/base.ko";
}

/* magic, version, flags; 24; types at 0: one forward type; strings: "" and "abc" */
static const uint8_t btf_kernel[] = {0xeb, 0x9f, 1, 0, 0, 0,  0, 24, 0, 0,  0,	0,  0, 0,
				     0,	   12,	 0, 0, 0, 12, 0, 0,  0, 5,  0,	0,  0, 1,
				     7,	   0,	 0, 0, 0, 0,  0, 0,  0, 97, 98, 99, 0};
/* a type of its own, whose name is the kernel's "abc" */
static const uint8_t btf_good[] = {0xeb, 0x9f, 1, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0,
				   0,	 12,   0, 0, 0, 0, 0, 0,  0, 1, 7, 0, 0, 0, 0, 0,  0, 0};
/* the same, with a name outside the strings */
static const uint8_t btf_bad[] = {0xeb, 0x9f, 1, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0,
				  0,	12,   0, 0, 0, 0, 0, 0,	 0, 9, 7, 0, 0, 0, 0, 0,  0, 0};

static void btf_set(struct made *made, const uint8_t *bytes, size_t size, const char *release)
{
	made->kernel.btf =
		btf_of_section(&made->arena, span_from(btf_kernel, sizeof btf_kernel), ENDIAN_BIG);
	made->kernel.btf_witness = "fw.bin: section .BTF";
	made->xm->btf = span_from(bytes, size);
	made->image.release.value = release;
}

static void btf_fitting(struct made *made)
{
	btf_set(made, btf_good, sizeof btf_good, "5.15.1");
}

static void btf_mismatch(struct made *made)
{
	btf_set(made, btf_bad, sizeof btf_bad, "5.15.1");
}

/* module and kernel are from 4.14, which does not read BTF */
static void btf_before(struct made *made)
{
	btf_set(made, btf_bad, sizeof btf_bad, RELEASE);
}

static void btf_allowed(struct made *made)
{
	btf_mismatch(made);
	kernel_config(made,
		      "CONFIG_DEBUG_INFO_BTF_MODULES=y\nCONFIG_MODULE_ALLOW_BTF_MISMATCH=y\n");
	made->image_config.release = "5.15.1";
}

static void btf_not_read(struct made *made)
{
	btf_mismatch(made);
	kernel_config(made, "# CONFIG_DEBUG_INFO_BTF_MODULES is not set\n");
	made->image_config.release = "5.15.1";
}

static void btf_none_in_kernel(struct made *made)
{
	btf_mismatch(made);
	made->kernel.btf = NULL;
}

/* the image's own modules have BTF, so its kernel reads it, although its own BTF was not found */
static void btf_not_found(struct made *made)
{
	btf_none_in_kernel(made);
	made->base->btf = made->xm->btf;
	made->base->path = "lib/modules/5.15.1/base.ko";
}

static void btf_release_unknown(struct made *made)
{
	btf_set(made, btf_bad, sizeof btf_bad, NULL);
}

static const struct rule_case module_cases[] = {
	{"module-unreadable", OUTCOME_FAILS, true, unreadable, UNSAFE, "cut short at byte 512"},
	{"module-unreadable", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"module-signature", OUTCOME_REMARK, true, is_signed, SAFE, NULL},
	{"module-signature", OUTCOME_REMARK, false, nothing, SAFE, NULL},
	{"module-signature", OUTCOME_FAILS, true, enforced, UNSAFE, "by CONFIG_MODULE_SIG_FORCE"},
	{"module-signature", OUTCOME_FAILS, true, locked_down, UNSAFE,
	 "by CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY"},
	{"module-signature", OUTCOME_UNKNOWN, true, enforced_and_signed, UNPROVEN, "the key"},
	{"module-signature", OUTCOME_FAILS, false, not_enforced, SAFE, NULL},
	{"module-signature", OUTCOME_FAILS, true, damaged_signature, UNSAFE, "Bad message"},
	{"module-signature", OUTCOME_UNKNOWN, true, damaged_signature_unsure, UNPROVEN, NULL},
	{"kernel-modules", OUTCOME_FAILS, true, no_modules, UNSAFE, "without MODULES"},
	{"kernel-modules", OUTCOME_FAILS, false, not_enforced, SAFE, NULL},
	{"loader-rules", OUTCOME_FAILS, true, blacklisted_kmodloader, UNSAFE,
	 "kmodloader loads the module neither at boot"},
	{"loader-rules", OUTCOME_FAILS, false, blacklisted_kmod, SAFE, NULL},
	{"loader-rules", OUTCOME_UNKNOWN, true, blacklisted, UNPROVEN, NULL},
	{"livepatch", OUTCOME_FAILS, true, livepatch, UNSAFE, "livepatch support is disabled"},
	{"livepatch", OUTCOME_FAILS, false, livepatch_there, SAFE, NULL},
	{"livepatch", OUTCOME_UNKNOWN, true, livepatch_unsure, UNPROVEN, NULL},
	{"section-flags", OUTCOME_FAILS, true, writable_code, UNSAFE,
	 "section .data.x has invalid WRITE|EXEC flags"},
	{"section-flags", OUTCOME_FAILS, false, writable_code_allowed, -1, NULL},
	{"section-flags", OUTCOME_FAILS, false, writable_code_before, SAFE, NULL},
	{"section-flags", OUTCOME_UNKNOWN, false, writable_code_allowed, -1, NULL},
	{"section-flags", OUTCOME_UNKNOWN, true, writable_code_unsure, -1,
	 "it is not known whether the kernel has STRICT_MODULE_RWX"},
	{"relocation", OUTCOME_FAILS, true, relocation, UNSAFE, "Unknown relocation type 42"},
	{"relocation", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"module-btf", OUTCOME_FAILS, true, btf_mismatch, UNSAFE, "[2] Invalid name_offset:9"},
	{"module-btf", OUTCOME_FAILS, false, btf_fitting, -1, NULL},
	{"module-btf", OUTCOME_FAILS, false, btf_before, SAFE, NULL},
	{"module-btf", OUTCOME_FAILS, false, btf_allowed, -1, NULL},
	{"module-btf", OUTCOME_FAILS, false, btf_not_read, -1, NULL},
	{"module-btf", OUTCOME_FAILS, false, btf_none_in_kernel, -1, NULL},
	{"module-btf", OUTCOME_UNKNOWN, false, btf_none_in_kernel, -1, NULL},
	{"module-btf", OUTCOME_UNKNOWN, true, btf_not_found, -1, "was not found"},
	{"module-btf", OUTCOME_UNKNOWN, true, btf_release_unknown, UNPROVEN,
	 "it is not known whether"},
	{"export-flags", OUTCOME_FAILS, true, unflagged, UNSAFE, "no flags for exported symbols"},
	{"export-flags", OUTCOME_FAILS, false, unflagged_before, SAFE, NULL},
	{"machine", OUTCOME_FAILS, true, little_endian, UNSAFE,
	 "built for mipsel, the kernel is mips"},
	{"machine", OUTCOME_FAILS, false, other_flags, SAFE, NULL},
	{"machine", OUTCOME_FAILS, false, no_flags, SAFE, NULL},
	{"machine", OUTCOME_FAILS, true, n32_flags, UNSAFE,
	 "built for mips n32, the kernel is mips"},
	{"machine", OUTCOME_UNKNOWN, true, no_machine, UNPROVEN, NULL},
	{"this-module", OUTCOME_FAILS, true, other_size, UNSAFE, "wrong offset"},
	{"this-module", OUTCOME_FAILS, true, other_size_new_kernel, UNSAFE,
	 "section size must match"},
	{"this-module", OUTCOME_FAILS, true, other_exit, UNSAFE, "wrong offset"},
	{"this-module", OUTCOME_FAILS, false, library, SAFE, NULL},
	{"this-module", OUTCOME_FAILS, false, only_exit, SAFE, NULL},
	{"this-module", OUTCOME_UNKNOWN, true, no_this_module, SAFE, NULL},
	{"module-versions", OUTCOME_FAILS, true, unversioned_module, UNSAFE, "Exec format error"},
	{"module-versions", OUTCOME_FAILS, true, versions_for_nothing, UNSAFE, "MODVERSIONS"},
	{"module-versions", OUTCOME_FAILS, false, made_crcs, SAFE, NULL},
	{"module-versions", OUTCOME_UNKNOWN, true, unversioned_unsure, UNPROVEN,
	 "it is not known whether the kernel has MODULE_FORCE_LOAD"},
	{"module-versions", OUTCOME_REMARK, true, unversioned_forced, SAFE, NULL},
	{"module-versions", OUTCOME_REMARK, true, versions_unknown, SAFE, NULL},
	{"module-layout", OUTCOME_FAILS, true, other_layout, UNSAFE,
	 "disagrees about version of symbol module_layout"},
	{"module-layout", OUTCOME_FAILS, false, made_crcs, SAFE, NULL},
	{"vermagic", OUTCOME_FAILS, true, smp, UNSAFE,
	 "version magic '4.14.275 SMP mod_unload MIPS32_R2 32BIT ' should be '4.14.275 mod_unload "
	 "MIPS32_R2 32BIT '"},
	{"vermagic", OUTCOME_FAILS, true, other_first_word, UNSAFE, "version magic"},
	{"vermagic", OUTCOME_FAILS, false, other_first_word_crcs, SAFE, NULL},
	{"vermagic", OUTCOME_FAILS, true, trailing_blank, UNSAFE, "version magic"},
	{"vermagic", OUTCOME_FAILS, true, stripped_against_kernel, UNSAFE,
	 "only with MODULE_FORCE_LOAD"},
	{"vermagic", OUTCOME_UNKNOWN, true, stripped_unsure, UNPROVEN, NULL},
	{"vermagic", OUTCOME_REMARK, true, stripped, SAFE, NULL},
	{"vermagic", OUTCOME_REMARK, true, image_stripped, SAFE, NULL},
	{"vermagic", OUTCOME_UNKNOWN, false, stripped_both, SAFE, NULL},
	{"symbol-missing", OUTCOME_FAILS, true, missing, UNSAFE, "Unknown symbol nowhere (err -2)"},
	{"symbol-missing", OUTCOME_FAILS, true, missing, UNSAFE, "trimming"},
	{"symbol-missing", OUTCOME_FAILS, true, missing_in_feed, UNSAFE,
	 "the kernel of the image does not export it, that of the feed does"},
	{"symbol-missing", OUTCOME_FAILS, true, missing_elsewhere, UNSAFE, "kmod-z 4.14.275-1"},
	{"symbol-missing", OUTCOME_FAILS, false, missing_weak, SAFE, NULL},
	{"symbol-missing", OUTCOME_FAILS, false, missing_ignored, SAFE, NULL},
	{"symbol-missing", OUTCOME_FAILS, false, from_image_module, SAFE, NULL},
	{"symbol-missing", OUTCOME_FAILS, false, from_feed, SAFE, NULL},
	{"symbol-missing", OUTCOME_FAILS, false, missing_incomplete, -1, NULL},
	{"symbol-missing", OUTCOME_REMARK, true, missing_incomplete, SAFE,
	 "the image's own kernel abi"},
	{"symbol-missing", OUTCOME_UNKNOWN, true, missing_incomplete_other_build, -1,
	 "not known to be complete"},
	{"symbol-hidden", OUTCOME_UNKNOWN, true, modules_hidden, -1, "contains no modules"},
	{"symbol-hidden", OUTCOME_UNKNOWN, false, missing_incomplete_other_build, UNPROVEN, NULL},
	{"symbol-missing", OUTCOME_FAILS, true, modules_hidden_but_not_needed, UNSAFE,
	 "Unknown symbol"},
	{"symbol-gpl", OUTCOME_FAILS, true, proprietary, UNSAFE, "Unknown symbol"},
	{"symbol-gpl", OUTCOME_FAILS, true, no_license, UNSAFE, NULL},
	{"symbol-gpl", OUTCOME_FAILS, false, dual_license, SAFE, NULL},
	{"symbol-gpl", OUTCOME_FAILS, false, proprietary_marks_unknown, SAFE, NULL},
	{"symbol-gpl", OUTCOME_UNKNOWN, true, proprietary_marks_unknown, SAFE, NULL},
	{"symbol-namespace", OUTCOME_FAILS, true, name_space, UNSAFE,
	 "module uses symbol usb_stor from namespace USB_STORAGE, but does not import it"},
	{"symbol-namespace", OUTCOME_FAILS, false, name_space_imported, SAFE, NULL},
	{"symbol-namespace", OUTCOME_UNKNOWN, true, name_space_unsure, UNPROVEN,
	 "it is not known whether"},
	{"symbol-namespace", OUTCOME_FAILS, true, name_space_silent, UNSAFE, NULL},
	{"symbol-namespace", OUTCOME_REMARK, true, name_space_warned, SAFE, "only warns"},
	{"symbol-crc", OUTCOME_FAILS, true, other_crc, UNSAFE,
	 "disagrees about version of symbol printk"},
	{"symbol-crc", OUTCOME_FAILS, false, zero_crc, SAFE, NULL},
	{"symbol-unversioned", OUTCOME_UNKNOWN, true, no_crc, UNPROVEN,
	 "no symbol version for printk"},
	{"symbol-unversioned", OUTCOME_UNKNOWN, false, made_crcs, SAFE, NULL},
	{"symbol-crcs", OUTCOME_HOLDS, true, made_crcs, SAFE, NULL},
	{"symbol-crcs", OUTCOME_HOLDS, false, zero_crc, SAFE, NULL},
	{"symbol-crcs", OUTCOME_HOLDS, false, other_crc, UNSAFE, NULL},
	{"symbol-crcs", OUTCOME_HOLDS, false, nothing, SAFE, NULL},
	{"symbol-duplicate", OUTCOME_FAILS, true, two_exports, UNSAFE,
	 "exports duplicate symbol printk (owned by kernel)"},
	{"symbol-duplicate", OUTCOME_FAILS, true, export_of_image_module, UNSAFE,
	 "(owned by base)"},
	{"symbol-duplicate", OUTCOME_FAILS, false, export_of_twin, -1, NULL},
	{"symbol-duplicate", OUTCOME_FAILS, true, namesake, UNSAFE,
	 "another module is also named base"},
	{"symbol-duplicate", OUTCOME_FAILS, false, namesake_same_file, -1, NULL},
	{"symbol-duplicate", OUTCOME_FAILS, false, namesake_same_bytes, -1, NULL},
	{"symbol-duplicate", OUTCOME_FAILS, false, namesake_other_release, -1, NULL},
	{"already-builtin", OUTCOME_FAILS, true, all_exports_builtin, UNSAFE, "owned by kernel"},
	{"already-builtin", OUTCOME_FAILS, true, named_builtin, UNSAFE, "modules.builtin"},
	{"already-builtin", OUTCOME_FAILS, false, two_exports, UNSAFE, NULL},
	{"already-builtin", OUTCOME_FAILS, true, option_builtin, UNSAFE,
	 "CONFIG_FUSE=y builds it in"},
	{"already-builtin", OUTCOME_FAILS, true, option_builtin_other_name, UNSAFE,
	 "CONFIG_VLAN_8021Q=y builds it in"},
	{"already-builtin", OUTCOME_FAILS, false, option_is_module, -1, NULL},
	{"already-builtin", OUTCOME_FAILS, false, option_builtin_file, -1, NULL},
	{"already-builtin", OUTCOME_UNKNOWN, true, option_of_backport, UNPROVEN, "CONFIG_ATH9K=y"},
	{"already-builtin", OUTCOME_UNKNOWN, true, option_namesake, UNPROVEN, "CONFIG_X=y"},
	{"module-depends", OUTCOME_FAILS, true, depends_missing_sure, UNSAFE,
	 "missing dependency nobody"},
	{"module-depends", OUTCOME_FAILS, false, depends_builtin, SAFE, NULL},
	{"module-depends", OUTCOME_FAILS, false, depends, SAFE, NULL},
	{"module-depends", OUTCOME_UNKNOWN, true, depends_missing_unsure, SAFE, NULL},
	{"softdep", OUTCOME_UNKNOWN, true, softdep, SAFE, "crypto-crc32c"},
	{"softdep", OUTCOME_UNKNOWN, false, softdep_alias, SAFE, NULL},
};
