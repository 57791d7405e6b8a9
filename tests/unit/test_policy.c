/* Policies: what one says takes the place of the standing one, what it leaves out stays, and what must never pass cannot. */
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
		{"accept: [luck]\n", "line 1: 'luck' is no proof"},
		{"accept: twins\n", "accept must be a list of proofs"},
		{"ignore: CMDLINE\n", "ignore must be a list of option globs"},
		{"ignore: [[a]]\n", "an option glob must be plain text"},
		{"ignore: ['']\n", "an option glob must be plain text"},
		{"levels: [vermagic]\n", "levels must map rules to levels"},
		{"levels: {luck: note}\n", "'luck' is the id of no rule"},
		{"levels: {vermagic: grave}\n", "must be note, warning, unknown or error"},
		{"levels: {machine: note}\n", "the level of 'machine' cannot be changed"},
		{"levels: {package-unreadable: warning}\n", "cannot be changed"},
		{"levels: {module-unreadable: warning}\n", "cannot be changed"},
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
	/* what is lowered no longer speaks against it */
	assert_true(take(made, "levels: {symbol-missing: warning}\n", &error));
	assert_int_not_equal(verdict_of_x(made), VERDICT_UNSAFE);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
