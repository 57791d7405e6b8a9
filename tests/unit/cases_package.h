/* SPDX-License-Identifier: ISC */
/* Cases about packages, the image and the feed. */

static void package_unreadable(struct made *made)
{
	made->x->problem = "data.tar.gz: cut short";
	made->x->modules.count = 0;
}

static void lying_architecture(struct made *made)
{
	made->x->architecture = "x86_64";
}

static void lying_empty_package(struct made *made)
{
	lying_architecture(made);
	made->x->modules.count = 0;
}

/* A library without modules and the kernel module that it needs, for a target whose name is not
 * a machine's. */
static void target_word(struct made *made)
{
	struct package *mate = made_kmod(made, "kmod-y", "y");

	mate->architecture = made->x->architecture = "ar71xx";
	made->x->modules.count = 0;
	made_depends(made, made->x, "kmod-y");
}

static void target_word_other_machine(struct made *made)
{
	target_word(made);
	made->feeds.list[0].packages.list[1].modules.list[0].machine.endian = ENDIAN_LITTLE;
}

static void target_word_of_image(struct made *made)
{
	target_word_other_machine(made);
	made->image.packages.list[0].architecture = "ar71xx";
}

static void target_word_of_two_machines(struct made *made)
{
	target_word_other_machine(made);
	made_kmod(made, "kmod-z", "z")->architecture = "ar71xx";
}

static void architecture_all(struct made *made)
{
	made->x->architecture = "all";
}

static void other_directory(struct made *made)
{
	made->x->releases.list[0] = "4.14.167";
	made->xm->path = "lib/modules/4.14.167/x.ko";
}

static void two_directories(struct made *made)
{
	made_string(made, &made->x->releases, "4.14.167");
	made_module(made, &made->x->modules, "x")->path = "lib/modules/4.14.167/x.ko";
}

static void no_directory(struct made *made)
{
	made->x->releases.count = 0;
	made->xm->path = "opt/x.ko";
}

static void no_release(struct made *made)
{
	made->image.release.value = NULL;
}

static void other_pin(struct made *made)
{
	made_pin(made, made->x, "4.14.167-1-" HASH);
}

static void local_release(struct made *made)
{
	made->image.release.value = RELEASE "-custom";
	made->x->releases.list[0] = RELEASE "-custom";
	made->xm->modinfo.vermagic = made->image.vermagic.value = RELEASE "-custom mod_unload ";
	made->xm->path = "lib/modules/" RELEASE "-custom/x.ko";
}

static void other_hash(struct made *made)
{
	made_pin(made, made->x, RELEASE "-1-" HASH2);
}

static void no_hash(struct made *made)
{
	made_pin(made, made->x, RELEASE "-1");
}

static void image_without_abi(struct made *made)
{
	made->image.abi = (struct abi){.witness = "no database"};
}

static void needs_other_release(struct made *made)
{
	made_pin(made, made_kmod(made, "kmod-y", "y"), "4.14.167-1-" HASH2);
	made_depends(made, made->x, "kmod-y");
}

static void needs_other_abi(struct made *made)
{
	made_pin(made, made_kmod(made, "kmod-y", "y"), RELEASE "-1-" HASH2);
	made_depends(made, made->x, "kmod-y");
}

static void needs_newer(struct made *made)
{
	made_kmod(made, "kmod-y", "y");
	made_depends(made, made->x, "kmod-y (>= 5.4)");
}

static void needs_installed(struct made *made)
{
	made_depends(made, made->x, "kmod-nowhere | kmod-base (= " RELEASE "-1)");
}

static void needs_nobody(struct made *made)
{
	made_depends(made, made->x, "kmod-nowhere");
}

static void needs_nobody_unsure(struct made *made)
{
	missing_incomplete(made);
	needs_nobody(made);
}

static void needs_nobody_no_database(struct made *made)
{
	made->image.database_known = false;
	made->image.packages.count = 0;
	needs_nobody(made);
}

static void needs_provided(struct made *made)
{
	struct package *installed = made_installed(made, "busybox-full", "1");

	*MADE_ADD(made, &installed->provides) =
		formulas_read(&made->arena, SPAN_OF("busybox")).list[0];
	made_depends(made, made->x, "busybox");
}

static void newer_library(struct made *made)
{
	made_installed(made, "libc", "1.0");
	made_depends(made, made->x, "libc (>= 2.0)");
}

static void conflicts(struct made *made)
{
	*MADE_ADD(made, &made->x->conflicts) =
		formulas_read(&made->arena, SPAN_OF("kmod-base (<< 5)")).list[0];
}

static void conflicts_not(struct made *made)
{
	*MADE_ADD(made, &made->x->conflicts) =
		formulas_read(&made->arena, SPAN_OF("kmod-base (>> 5)")).list[0];
}

static void file_of_base(struct made *made)
{
	made_string(made, &made->image.packages.list[0].files, made->base->path);
	made_string(made, &made->x->files, made->base->path);
}

static void file_of_older_self(struct made *made)
{
	struct package *old = made_installed(made, "kmod-x", "4.14.100-1");

	made_string(made, &old->files, made->x->files.list[0]);
}

static void same_file_of_base(struct made *made)
{
	file_of_base(made);
	struct module *copy = made_module(made, &made->x->modules, "base");
	copy->file = made->base->file;
}

static void file_of_feed(struct made *made)
{
	made_string(made, &made_kmod(made, "kmod-y", "y")->files, made->x->files.list[0]);
}

static void file_of_base_replaced(struct made *made)
{
	file_of_base(made);
	made->x->replaces = formulas_read(&made->arena, SPAN_OF("kmod-base"));
}

/* The image has an older version of kmod-x, whose exports another module of the image imports. */
static struct module *made_older(struct made *made)
{
	struct module *old = made_module(made, &made->image.modules, "old");

	made_export(made, &old->exports, "old_symbol", 0);
	made_string(made, &made_installed(made, "kmod-x", "4.14.100-1")->files, old->path);

	struct module *user = made_module(made, &made->image.modules, "user");
	made_import(made, user, "old_symbol", 0);
	return user;
}

static void upgrade_drops(struct made *made)
{
	made_older(made);
}

static void upgrade_keeps(struct made *made)
{
	made_older(made);
	made_export(made, &made->x->modules.list[0].exports, "old_symbol", 0);
}

static void upgrade_of_what_is_pinned(struct made *made)
{
	made_installed(made, "kmod-x", "4.14.100-1");
	made->image.packages.list[0].depends =
		formulas_read(&made->arena, SPAN_OF("kmod-x (= 4.14.100-1)"));
}

static void two_pins(struct made *made)
{
	made_depends(made, made->x, "kernel (= " RELEASE "-1-" HASH2 ")");
	made->x->other_pin = "kernel (= " RELEASE "-1-" HASH2 ")";
}

static void autoload_base(struct made *made)
{
	*MADE_ADD(made, &made->x->autoload) = (struct autoload){"etc/modules.d/base", "base"};
}

static void autoload_nobody(struct made *made)
{
	*MADE_ADD(made, &made->x->autoload) = (struct autoload){"etc/modules.d/x", "nobody"};
}

static void autoload_nobody_sure(struct made *made)
{
	autoload_nobody(made);
	made->image.builtin_witness = "modules.builtin";
}

static void stale(struct made *made)
{
	made->image.abi = abi_read(&made->arena, "4.14.167-1-" HASH, "usr/lib/opkg/status");
	made->x->abi = made->image.abi;
	made->x->abi.witness = "control";
}

static void twin_row(struct made *made)
{
	made_module(made, &made->image.modules, "x")->sections = made_digest("other code");
	made_installed(made, "kmod-x", made->x->version);
	made_pin(made, &made->image.packages.list[made->image.packages.count - 1],
		 RELEASE "-1-" HASH2);
}

static void twin_of_older_package(struct made *made)
{
	made_module(made, &made->image.modules, "x")->sections = made_digest("other code");
	made_installed(made, "kmod-x", "4.14.100-1");
}

static void twin_of_unknown_version(struct made *made)
{
	made_module(made, &made->image.modules, "x")->sections = made_digest("other code");
}

static void row_same(struct made *made)
{
	made_installed(made, "kmod-x", made->x->version);
	made_module(made, &made->image.modules, "x");
}

static void row_without_module(struct made *made)
{
	made_installed(made, "kmod-x", made->x->version);
}

static void row_other_machine(struct made *made)
{
	row_same(made);
	little_endian(made);
}

static void row_other_abi(struct made *made)
{
	row_same(made);
	made_pin(made, &made->image.packages.list[made->image.packages.count - 1],
		 RELEASE "-1-" HASH2);
}

static void same_bytes(struct made *made)
{
	made_module(made, &made->image.modules, "x")->file = made->xm->file;
}

static void same_bytes_but_one(struct made *made)
{
	same_bytes(made);
	made_module(made, &made->x->modules, "x2");
}

static void needs_unsafe(struct made *made)
{
	struct package *y = made_kmod(made, "kmod-y", "y");

	made_import(made, &y->modules.list[0], "nowhere", 0);
	made_depends(made, made->x, "kmod-y");
}

static void needs_unproven(struct made *made)
{
	struct package *y = made_kmod(made, "kmod-y", "y");

	y->abi = (struct abi){0};
	made_depends(made, made->x, "kmod-y");
}

static void manifest_of_other_build(struct made *made)
{
	made->image.manifest_abi = abi_read(&made->arena, RELEASE "-1-" HASH2, "fw.manifest");
}

static void manifest_of_this_build(struct made *made)
{
	made->image.manifest_abi = made->image.abi;
}

static void image_directories(struct made *made)
{
	made_string(made, &made->image.releases, "4.14.167");
}

static void image_foreign_module(struct made *made)
{
	made_module(made, &made->image.modules, "alien")->modinfo.vermagic = "4.9.215 mod_unload ";
}

static void no_exports(struct made *made)
{
	made->kernel.exports = (struct kernel_exports){.why = "no table of symbols in it"};
}

static void image_unread(struct made *made)
{
	made_string(made, &made->image.unread,
		    "fw.bin: squashfs of a vendor at 0x120000: it cannot be read");
}

/* The database lists it, but a part that was not read may show that it was removed. */
static void image_unread_row(struct made *made)
{
	row_same(made);
	image_unread(made);
}

static void image_kernels(struct made *made)
{
	made->image.kernel_doubt = "nothing shows which kernel runs";
}

static void image_remarks(struct made *made)
{
	made_string(made, &made->image.remarks, "two kernels");
}

static void index_trouble(struct made *made, enum index_trouble trouble)
{
	*MADE_ADD(made, &made->feeds.list[0].index) =
		(struct index_finding){.trouble = trouble,
				       .package = "kmod-x",
				       .file = "feed/kmod-x.ipk",
				       .witness = "Packages"};
}

static void index_row(struct made *made)
{
	index_trouble(made, INDEX_ROW_WITHOUT_FILE);
}

static void index_sum(struct made *made)
{
	index_trouble(made, INDEX_SHA256_DIFFERS);
}

static void feed_link(struct made *made)
{
	struct feed *feed = &made->feeds.list[0];

	*array_add(&made->arena, &feed->left) = (struct feed_left){"f/more", "it is a link"};
}

/* kmod-x is in a second feed as well. */
static struct package *second_feed(struct made *made, const char *version)
{
	struct feed *feed = MADE_ADD(made, &made->feeds);

	feed->source = "other";
	struct package *package = MADE_ADD(made, &feed->packages);
	*package = *made->x;
	package->version = version;
	package->file = package->witness = "other/kmod-x.ipk";
	package->feed = 1;
	return package;
}

static void shadowed(struct made *made)
{
	second_feed(made, made->x->version);
}

static void shadowed_older(struct made *made)
{
	second_feed(made, RELEASE "-0");
}

static void shadowed_not(struct made *made)
{
	second_feed(made, RELEASE "-1")->name = "kmod-other";
}

static void bad_signature(struct made *made)
{
	made->feeds.list[0].signature = SIGNATURE_INVALID;
}

static void good_signature(struct made *made)
{
	made->feeds.list[0].signature = SIGNATURE_VALID;
}

static void unknown_key(struct made *made)
{
	made->feeds.list[0].signature = SIGNATURE_UNKNOWN_KEY;
}

static const struct rule_case package_cases[] = {
	{"package-unreadable", OUTCOME_FAILS, true, package_unreadable, UNSAFE,
	 "data.tar.gz: cut short"},
	{"package-unreadable", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"package-architecture", OUTCOME_FAILS, true, target_word_other_machine, UNSAFE,
	 "stands for mipsel"},
	{"package-architecture", OUTCOME_FAILS, false, target_word, SAFE, NULL},
	{"package-architecture", OUTCOME_FAILS, false, target_word_of_image, UNSAFE, NULL},
	{"package-architecture", OUTCOME_FAILS, false, target_word_of_two_machines, UNSAFE, NULL},
	{"package-architecture", OUTCOME_FAILS, true, lying_architecture, UNSAFE,
	 "this module in it is for mips"},
	{"package-architecture", OUTCOME_FAILS, true, lying_empty_package, UNSAFE, "opkg refuses"},
	{"package-architecture", OUTCOME_FAILS, false, architecture_all, SAFE, NULL},
	{"modules-directory", OUTCOME_FAILS, true, other_directory, UNSAFE,
	 "/lib/modules/4.14.167"},
	{"modules-directory", OUTCOME_FAILS, false, two_directories, SAFE, NULL},
	{"modules-directory", OUTCOME_REMARK, true, two_directories, SAFE, NULL},
	{"modules-directory", OUTCOME_UNKNOWN, true, no_directory, UNPROVEN, "outside"},
	{"modules-directory", OUTCOME_UNKNOWN, true, no_release, UNPROVEN, NULL},
	{"kernel-release", OUTCOME_FAILS, true, other_pin, UNSAFE,
	 "built for kernel 4.14.167, but the image's kernel is 4.14.275"},
	{"kernel-release", OUTCOME_FAILS, true, other_first_word, UNSAFE,
	 "built for kernel 4.14.999"},
	{"kernel-release", OUTCOME_FAILS, false, other_first_word_crcs, SAFE, NULL},
	{"kernel-release", OUTCOME_FAILS, false, local_release, SAFE, NULL},
	{"kernel-release", OUTCOME_UNKNOWN, true, no_release, UNPROVEN, NULL},
	{"kernel-abi", OUTCOME_HOLDS, true, nothing, SAFE, NULL},
	{"kernel-abi", OUTCOME_HOLDS, false, no_hash, UNPROVEN, NULL},
	{"kernel-abi", OUTCOME_FAILS, true, other_hash, UNPROVEN, "cannot satisfy kernel (= "},
	{"kernel-abi", OUTCOME_FAILS, false, no_hash, UNPROVEN, NULL},
	{"kernel-abi", OUTCOME_UNKNOWN, true, no_hash, UNPROVEN, "no hash"},
	{"kernel-abi", OUTCOME_UNKNOWN, true, image_without_abi, UNPROVEN,
	 "of the image is not known"},
	{"no-proof", OUTCOME_UNKNOWN, true, other_hash, UNPROVEN,
	 "identity: the kernel abi differs from the image's"},
	{"no-proof", OUTCOME_UNKNOWN, true, other_hash, UNPROVEN,
	 "symbol-crcs: the kernel has no symbol CRCs"},
	{"no-proof", OUTCOME_UNKNOWN, false, nothing, SAFE, NULL},
	{"no-proof", OUTCOME_UNKNOWN, false, other_pin, UNSAFE, NULL},
	{"package-depends", OUTCOME_FAILS, true, needs_other_release, UNSAFE,
	 "for another kernel abi"},
	{"package-depends", OUTCOME_FAILS, true, needs_newer, UNSAFE,
	 "only candidate is kmod-y 4.14.275-1"},
	{"package-depends", OUTCOME_FAILS, false, needs_installed, SAFE, NULL},
	{"package-depends", OUTCOME_UNKNOWN, true, needs_other_abi, UNPROVEN, NULL},
	{"package-depends", OUTCOME_UNKNOWN, true, needs_nobody_unsure, UNPROVEN, NULL},
	{"package-missing", OUTCOME_FAILS, true, needs_nobody, SAFE,
	 "kmod-nowhere is neither in the image nor in the feeds"},
	{"package-missing", OUTCOME_FAILS, true, newer_library, SAFE, "only candidate is libc 1.0"},
	{"package-missing", OUTCOME_FAILS, false, needs_provided, SAFE, NULL},
	{"package-missing", OUTCOME_UNKNOWN, true, needs_nobody_no_database, SAFE,
	 "packages are not known"},
	{"package-conflicts", OUTCOME_FAILS, true, conflicts, UNSAFE, "kmod-base"},
	{"package-conflicts", OUTCOME_FAILS, false, conflicts_not, SAFE, NULL},
	{"file-conflict", OUTCOME_FAILS, true, file_of_base, UNSAFE, "installed by kmod-base"},
	{"file-conflict", OUTCOME_FAILS, false, file_of_older_self, SAFE, NULL},
	{"file-conflict", OUTCOME_FAILS, true, same_file_of_base, UNSAFE, "installed by kmod-base"},
	{"file-conflict", OUTCOME_FAILS, false, file_of_base_replaced, SAFE, NULL},
	{"state-breaks", OUTCOME_FAILS, true, upgrade_drops, UNSAFE, "finds no symbol old_symbol"},
	{"state-breaks", OUTCOME_FAILS, true, upgrade_of_what_is_pinned, UNSAFE,
	 "kmod-base needs kmod-x (= 4.14.100-1)"},
	{"state-breaks", OUTCOME_FAILS, false, upgrade_keeps, SAFE, NULL},
	{"package-depends", OUTCOME_FAILS, true, two_pins, UNSAFE,
	 "also depends on another kernel version"},
	{"file-shared", OUTCOME_FAILS, true, file_of_feed, SAFE, "also in kmod-y"},
	{"file-shared", OUTCOME_FAILS, false, file_of_older_self, SAFE, NULL},
	{"autoload", OUTCOME_UNKNOWN, true, autoload_nobody, SAFE,
	 "unless it is built into the kernel"},
	{"autoload", OUTCOME_FAILS, true, autoload_nobody_sure, SAFE,
	 "etc/modules.d/x loads module nobody"},
	{"autoload", OUTCOME_FAILS, false, autoload_base, SAFE, NULL},
	{"identity-contradicted", OUTCOME_FAILS, true, other_exit, UNSAFE, "forged or stale"},
	{"identity-contradicted", OUTCOME_FAILS, true, smp, UNSAFE, "version magic"},
	{"identity-contradicted", OUTCOME_FAILS, true, missing_in_feed, UNSAFE,
	 "Unknown symbol nowhere"},
	{"identity-contradicted", OUTCOME_FAILS, false, missing, UNSAFE, NULL},
	{"identity-contradicted", OUTCOME_FAILS, true, twin_row, UNSAFE, "code or data differ"},
	{"identity-contradicted", OUTCOME_FAILS, false, twin_of_older_package, SAFE, NULL},
	{"identity-contradicted", OUTCOME_FAILS, false, other_hash, UNPROVEN, NULL},
	{"identity-contradicted", OUTCOME_UNKNOWN, true, twin_of_unknown_version, UNPROVEN, NULL},
	{"identity-contradicted", OUTCOME_UNKNOWN, true, stale, -1, "is stale and proves nothing"},
	{"installed", OUTCOME_HOLDS, true, row_same, INSTALLED, "database"},
	{"installed", OUTCOME_HOLDS, false, row_without_module, UNPROVEN, NULL},
	{"installed", OUTCOME_UNKNOWN, true, row_without_module, UNPROVEN,
	 "module x is missing from the image"},
	{"installed", OUTCOME_HOLDS, true, same_bytes, INSTALLED, "byte for byte"},
	{"installed", OUTCOME_HOLDS, false, same_bytes_but_one, SAFE, NULL},
	{"installed", OUTCOME_HOLDS, false, row_other_machine, UNSAFE, NULL},
	{"installed", OUTCOME_HOLDS, false, row_other_abi, SAFE, NULL},
	{"needs", OUTCOME_FAILS, true, needs_unsafe, UNSAFE,
	 "needs kmod-y 4.14.275-1, which is unsafe: Unknown symbol nowhere"},
	{"needs", OUTCOME_FAILS, false, needs_unproven, UNPROVEN, NULL},
	{"needs", OUTCOME_UNKNOWN, true, needs_unproven, UNPROVEN,
	 "needs kmod-y 4.14.275-1, which is unproven"},
	{"image-abi", OUTCOME_FAILS, true, stale, -1, "its kernel is 4.14.275"},
	{"image-abi", OUTCOME_FAILS, true, manifest_of_other_build, SAFE, "manifest"},
	{"image-abi", OUTCOME_FAILS, false, manifest_of_this_build, SAFE, NULL},
	{"image-release", OUTCOME_FAILS, true, image_directories, SAFE, NULL},
	{"image-release", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"image-module", OUTCOME_FAILS, true, image_foreign_module, SAFE, "4.9.215"},
	{"image-module", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"image-exports", OUTCOME_UNKNOWN, true, no_exports, SAFE, "no table of symbols in it"},
	{"image-exports", OUTCOME_UNKNOWN, false, nothing, SAFE, NULL},
	{"image-unread", OUTCOME_UNKNOWN, true, image_unread, UNPROVEN, "at 0x120000"},
	{"image-unread", OUTCOME_UNKNOWN, true, image_unread_row, UNPROVEN, "at 0x120000"},
	{"image-unread", OUTCOME_UNKNOWN, false, nothing, SAFE, NULL},
	{"image-kernels", OUTCOME_UNKNOWN, true, image_kernels, UNPROVEN, "which kernel runs"},
	{"image-kernels", OUTCOME_UNKNOWN, false, nothing, SAFE, NULL},
	{"image-remark", OUTCOME_REMARK, true, image_remarks, SAFE, "two kernels"},
	{"image-remark", OUTCOME_REMARK, false, nothing, SAFE, NULL},
	{"feed-index", OUTCOME_FAILS, true, index_row, SAFE, "the file does not exist"},
	{"feed-index", OUTCOME_FAILS, false, index_sum, UNSAFE, NULL},
	{"feed-left-out", OUTCOME_FAILS, true, feed_link, SAFE,
	 "f/more was not read: it is a link"},
	{"feed-left-out", OUTCOME_FAILS, false, index_row, SAFE, NULL},
	{"feed-checksum", OUTCOME_FAILS, true, index_sum, UNSAFE, "checksum"},
	{"feed-checksum", OUTCOME_FAILS, false, index_row, SAFE, NULL},
	{"feed-signature", OUTCOME_FAILS, true, bad_signature, UNSAFE, NULL},
	{"feed-signature", OUTCOME_FAILS, false, good_signature, SAFE, NULL},
	{"feed-signature", OUTCOME_UNKNOWN, true, unknown_key, SAFE, NULL},
	{"feed-shadow", OUTCOME_REMARK, true, shadowed, -1,
	 "in an earlier feed in the same version"},
	{"feed-shadow", OUTCOME_REMARK, true, shadowed_older, -1, "the newest: kmod-x"},
	{"feed-shadow", OUTCOME_REMARK, false, shadowed_not, -1, NULL},
	{"feed-shadow", OUTCOME_REMARK, false, nothing, SAFE, NULL},
	{"feed-abis", OUTCOME_REMARK, true, needs_other_abi, UNPROVEN, NULL},
	{"feed-abis", OUTCOME_REMARK, false, nothing, SAFE, NULL},
};
