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

static const struct rule_case provider_cases[] = {
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
