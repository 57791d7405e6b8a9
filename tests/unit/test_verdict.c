/* SPDX-License-Identifier: ISC */
/* Tests the fold: needs, cycles, several abis, proofs, policy, order, threads. */
#include "unit/made.h"

static void assert_verdict(const struct verdicts *verdicts, const char *name, enum verdict verdict)
{
	const struct result *result = made_result(verdicts, name);

	if (!result || result->verdict != verdict)
		fail_msg("%s is %s, not %s: %s", name,
			 result ? verdict_name[result->verdict] : "not there",
			 verdict_name[verdict],
			 result && result->deciding ? result->deciding->text : "");
}

static void assert_strings(struct made *made, const struct strings *strings, const char *want)
{
	assert_string_equal(strings_join(&made->arena, strings, 99), want);
}

/* kmod-x depends on kmod-y, kmod-y needs a symbol of kmod-z, kmod-z has kmod-w in depends=. */
static void chain(struct made *made, struct package *list[3])
{
	list[0] = made_kmod(made, "kmod-y", "y");
	list[1] = made_kmod(made, "kmod-z", "z");
	list[2] = made_kmod(made, "kmod-w", "w");
	made_depends(made, made->x, "kmod-y");
	made_export(made, &list[1]->modules.list[0].exports, "z_open", 0);
	made_import(made, &list[0]->modules.list[0], "z_open", 0);
	made_string(made, &list[1]->modules.list[0].modinfo.depends, "w");
}

static void test_closure(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *list[3];

	chain(made, list);

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_SAFE);
	assert_strings(made, &made_result(&verdicts, "kmod-x")->needs, "kmod-y");
	assert_strings(made, &made_result(&verdicts, "kmod-y")->needs, "kmod-z");

	struct strings all =
		verdicts_closure(&made->arena, &verdicts, made_result(&verdicts, "kmod-x"));

	assert_strings(made, &all, "kmod-w, kmod-y, kmod-z");
	assert_strings(made, &verdicts.install, "kmod-w, kmod-z, kmod-y, kmod-x");
	assert_int_equal(verdicts.count[VERDICT_SAFE], 4);
	assert_int_equal(verdicts_status(&verdicts), 0);
	made_free(made);
}

static void test_worst_of_needs(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *list[3];

	chain(made, list);
	made_import(made, &list[2]->modules.list[0], "nowhere", 0);

	struct verdicts verdicts = made_judge(made);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(verdicts.count[VERDICT_UNSAFE], 4);
	assert_string_equal(x->deciding->id, "needs");
	assert_string_equal(x->deciding->subject, "kmod-w");
	assert_null(x->proof);
	assert_strings(made, &verdicts.install, "");
	assert_int_equal(verdicts_status(&verdicts), 1);
	made_free(made);
}

static void test_installed_needs_are_left_out(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *list[3];

	chain(made, list);
	made_installed(made, "kmod-z", list[1]->version);
	made_export(
		made,
		&made_module(made, &made->image.modules, list[1]->modules.list[0].name)->exports,
		"z_open", 0);
	made_import(made, &list[2]->modules.list[0], "nowhere", 0);

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-z", VERDICT_INSTALLED);
	assert_verdict(&verdicts, "kmod-w", VERDICT_UNSAFE);
	assert_verdict(&verdicts, "kmod-x", VERDICT_SAFE);
	assert_strings(made, &made_result(&verdicts, "kmod-x")->needs, "kmod-y");
	made_free(made);
}

static void test_cycle(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y");

	made_depends(made, made->x, "kmod-y");
	made_depends(made, y, "kmod-x");
	made_depends(made, y, "kmod-y");

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_SAFE);
	assert_strings(made, &made_result(&verdicts, "kmod-x")->needs, "kmod-y");
	assert_strings(made, &verdicts.install, "kmod-y, kmod-x");
	made_free(made);
}

/* The same package for two kernels: one fits, one does not, and neither uses the other's
 * modules. */
static void test_mixed_abis(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *ours = made_kmod(made, "kmod-y", "y"),
		       *theirs = made_kmod(made, "kmod-y", "y");
	struct package *user = made_kmod(made, "kmod-v", "v");

	made_pin(made, theirs, RELEASE "-1-" HASH2);
	made_pin(made, user, RELEASE "-1-" HASH2);
	made_export(made, &ours->modules.list[0].exports, "y_ours", 0);
	made_export(made, &theirs->modules.list[0].exports, "y_theirs", 0);
	made_import(made, made->xm, "y_ours", 0);
	made_import(made, &user->modules.list[0], "y_ours", 0);

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_SAFE);
	assert_verdict(&verdicts, "kmod-v", VERDICT_UNSAFE);
	assert_string_equal(made_result(&verdicts, "kmod-v")->deciding->id, "symbol-missing");
	assert_int_equal(verdicts.count[VERDICT_SAFE], 2);
	assert_int_equal(verdicts.count[VERDICT_UNPROVEN], 1);
	made_free(made);
}

static void test_package_without_modules(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *meta = made_package(made, "meta"), *lost = made_package(made, "lost");

	meta->abi = lost->abi = (struct abi){0};
	meta->depends.count = lost->depends.count = 0;
	made_depends(made, meta, "kmod-x");
	made_depends(made, lost, "kmod-nowhere");

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "meta", VERDICT_SAFE);
	assert_string_equal(made_result(&verdicts, "meta")->proof, "identity");
	assert_verdict(&verdicts, "lost", VERDICT_UNPROVEN);
	made_import(made, made->xm, "nowhere", 0);
	verdicts = made_judge(made);
	assert_verdict(&verdicts, "meta", VERDICT_UNSAFE);
	made_free(made);
}

/* A package without modules, because its feature is built in, must show that it is for this
 * kernel. */
static void test_pinned_without_modules(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *empty = made_package(made, "kmod-empty");

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-empty", VERDICT_SAFE);
	made_pin(made, empty, RELEASE "-1-" HASH2);
	verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-empty", VERDICT_UNPROVEN);
	made_free(made);
}

static void test_unrelated(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *package = made_package(made, "bash"),
		       *broken = made_package(made, "broken");

	package->abi = broken->abi = (struct abi){0};
	package->depends.count = broken->depends.count = 0;
	broken->problem = "not a package";

	struct verdicts verdicts = made_judge(made);
	assert_int_equal(verdicts.unrelated, 1);
	assert_null(made_result(&verdicts, "bash"));
	assert_verdict(&verdicts, "broken", VERDICT_UNSAFE);
	made_free(made);
}

static void test_weakest_proof(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y");

	made_depends(made, made->x, "kmod-y");
	made_crcs(made);

	struct verdicts verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->proof, "symbol-crcs");

	y->modules.list[0].imports.count = 0;
	y->modules.list[0].has_layout = false;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-y")->proof, "identity");
	assert_string_equal(made_result(&verdicts, "kmod-x")->proof, "identity");
	made_free(made);
}

/* An import from a module of the feed is compared with that module's CRC; one without a CRC
 * proves nothing. */
static void test_crc_of_feed_module(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y");

	made_crcs(made);
	struct export *export = made_export(made, &y->modules.list[0].exports, "y_open", 7);
	made_import(made, made->xm, "y_open", 7);
	made->x->abi = (struct abi){0};
	y->abi = (struct abi){0};

	struct verdicts verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->proof, "symbol-crcs");
	export->has_crc = false;
	verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_UNPROVEN);
	export->has_crc = true;
	export->crc = 8;
	verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_UNSAFE);
	made_free(made);
}

static void test_weak_missing_is_proven(void **state)
{
	(void)state;
	struct made *made = made_new();

	made->x->abi = (struct abi){0};
	made_import(made, made->xm, "nowhere", 5)->weak = true;
	made_crcs(made);

	struct verdicts verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->proof, "symbol-crcs");
	made_free(made);
}

static void test_policy(void **state)
{
	(void)state;
	struct made *made = made_new();

	made->rules.accepted[PROOF_IDENTITY] = false;

	struct verdicts verdicts = made_judge(made);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNPROVEN);
	assert_string_equal(x->deciding->id, "no-proof");
	assert_int_equal(verdicts_status(&verdicts), 2);
	made_free(made);
}

static void test_settle(void **state)
{
	(void)state;
	struct made *made = made_new();

	made->image.abi = (struct abi){0};
	struct verdicts verdicts = made_judge(made);
	assert_string_equal(
		made_among(&made_result(&verdicts, "kmod-x")->findings, "no-proof", OUTCOME_UNKNOWN)
			->settle,
		"--image-manifest");
	made->x->abi = (struct abi){0};
	made->kernel.exports.crcs_known = false;
	made->xm->versioned = true;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->deciding->settle, "--image-symvers");
	/* a table of CRCs proves nothing about a module without CRCs */
	made->xm->versioned = false;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->deciding->settle,
			    "--image-config and --feed-config");
	made->kernel.exports.crcs_known = true;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->deciding->settle,
			    "--image-config and --feed-config");
	made_configs(made, "", "");
	made->image.config = NULL;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->deciding->settle, "--image-config");
	made_configs(made, "", "");
	made->has_feed_config = false;
	verdicts = made_judge(made);
	assert_string_equal(made_result(&verdicts, "kmod-x")->deciding->settle, "--feed-config");
	made_configs(made, "", "");
	made->layout.exact = false;
	verdicts = made_judge(made);
	assert_non_null(strstr(made_result(&verdicts, "kmod-x")->deciding->settle, "--rules DIR"));
	made->layout.exact = true;
	made_configs(made, "", "CONFIG_CGROUPS=y\n");
	verdicts = made_judge(made);
	assert_non_null(strstr(made_result(&verdicts, "kmod-x")->deciding->settle, "no input can"));
	made->rules.accepted[PROOF_TWINS] = true;
	verdicts = made_judge(made);
	assert_non_null(strstr(made_result(&verdicts, "kmod-x")->deciding->settle,
			       "more packages from the feed"));
	made_free(made);
}

static void test_fold(void **state)
{
	(void)state;
	struct made *made = made_new();

	for (int i = 0; i < 12; i++)
		made_import(made, made->xm, arena_format(&made->arena, "nowhere_%02d", i), 0);

	struct verdicts verdicts = made_judge(made);
	const struct result *x = made_result(&verdicts, "kmod-x");
	size_t said = 0, more = 0;
	array_each(finding, &x->findings) {
		said += strcmp(finding->id, "symbol-missing") == 0;
		more += finding->more;
	}
	assert_int_equal(said, 8);
	assert_int_equal(more, 4);
	assert_string_equal(x->deciding->subject, "nowhere_00");
	made_free(made);
}

/* Unknown findings that are folded must not hide an error. */
static void test_fold_keeps_errors(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *other = made_kmod(made, "kmod-y", "y"),
		       *old = made_kmod(made, "kmod-z", "z");

	made_pin(made, other, RELEASE "-1-" HASH2);
	made_pin(made, old, "4.14.167-1-" HASH2);
	for (int i = 0; i < 10; i++)
		made_depends(made, made->x, "kmod-y");
	made_depends(made, made->x, "kmod-z");

	struct verdicts verdicts = made_judge(made);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNSAFE);
	assert_string_equal(x->deciding->subject, "kmod-z");
	made_free(made);
}

static void test_only(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *list[3];

	chain(made, list);
	made->only = "kmod-[xy]";

	struct verdicts verdicts = made_judge(made);
	assert_int_equal(verdicts.results.count, 2);
	assert_strings(made, &verdicts.install, "kmod-w, kmod-z, kmod-y, kmod-x");
	made_free(made);
}

static void test_status_of_feed(void **state)
{
	(void)state;
	struct made *made = made_new();

	made->feeds.list[0].signature = SIGNATURE_INVALID;

	struct verdicts verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_UNSAFE);
	assert_int_equal(verdicts_status(&verdicts), 1);
	made_free(made);
}

static const char *told(struct made *made, unsigned threads)
{
	const char *text = "";

	made->threads = threads;
	struct verdicts verdicts = made_judge(made);
	array_each(result, &verdicts.results) {
		text = arena_format(&made->arena, "%s\n%s %s %s", text, result->package->name,
				    verdict_name[result->verdict],
				    result->proof ? result->proof : "-");
		array_each(finding, &result->findings)
			text = arena_format(&made->arena, "%s\n- %s %s", text, finding->id,
					    finding->text);
	}
	return text;
}

static void test_threads(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *list[3];

	chain(made, list);
	made_import(made, &list[1]->modules.list[0], "nowhere", 0);
	made_import(made, &list[0]->modules.list[0], "nowhere", 0);

	const char *alone = told(made, 1);
	for (int i = 0; i < 20; i++)
		assert_string_equal(told(made, 4), alone);
	made_free(made);
}

/* libcrc32c requires a driver by alias: it is installed with the package if it is safe, and does
 * not make the package unsafe if it is not. */
static void test_softdep(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *driver = made_kmod(made, "kmod-crypto-crc32c", "crc32c_generic");

	made_string(made, &driver->modules.list[0].modinfo.alias, "crc32c");
	made_string(made, &made->xm->modinfo.softdep_pre, "crc32c");

	struct verdicts verdicts = made_judge(made);
	assert_strings(made, &made_result(&verdicts, "kmod-x")->needs, "kmod-crypto-crc32c");
	assert_strings(made, &verdicts.install, "kmod-crypto-crc32c, kmod-x");
	made_import(made, &driver->modules.list[0], "nowhere", 0);
	verdicts = made_judge(made);
	assert_verdict(&verdicts, "kmod-x", VERDICT_SAFE);
	assert_strings(made, &made_result(&verdicts, "kmod-x")->needs, "");
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closure),
		cmocka_unit_test(test_worst_of_needs),
		cmocka_unit_test(test_installed_needs_are_left_out),
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_mixed_abis),
		cmocka_unit_test(test_package_without_modules),
		cmocka_unit_test(test_pinned_without_modules),
		cmocka_unit_test(test_unrelated),
		cmocka_unit_test(test_weakest_proof),
		cmocka_unit_test(test_crc_of_feed_module),
		cmocka_unit_test(test_weak_missing_is_proven),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_keeps_errors),
		cmocka_unit_test(test_only),
		cmocka_unit_test(test_status_of_feed),
		cmocka_unit_test(test_softdep),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
