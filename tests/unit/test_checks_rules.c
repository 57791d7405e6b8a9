/* SPDX-License-Identifier: ISC */
/* Tests each rule with three worlds: one that violates it, the nearest one that does not, and
 * one in which it cannot be decided. */
#include "facts/package/apk.h"
#include "unit/made.h"

struct rule_case {
	const char *id;
	enum outcome outcome;
	bool said; /* a finding with that id and outcome exists */
	void (*change)(struct made *made);
	int verdict; /* of kmod-x, or -1 */
	const char *text; /* part of the finding's text, or NULL */
};

enum {
	SAFE = VERDICT_SAFE,
	UNSAFE = VERDICT_UNSAFE,
	UNPROVEN = VERDICT_UNPROVEN,
	INSTALLED = VERDICT_INSTALLED
};

#include "unit/cases_kld.h"
#include "unit/cases_module.h"
#include "unit/cases_package.h"
#include "unit/cases_config.h"
#include "unit/cases_trust.h"
#include "unit/cases_providers.h"

static void nothing(struct made *made)
{
	(void)made;
}

static const struct finding *said(const struct made *made, const struct verdicts *verdicts,
				  const struct rule_case *rule)
{
	const struct result *x = made_result(verdicts, "kmod-x");
	const struct finding *finding = made_among(&verdicts->image, rule->id, rule->outcome);

	for (size_t i = 0; !finding && i < made->feeds.count; i++)
		finding = made_among(&verdicts->feeds[i], rule->id, rule->outcome);
	return finding || !x ? finding : made_among(&x->findings, rule->id, rule->outcome);
}

static void case_run(const struct rule_case *rule, size_t number)
{
	struct made *made = made_new();

	rule->change(made);

	struct verdicts verdicts = made_judge(made);
	const struct finding *finding = said(made, &verdicts, rule);
	const struct result *x = made_result(&verdicts, "kmod-x");

	if ((finding != NULL) != rule->said)
		fail_msg("case %zu: %s is %ssaid", number, rule->id, rule->said ? "not " : "");
	if (finding && (!finding->text || !*finding->text || !finding->subject))
		fail_msg("case %zu: %s says nothing", number, rule->id);
	if (finding && !finding->witness[0] && !finding->witness[1] &&
	    strcmp(rule->id, "image-remark") != 0)
		fail_msg("case %zu: %s has no witness", number, rule->id);
	if (rule->text && !strstr(finding->text, rule->text))
		fail_msg("case %zu: %s says '%s', not '%s'", number, rule->id, finding->text,
			 rule->text);
	if (rule->verdict >= 0 && (!x || (int)x->verdict != rule->verdict))
		fail_msg("case %zu: %s: kmod-x is %s: %s", number, rule->id,
			 x ? verdict_name[x->verdict] : "not there",
			 x && x->deciding ? x->deciding->text : "");
	made_free(made);
}

static void cases_run(const struct rule_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		case_run(&cases[i], i);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_modules(void **state)
{
	(void)state;
	cases_run(module_cases, COUNT(module_cases));
}

static void test_packages(void **state)
{
	(void)state;
	cases_run(package_cases, COUNT(package_cases));
}

static void test_configs(void **state)
{
	(void)state;
	cases_run(config_cases, COUNT(config_cases));
}

static void test_kld(void **state)
{
	(void)state;
	cases_run(kld_cases, COUNT(kld_cases));
}

static void test_trust(void **state)
{
	(void)state;
	cases_run(trust_cases, COUNT(trust_cases));
}

static void test_providers(void **state)
{
	(void)state;
	cases_run(provider_cases, COUNT(provider_cases));
}

static bool case_there(const char *id, bool fires)
{
	const struct rule_case *const tables[] = {module_cases, package_cases,	config_cases,
						  trust_cases,	provider_cases, kld_cases};
	const size_t counts[] = {COUNT(module_cases), COUNT(package_cases),  COUNT(config_cases),
				 COUNT(trust_cases),  COUNT(provider_cases), COUNT(kld_cases)};

	for (size_t t = 0; t < COUNT(tables); t++)
		for (size_t i = 0; i < counts[t]; i++)
			if (tables[t][i].said == fires && strcmp(tables[t][i].id, id) == 0)
				return true;
	return false;
}

/* Rules about waivers are tested in test_waivers.c, those about inputs of a plan in
 * cases/gate.case. */
static bool is_of_gate(const char *id)
{
	return !strncmp(id, "waiver-", 7) || !strcmp(id, "image-unreadable") ||
	       !strcmp(id, "feed-unreadable");
}

static void test_each_rule_has_cases(void **state)
{
	(void)state;
	for (const char *const *id = finding_ids; *id; id++) {
		if (is_of_gate(*id))
			continue;
		if (!case_there(*id, true))
			fail_msg("no case in which %s is said", *id);
		if (!case_there(*id, false))
			fail_msg("no case in which %s is not said", *id);
	}
}

static void test_good_world(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct verdicts verdicts = made_judge(made);
	const struct result *x = made_result(&verdicts, "kmod-x");

	assert_int_equal(x->verdict, VERDICT_SAFE);
	assert_string_equal(x->proof, "identity");
	assert_int_equal(x->findings.count, 2);
	assert_string_equal(x->findings.list[0].id, "kernel-abi");
	assert_string_equal(x->findings.list[1].id, "package-manager");
	assert_int_equal(verdicts.image.count, 0);
	assert_int_equal(verdicts.feeds[0].count, 0);
	assert_int_equal(verdicts_status(&verdicts), 0);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_world), cmocka_unit_test(test_modules),
		cmocka_unit_test(test_packages),   cmocka_unit_test(test_kld),
		cmocka_unit_test(test_trust),	   cmocka_unit_test(test_providers),
		cmocka_unit_test(test_configs),	   cmocka_unit_test(test_each_rule_has_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
