/* SPDX-License-Identifier: ISC */
/* Cases about signatures, checksums in the index, apk, and the package manager's answers. */

static void index_sum_of_x(struct made *made)
{
	*MADE_ADD(made, &made->feeds.list[0].index) =
		(struct index_finding){.trouble = INDEX_SHA256_DIFFERS,
				       .package = "kmod-x",
				       .file = made->x->file,
				       .witness = "Packages"};
}

static void index_size_of_x(struct made *made)
{
	index_sum_of_x(made);
	made->feeds.list[0].index.list[0].trouble = INDEX_SIZE_DIFFERS;
}

static void index_sum_of_other(struct made *made)
{
	made_kmod(made, "kmod-y", "y");
	index_sum_of_x(made);
	made->feeds.list[0].index.list[0].file = "feed/kmod-y.ipk";
}

static void wants_signature(struct made *made)
{
	made->rules.signature = WANTED_VALID;
}

static void wants_signature_of_known_key(struct made *made)
{
	wants_signature(made);
	unknown_key(made);
}

static void wants_and_has_signature(struct made *made)
{
	wants_signature(made);
	good_signature(made);
	made->x->vouched = true;
}

static void wants_signature_not_listed(struct made *made)
{
	wants_signature(made);
	good_signature(made);
}

/* The default policy: if keys are given, one of them must have signed the index. */
static void keyed(struct made *made)
{
	made->keyed = true;
	made->feeds.list[0].has_index = true;
}

static void keyed_without_index(struct made *made)
{
	made->keyed = true;
}

static void keyed_unknown(struct made *made)
{
	keyed(made);
	unknown_key(made);
}

static void keyed_good(struct made *made)
{
	keyed(made);
	good_signature(made);
}

static void keyed_any(struct made *made)
{
	keyed(made);
	made->rules.signature = WANTED_ANY;
}

static void needs_kernel(struct made *made, struct package *package, const char *version)
{
	package->depends = apk_dependencies(
		&made->arena, span_text(arena_format(&made->arena, "kernel=%s", version)), NULL);
}

/* The same world with apk packages. */
static void as_apk(struct made *made)
{
	struct package *x = made->x;

	array_each(package, &made->image.packages)
		package->apk = true;
	made_pin(made, &made->image.packages.list[0], RELEASE "~" HASH "-r1");
	needs_kernel(made, &made->image.packages.list[0], RELEASE "~" HASH "-r1");
	made->image.packages.list[1].version = RELEASE "~" HASH "-r1";
	made->image.abi = abi_read(&made->arena, RELEASE "~" HASH "-r1", "lib/apk/db/installed");
	x->apk = true;
	x->file = "feed/kmod-x-1.apk";
	x->depends.count = 0;
	*MADE_ADD(made, &x->depends) =
		apk_dependencies(&made->arena, SPAN_OF("kernel=" RELEASE "~" HASH "-r1"), NULL)
			.list[0];
	made_pin(made, x, RELEASE "~" HASH "-r1");
}

static void as_apk_other(struct made *made)
{
	as_apk(made);
	made->x->depends.count = 0;
	*MADE_ADD(made, &made->x->depends) =
		apk_dependencies(&made->arena, SPAN_OF("kernel=" RELEASE "~" HASH2 "-r1"), NULL)
			.list[0];
	made_pin(made, made->x, RELEASE "~" HASH2 "-r1");
}

/* A feed that also has the package kernel, and kmod-base for it. */
static void kernel_in_feed(struct made *made)
{
	as_apk_other(made);

	struct package *kernel = made_package(made, "kernel");
	kernel->version = RELEASE "~" HASH2 "-r1";
	kernel->apk = true;
	kernel->depends.count = 0;
	kernel->abi = (struct abi){0};
}

static void kernel_and_all_in_feed(struct made *made)
{
	kernel_in_feed(made);

	struct package *base = made_package(made, "kmod-base");
	base->apk = true;
	needs_kernel(made, base, RELEASE "~" HASH2 "-r1");
	made_pin(made, base, RELEASE "~" HASH2 "-r1");
}

static void kernel_pinned(struct made *made)
{
	kernel_and_all_in_feed(made);
	made_string(made, &made->image.apk_world, "kernel=" RELEASE "~" HASH "-r1");
}

static void other_hash_needed(struct made *made)
{
	other_hash(made);
	made->x->depends.count = 0;
	made_depends(made, made->x, "kernel (= " RELEASE "-1-" HASH2 ")");
}

static void other_hash_crcs(struct made *made)
{
	other_hash_needed(made);
	made_crcs(made);
}

static void other_hash_crcs_hostile_name(struct made *made)
{
	other_hash_crcs(made);
	made->x->file = "feed/x;reboot 'now'.ipk";
}

static void as_apk_other_crcs(struct made *made)
{
	as_apk_other(made);
	made_crcs(made);
}

static void apk_on_opkg(struct made *made)
{
	as_apk(made);
	made->image.packages.list[0].apk = false;
}

static struct package *made_waiting(struct made *made, const char *conditions)
{
	struct package *y = made_package(made, "kmod-y");

	as_apk(made);
	y->apk = true;
	y->depends = made->x->depends;
	made_pin(made, y, RELEASE "~" HASH "-r1");
	y->install_if = apk_dependencies(&made->arena, span_text(conditions), NULL);
	return y;
}

static void waits_for_x(struct made *made)
{
	made_waiting(made, "kmod-x kmod-base");
}

static void waits_for_more(struct made *made)
{
	made_waiting(made, "kmod-x nobody");
}

static void waits_without_x(struct made *made)
{
	made_waiting(made, "kmod-base");
}

static const struct rule_case trust_cases[] = {
	{"package-checksum", OUTCOME_FAILS, true, index_sum_of_x, UNSAFE, "its checksum differs"},
	{"package-checksum", OUTCOME_FAILS, true, index_size_of_x, UNSAFE, "its size differs"},
	{"package-checksum", OUTCOME_FAILS, false, index_sum_of_other, SAFE, NULL},
	{"package-signature", OUTCOME_FAILS, true, bad_signature, UNSAFE,
	 "with an invalid signature"},
	{"package-signature", OUTCOME_FAILS, true, wants_signature, UNSAFE,
	 "the feed has no index"},
	{"package-signature", OUTCOME_FAILS, true, wants_signature_of_known_key, UNSAFE,
	 "the policy requires"},
	{"package-signature", OUTCOME_FAILS, true, wants_signature_not_listed, UNSAFE,
	 "lists its checksum"},
	{"package-signature", OUTCOME_FAILS, false, wants_and_has_signature, SAFE, NULL},
	{"package-signature", OUTCOME_FAILS, false, unknown_key, SAFE, NULL},
	{"package-signature", OUTCOME_UNKNOWN, true, keyed, UNPROVEN, "none of them signed"},
	{"package-signature", OUTCOME_UNKNOWN, true, keyed_unknown, UNPROVEN,
	 "none of them signed"},
	{"package-signature", OUTCOME_UNKNOWN, false, keyed_good, SAFE, NULL},
	{"package-signature", OUTCOME_UNKNOWN, false, keyed_any, SAFE, NULL},
	{"package-signature", OUTCOME_UNKNOWN, false, keyed_without_index, SAFE, NULL},
	{"package-signature", OUTCOME_FAILS, false, nothing, SAFE, NULL},
	{"package-manager", OUTCOME_REMARK, true, nothing, SAFE,
	 "opkg accepts it: opkg install ./kmod-x.ipk"},
	{"package-manager", OUTCOME_REMARK, true, other_hash_needed, UNPROVEN,
	 "opkg refuses it: cannot satisfy kernel (= " RELEASE "-1-" HASH2},
	{"package-manager", OUTCOME_REMARK, true, other_hash_crcs, SAFE,
	 "opkg install --force-depends ./kmod-x.ipk; risk: "},
	{"package-manager", OUTCOME_REMARK, true, other_hash_crcs_hostile_name, SAFE,
	 "--force-depends './x;reboot '\\''now'\\''.ipk'; risk"},
	{"package-manager", OUTCOME_REMARK, true, missing, UNSAFE, "opkg accepts it: it compares"},
	{"package-manager", OUTCOME_REMARK, true, needs_nobody, SAFE,
	 "opkg refuses it: cannot satisfy kmod-nowhere"},
	{"package-manager", OUTCOME_REMARK, true, as_apk, SAFE,
	 "apk add --allow-untrusted ./kmod-x-1.apk"},
	{"package-manager", OUTCOME_REMARK, true, as_apk_other, UNPROVEN,
	 "apk refuses it: cannot satisfy kernel=" RELEASE "~" HASH2 "-r1"},
	{"package-manager", OUTCOME_REMARK, true, as_apk_other_crcs, SAFE,
	 "--destination x ./kmod-x-1.apk"},
	{"package-manager", OUTCOME_REMARK, true, kernel_in_feed, UNPROVEN,
	 "the installed kmod-base needs kernel="},
	{"package-manager", OUTCOME_REMARK, true, kernel_and_all_in_feed, UNPROVEN,
	 "apk would replace package kernel"},
	{"package-manager", OUTCOME_REMARK, true, kernel_pinned, UNPROVEN,
	 "but etc/apk/world has kernel=" RELEASE "~" HASH},
	{"package-manager", OUTCOME_REMARK, false, row_same, INSTALLED, NULL},
	{"package-manager", OUTCOME_REMARK, false, package_unreadable, UNSAFE, NULL},
	{"package-manager", OUTCOME_UNKNOWN, true, needs_nobody_no_database, SAFE,
	 "the image's packages are not known"},
	{"package-manager", OUTCOME_UNKNOWN, true, image_without_abi, UNPROVEN,
	 "package kernel is not"},
	{"package-manager", OUTCOME_UNKNOWN, true, apk_on_opkg, SAFE, "the image uses opkg"},
	{"install-if", OUTCOME_REMARK, true, waits_for_x, SAFE, "apk installs kmod-y with it"},
	{"install-if", OUTCOME_REMARK, false, waits_for_more, SAFE, NULL},
	{"install-if", OUTCOME_REMARK, false, waits_without_x, SAFE, NULL},
};
