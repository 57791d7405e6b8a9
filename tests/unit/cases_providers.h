/* SPDX-License-Identifier: ISC */
/* What the kernel's provider states about the build of kmod-x: RELEASE, HASH. Other interfaces:
 * test_providers.c. */

#define PROVIDER "schema: kmodaudit/providers/1\nprovider: P\ninterfaces:\n"

static void declares(struct made *made, const char *text)
{
	struct error error = {""};

	if (!providers_parse(&made->arena, "providers.yaml", span_text(text),
			     &made->image.providers, &error))
		fail_msg("%s", error.text);
}

static void declares_own(struct made *made)
{
	declares(made, PROVIDER "- {kernel: modules, supports: [{abi: " HASH "}]}\n");
}

static void declares_other(struct made *made)
{
	declares(made, PROVIDER "- {kernel: modules, supports: [{abi: " HASH2 "}]}\n");
}

static void declares_own_revoked(struct made *made)
{
	declares(made,
		 PROVIDER "- {kernel: modules, supports: [{abi: " HASH "}], revoked: [{abi: " HASH
			  ", since: 2026-05-01, why: it eats routes}]}\n");
}

static void declares_hidden(struct made *made)
{
	made_string(made, &made->xm->modinfo.depends, "foo");
	declares(made, PROVIDER "- {module: foo, supports: [{version: 2..3}]}\n");
}

/* It is not built into the kernel either. */
static void declares_absent(struct made *made)
{
	declares_hidden(made);
	made_string(made, &made->image.builtin, "ext4");
	made->image.builtin_witness = "modules.builtin";
}

static void declares_unused(struct made *made)
{
	declares(made, PROVIDER "- {module: foo, supports: [{version: 2..3}]}\n");
}

static void declares_numbers(struct made *made)
{
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 2..3}]}\n");
}

/* On FreeBSD the range of the module is not asked, but the version that it was built for. */
static void declares_old_kernel(struct made *made)
{
	kld_client_range(made);
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 1401000..1402001}]}\n");
}

static void declares_old_kernel_revoked(struct made *made)
{
	kld_client_range(made);
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 1401000..1402001}], "
				"revoked: [{version: 1401000, since: 2024-12-03, "
				"why: struct page was changed}]}\n");
}

static void declares_only_new_kernel(struct made *made)
{
	kld_client_range(made);
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 1402000..1402001}]}\n");
}

static void declares_two_kernels(struct made *made)
{
	declares_old_kernel(made);
	kld_needs_add(made, made->xm, "kernel", 1402000, 1402000, 1499999);
}

static void declares_refused_kernel(struct made *made)
{
	kld_tied(made);
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 1401000..1402001}]}\n");
}

static void declares_revoked_interface(struct made *made)
{
	kld_in_image(made);
	declares(made, PROVIDER "- {module: base, revoked: [{version: 1, since: 2024-12-03, "
				"why: it leaks}]}\n");
}

/* the founding document: 800100 runs on 800200, which has another interface since 800150 */
static void declares_founding(struct made *made)
{
	kld_range(made, 800100, 800100, 899999);
	kld_boot_of(made)->osreldate = 800200;
	kld_boot_of(made)->interfaces.list[0].version = 800200;
	declares(made, PROVIDER "- {kernel: modules, supports: [{version: 800150..800200}]}\n");
}

static void declares_founding_new(struct made *made)
{
	declares_founding(made);
	kld_records(made, made->xm)->depends.count = 0;
	kld_needs_add(made, made->xm, "kernel", 800150, 800150, 899999);
}

static const struct rule_case provider_cases[] = {
	{"declared", OUTCOME_HOLDS, true, declares_old_kernel, SAFE, "1401000..1402001"},
	{"interface-revoked", OUTCOME_FAILS, true, declares_old_kernel_revoked, UNSAFE,
	 "revoked: built against kernel 1401000; P, now at 1402000, revoked version 1401000"},
	{"interface-range", OUTCOME_FAILS, true, declares_only_new_kernel, UNSAFE,
	 "older than the range"},
	{"interface-range", OUTCOME_UNKNOWN, true, declares_two_kernels, UNPROVEN, "1402000"},
	{"kld-kernel", OUTCOME_FAILS, true, declares_refused_kernel, UNSAFE, NULL},
	{"interface-revoked", OUTCOME_FAILS, true, declares_revoked_interface, UNSAFE, "it leaks"},
	{"interface-range", OUTCOME_FAILS, true, declares_founding, UNSAFE,
	 "version not supported: built against kernel 800100; P, now at 800200, supports version "
	 "800150..800200: the package is older than the range"},
	{"declared", OUTCOME_HOLDS, true, declares_founding_new, SAFE, NULL},
	{"interface-revoked", OUTCOME_FAILS, true, declares_own_revoked, UNSAFE,
	 "on 2026-05-01: it eats routes"},
	{"interface-revoked", OUTCOME_FAILS, false, declares_own, SAFE, NULL},
	{"interface-range", OUTCOME_FAILS, true, declares_other, UNSAFE, "version not supported"},
	{"interface-range", OUTCOME_FAILS, false, declares_own, SAFE, NULL},
	{"interface-range", OUTCOME_UNKNOWN, true, declares_numbers, UNPROVEN, "version not known"},
	{"interface-absent", OUTCOME_FAILS, true, declares_absent, UNSAFE, "provider missing"},
	{"interface-absent", OUTCOME_UNKNOWN, true, declares_hidden, -1, NULL},
	{"interface-absent", OUTCOME_FAILS, false, declares_unused, SAFE, NULL},
	{"declared", OUTCOME_HOLDS, true, declares_own, SAFE, "P"},
	{"declared", OUTCOME_HOLDS, false, declares_other, UNSAFE, NULL},
};
