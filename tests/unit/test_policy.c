/* SPDX-License-Identifier: ISC */
/* Policies: keys replace those of the default policy, other keys keep its values, and what must
 * never pass cannot be lowered. */
#include "unit/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool take(struct made *made, const char *text, struct error *error)
{
	char path[] = "/tmp/kmodaudit-policy-XXXXXX";
	int handle = mkstemp(path);

	assert_true(handle >= 0);
	assert_int_equal(write(handle, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(handle), 0);
	bool good = policy_read(&made->arena, path, &made->rules, error);
	unlink(path);
	return good;
}

static void test_parts(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct error error = {""};

	assert_true(take(made, "levels: {vermagic: warning}\n", &error));
	assert_int_equal(rules_find(&made->rules, "vermagic")->level, LEVEL_WARNING);
	assert_true(made->rules.accepted[PROOF_IDENTITY]);
	assert_true(made->rules.ignored.count > 0);
	assert_true(take(made, "ignore: [\"FOO_*\"]\n", &error));
	assert_int_equal(made->rules.ignored.count, 1);
	assert_string_equal(made->rules.ignored.list[0], "FOO_*");
	assert_true(take(made, "accept: [twins]\n", &error));
	assert_true(made->rules.accepted[PROOF_TWINS]);
	assert_false(made->rules.accepted[PROOF_IDENTITY]);
	assert_int_equal(rules_find(&made->rules, "vermagic")->level, LEVEL_WARNING);
	made_free(made);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} bad[] = {
		{"accept: [luck]\n", "line 1: 'luck' is not a proof"},
		{"accept: twins\n", "accept must be a list of proofs"},
		{"ignore: CMDLINE\n", "ignore must be a list of option globs"},
		{"ignore: [[a]]\n", "a glob of ignore must be plain text"},
		{"ignore: ['']\n", "a glob of ignore must be plain text"},
		{"waive: symbol-crc\n", "waive must be a list of rule globs"},
		{"waive: ['symbl-*']\n", "line 1: waive: 'symbl-*' matches no rule"},
		{"unproven: ignore\n", "line 1: unproven must be fail, warn or pass"},
		{"unproven: [pass]\n", "unproven must be fail, warn or pass"},
		{"signature: some\n", "signature must be any, keyed or valid"},
		{"base: harsh\n", "line 1: base must be strict, default or lenient"},
		{"base: [strict]\n", "base must be strict, default or lenient"},
		{"levels: [vermagic]\n", "levels must map rules to levels"},
		{"levels: {luck: note}\n", "unknown rule 'luck'"},
		{"levels: {vermagic: grave}\n", "must be note, warning, unknown or error"},
		{"levels: {machine: note}\n",
		 "the level of 'machine' cannot be lowered: code for another machine does not run"},
		{"levels: {package-unreadable: warning}\n", "cannot be lowered"},
		{"levels: {module-unreadable: unknown}\n", "cannot be lowered"},
		{"levels: {interface-revoked: warning}\n", "cannot be lowered"},
		{"levels: {package-signature: warning}\n", "cannot be lowered"},
		{"levels: {feed-signature: warning}\n", "cannot be lowered"},
		{"levels: {needs: note}\n", "cannot be lowered"},
		{"levels: {waiver-unused: note}\n", "cannot be lowered"},
		{"levels: {waiver-expired: warning}\n", "cannot be lowered"},
		{"lovels: {}\n", "lovels"},
		{"[]\n", "not a map"},
		{"{", "policy"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct made *made = made_new();
		struct error error = {""};

		if (take(made, bad[i].text, &error))
			fail_msg("case %zu is taken", i);
		if (!strstr(error.text, bad[i].want))
			fail_msg("case %zu says '%s', not '%s'", i, error.text, bad[i].want);
		made_free(made);
	}
}

static void test_not_there(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct error error = {""};

	assert_false(policy_read(&made->arena, "/nonexistent/policy", &made->rules, &error));
	assert_non_null(strstr(error.text, "/nonexistent/policy"));
	made_free(made);
}

static enum verdict verdict_of_x(struct made *made)
{
	struct verdicts verdicts = made_judge(made);

	return made_result(&verdicts, "kmod-x")->verdict;
}

static void test_verdicts(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct error error = {""};

	assert_int_equal(verdict_of_x(made), VERDICT_SAFE);
	assert_true(take(made, "accept: [symbol-crcs]\n", &error));
	assert_int_equal(verdict_of_x(made), VERDICT_UNPROVEN);
	assert_true(take(made, "accept: [identity]\n", &error));
	made_import(made, made->xm, "nowhere", 0);
	assert_int_equal(verdict_of_x(made), VERDICT_UNSAFE);
	/* a lowered level no longer makes a package unsafe */
	assert_true(take(made, "levels: {symbol-missing: warning}\n", &error));
	assert_int_not_equal(verdict_of_x(made), VERDICT_UNSAFE);
	made_free(made);
}

static void test_presets(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct error error = {""};

	assert_string_equal(made->rules.policy, "default");
	assert_int_equal(made->rules.unproven, GATE_FAIL);
	assert_true(made->rules.accepted[PROOF_DECLARED]);
	assert_int_equal(made->rules.waivable.count, 1);
	assert_true(policy_read(&made->arena, "strict", &made->rules, &error));
	assert_string_equal(made->rules.policy, "strict");
	assert_int_equal(made->rules.signature, WANTED_VALID);
	assert_int_equal(made->rules.waivable.count, 0);
	assert_false(made->rules.accepted[PROOF_CONFIG_CORE]);
	assert_true(made->rules.accepted[PROOF_IDENTITY]);
	assert_int_equal(rules_find(&made->rules, "autoload")->level, LEVEL_ERROR);
	assert_true(made->rules.ignored.count > 0);
	/* a preset replaces all previous values */
	assert_true(policy_read(&made->arena, "lenient", &made->rules, &error));
	assert_int_equal(made->rules.unproven, GATE_WARN);
	assert_int_not_equal(made->rules.signature, WANTED_VALID);
	assert_true(made->rules.accepted[PROOF_TWINS]);
	assert_int_equal(rules_find(&made->rules, "autoload")->level, LEVEL_WARNING);
	assert_true(policy_read(&made->arena, "default", &made->rules, &error));
	assert_string_equal(made->rules.policy, "default");
	assert_false(made->rules.accepted[PROOF_TWINS]);
	made_free(made);
}

static void test_base(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct error error = {""};

	assert_true(take(made, "base: strict\nwaive: ['symbol-*']\nlevels: {autoload: note}\n",
			 &error));
	assert_int_equal(strncmp(made->rules.policy, "/tmp/", 5), 0);
	assert_int_equal(made->rules.signature, WANTED_VALID);
	assert_int_equal(rules_find(&made->rules, "autoload")->level, LEVEL_NOTE);
	assert_int_equal(rules_find(&made->rules, "feed-index")->level, LEVEL_ERROR);
	assert_string_equal(made->rules.waivable.list[0], "symbol-*");
	/* without a base the current values are kept; a level that cannot be lowered can be
	 * raised */
	assert_true(take(made, "levels: {waiver-unused: error}\n", &error));
	assert_int_equal(made->rules.signature, WANTED_VALID);
	assert_int_equal(rules_find(&made->rules, "waiver-unused")->level, LEVEL_ERROR);
	assert_true(take(made, "levels: {waiver-unused: warning}\n", &error));
	made_free(made);
}

/* The gate's result for a package that is not proven. */
static void test_unproven(void **state)
{
	(void)state;
	static const struct {
		const char *policy;
		enum gate gate;
		int status;
		size_t failing;
		const char *headline;
	} cases[] = {
		{"unproven: fail\n", GATE_FAIL, 2, 1, "fail: 1 of 1 package unproven"},
		{"unproven: warn\n", GATE_WARN, 0, 0, "warn: 1 of 1 package unproven"},
		{"unproven: pass\n", GATE_PASS, 0, 0, "pass: 1 package; 1 unproven but accepted"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made *made = made_new();
		struct error error = {""};

		made->x->abi = (struct abi){0};
		assert_true(take(made, cases[i].policy, &error));
		struct verdicts verdicts = made_judge(made);
		assert_int_equal(made_result(&verdicts, "kmod-x")->verdict, VERDICT_UNPROVEN);
		assert_int_equal(made_result(&verdicts, "kmod-x")->gate, cases[i].gate);
		assert_int_equal(verdicts.gate, cases[i].gate);
		assert_int_equal(verdicts_status(&verdicts), cases[i].status);
		assert_int_equal(verdicts.failing[VERDICT_UNPROVEN], cases[i].failing);
		assert_string_equal(verdicts_headline(&made->arena, &verdicts), cases[i].headline);
		/* an unsafe package fails whatever the key is */
		made_import(made, made->xm, "nowhere", 0);
		verdicts = made_judge(made);
		assert_int_equal(verdicts.gate, GATE_FAIL);
		assert_int_equal(verdicts_status(&verdicts), 1);
		made_free(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),	  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_not_there), cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_presets),	  cmocka_unit_test(test_base),
		cmocka_unit_test(test_unproven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
