/* SPDX-License-Identifier: ISC */
/* Tests waivers: the required keys, what each glob matches, how long they apply, and what no
 * waiver covers. */
#include "base/text.h"
#include "unit/made_terms.h"

#define HEAD "schema: kmodaudit/waivers/1\nwaivers:\n"
#define REST "reason: r, owner: o, expires: 2026-12-31"

static void test_refused_files(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} bad[] = {
		{"", "line 1: no schema"},
		{"schema: kmodaudit/waivers/2\nwaivers: []\n", "line 1: no schema"},
		{"schema: kmodaudit/waivers/1\n", "line 1: waivers is missing"},
		{"schema: kmodaudit/waivers/1\nwaivers: {}\n", "line 2: waivers must be a list"},
		{HEAD "- 5\n", "line 3: a waiver must be a map"},
		{"schema: kmodaudit/waivers/1\nwaivers: []\nwaiver: []\n",
		 "line 3: unknown key 'waiver'"},
		{HEAD "- {rule: vermagic, package: a, until: x, " REST "}\n",
		 "line 3: unknown key 'until'"},
		{HEAD "- {package: a, " REST "}\n", "line 3: rule is missing"},
		{HEAD "- {rule: luck, package: a, " REST "}\n", "line 3: unknown rule 'luck'"},
		{HEAD "- {rule: vermagic, " REST "}\n", "needs at least one of package"},
		{HEAD "- {rule: vermagic, package: '', " REST "}\n",
		 "line 3: package must be a text"},
		{HEAD "- {rule: vermagic, package: [a], " REST "}\n",
		 "line 3: package must be a text"},
		{HEAD "- {rule: vermagic, package: a, owner: o, expires: 2026-12-31}\n",
		 "line 3: reason is missing"},
		{HEAD
		 "- {rule: vermagic, package: a, reason: ' ', owner: o, expires: 2026-12-31}\n",
		 "line 3: reason must be a text"},
		{HEAD "- {rule: vermagic, package: a, reason: r, expires: 2026-12-31}\n",
		 "line 3: owner is missing"},
		{HEAD "- {rule: vermagic, package: a, reason: r, owner: o}\n",
		 "line 3: expires is missing"},
		{HEAD
		 "- {rule: vermagic, package: a, reason: r, owner: o,\n   expires: 2026-02-30}\n",
		 "line 4: expires: '2026-02-30' is not a date"},
		{HEAD "- {rule: vermagic, package: a, " REST "}\n- {rule: vermagic}\n",
		 "needs at least one of package"},
		{HEAD "- {rule: vermagic, unknown: maybe, package: a, " REST "}\n",
		 "line 3: unknown must be true or false"},
		{HEAD "- {rule: vermagic", "line"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct made *made = made_new();
		struct waivers waivers;
		struct error error = {""};

		if (made_waivers(made, bad[i].text, &waivers, &error))
			fail_msg("case %zu is taken", i);
		if (!strstr(error.text, bad[i].want) || strncmp(error.text, "/tmp/", 5) != 0)
			fail_msg("case %zu says '%s', not '%s'", i, error.text, bad[i].want);
		made_free(made);
	}
}

static void test_dates(void **state)
{
	(void)state;
	static const char *const good[] = {"2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"};
	static const char *const bad[] = {"2026-02-29", "1900-02-29", "2026-00-10", "2026-13-01",
					  "2026-04-31", "2026-1-01",  "2026-01-1",  "0000-01-01",
					  "tomorrow",	"2026/01/01", "2026-01-00", "+026-01-01",
					  "",		"2026-01-012"};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!date_real(good[i]))
			fail_msg("%s is a date", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (date_real(bad[i]))
			fail_msg("%s is no date", bad[i]);
}

static void test_today(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers;
	struct error error = {""};

	assert_false(waivers_read(&made->arena, "/dev/null", "2026-02-30", &made->rules, &waivers,
				  &error));
	assert_string_equal(error.text, "'2026-02-30' is not a date (YYYY-MM-DD)");
	made_free(made);
}

/* Which findings a waiver with these globs covers. */
static void test_globs(void **state)
{
	(void)state;
	static const struct finding symbol = {.id = "symbol-missing",
					      .outcome = OUTCOME_FAILS,
					      .module = "nf_x",
					      .subject = "nf_open",
					      .name_space = "NETFILTER"};
	static const struct finding folded = {.id = "symbol-missing",
					      .outcome = OUTCOME_FAILS,
					      .module = "nf_x",
					      .subject = "nf_open",
					      .name_space = "NETFILTER",
					      .more = 2};
	static const struct finding plain = {.id = "symbol-missing",
					     .outcome = OUTCOME_FAILS,
					     .module = "nf_x",
					     .subject = "nf_open"};
	static const struct finding file = {
		.id = "file-conflict", .outcome = OUTCOME_FAILS, .subject = "etc/x"};
	static const struct {
		const char *rule, *globs;
		const struct finding *finding;
		bool package, fits;
	} cases[] = {
		{"symbol-missing", "package: 'kmod-*'", &symbol, true, true},
		{"symbol-missing", "package: kmod-y", &symbol, true, false},
		{"symbol-missing", "package: '*'", &symbol, false, false},
		{"symbol-missing", "module: 'nf_[xy]'", &symbol, true, true},
		{"symbol-missing", "module: nf", &symbol, true, false},
		{"symbol-missing", "module: '*'", &symbol, false, false},
		{"symbol-missing", "symbol: 'nf_*'", &symbol, true, true},
		{"symbol-missing", "symbol: 'nf_*'", &symbol, false, true},
		{"symbol-missing", "symbol: 'xt_*'", &symbol, true, false},
		{"symbol-missing", "symbol: 'nf_*'", &folded, true, false},
		{"symbol-missing", "symbol: '*'", &folded, true, true},
		{"symbol-missing", "subject: 'nf_*'", &folded, true, false},
		{"symbol-missing", "namespace: 'NETF*'", &symbol, true, true},
		{"symbol-missing", "namespace: 'NETF*'", &folded, true, false},
		{"symbol-missing", "namespace: '*'", &plain, true, false},
		{"symbol-crc", "symbol: '*'", &symbol, true, false},
		{"file-conflict", "symbol: '*'", &file, true, false},
		{"file-conflict", "subject: 'etc/*'", &file, true, true},
		{"file-conflict", "subject: '*', module: '*'", &file, true, false},
		{"file-conflict", "image: 'router*'", &file, true, true},
		{"file-conflict", "image: out/fw.bin", &file, true, true},
		{"file-conflict", "image: fw.bin", &file, true, true},
		{"file-conflict", "image: fw", &file, true, false},
	};
	struct made *made = made_new();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct waivers waivers =
			made_waiver(made, cases[i].rule, cases[i].globs, "2026-06-30");
		const struct waiver *waiver =
			waivers_cover(&waivers, "router-7", "out/fw.bin",
				      cases[i].package ? made->x : NULL, cases[i].finding);
		if ((waiver != NULL) != cases[i].fits)
			fail_msg("case %zu: %s %s", i, cases[i].globs,
				 waiver ? "fits" : "does not fit");
		assert_int_equal(waivers.list[0].used, cases[i].fits);
	}
	made_free(made);
}

/* The symbols of kmod-x are unknown, and it has no proof. */
static void test_two_are_wanted(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers;
	struct error error;

	made_import(made, made->xm, "nowhere", 0);
	made->x->abi = (struct abi){0};
	waivers = made_waiver(made, "symbol-missing", "symbol: nowhere", TODAY);
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNSAFE);
	assert_int_equal(x->gate, GATE_FAIL);
	assert_true(x->waived);
	assert_string_equal(x->deciding->id, "no-proof");
	assert_int_equal(verdicts.failing[VERDICT_UNPROVEN], 1);
	assert_int_equal(verdicts.failing[VERDICT_UNSAFE], 0);
	assert_int_equal(verdicts_status(&verdicts), 2);

	assert_true(made_waivers(made,
				 HEAD "- {rule: symbol-missing, symbol: nowhere, " REST "}\n"
				      "- {rule: no-proof, package: kmod-x, " REST "}\n",
				 &waivers, &error));
	verdicts = made_judge_waived(made, &waivers);
	x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNSAFE);
	assert_int_equal(x->gate, GATE_PASS);
	assert_string_equal(x->deciding->id, "symbol-missing");
	assert_int_equal(verdicts.gate, GATE_PASS);
	assert_int_equal(verdicts.waived, 1);
	assert_int_equal(verdicts_status(&verdicts), 0);
	assert_int_equal(verdicts.install.count, 0);
	assert_int_equal(verdicts.waiver_findings.count, 0);
	made_free(made);
}

static void test_the_last_day(void **state)
{
	(void)state;
	struct made *made = made_new();

	made_import(made, made->xm, "nowhere", 0);
	struct waivers waivers =
		made_waiver(made, "symbol-missing", "symbol: nowhere", "2026-06-30");
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	assert_int_equal(verdicts_status(&verdicts), 0);
	waivers = made_waiver(made, "symbol-missing", "symbol: nowhere", "2026-06-29");
	verdicts = made_judge_waived(made, &waivers);
	assert_int_equal(verdicts_status(&verdicts), 1);
	assert_int_equal(verdicts.failing[VERDICT_UNSAFE], 1);
	const struct finding *finding =
		made_among(&verdicts.waiver_findings, "waiver-expired", OUTCOME_FAILS);
	assert_non_null(finding);
	assert_string_equal(finding->text, "expired after 2026-06-29, and 1 finding still need it; "
					   "its owner is ada, its reason: known");
	/* nothing needs it any more: no error, but a line that can be removed */
	made_export(made, &made->kernel.exports.table, "nowhere", 0);
	waivers = made_waiver(made, "symbol-missing", "symbol: nowhere", "2026-06-29");
	verdicts = made_judge_waived(made, &waivers);
	assert_int_equal(verdicts_status(&verdicts), 0);
	assert_null(made_among(&verdicts.waiver_findings, "waiver-expired", OUTCOME_FAILS));
	assert_non_null(made_among(&verdicts.waiver_findings, "waiver-unused", OUTCOME_FAILS));
	made_free(made);
}

static void test_overlap(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers;
	struct error error;

	made_import(made, made->xm, "nowhere", 0);
	assert_true(made_waivers(
		made,
		HEAD
		"- {rule: symbol-missing, symbol: nowhere, " REST "}\n"
		"- {rule: symbol-missing, package: kmod-x, " REST "}\n"
		"- {rule: symbol-missing, module: x, reason: r, owner: o, expires: 2026-01-01}\n",
		&waivers, &error));
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	const struct finding *finding =
		made_among(&verdicts.waiver_findings, "waiver-overlap", OUTCOME_FAILS);
	assert_non_null(finding);
	assert_non_null(strstr(finding->witness[0], "line 4"));
	assert_non_null(strstr(finding->text, "line 3"));
	assert_non_null(
		strstr(made_result(&verdicts, "kmod-x")->deciding->waiver->witness, "line 3"));
	/* the expired one is not needed beside a valid one */
	finding = made_among(&verdicts.waiver_findings, "waiver-unused", OUTCOME_FAILS);
	assert_non_null(strstr(finding->witness[0], "line 5"));
	assert_int_equal(verdicts.waiver_findings.count, 2);
	assert_int_equal(verdicts_status(&verdicts), 0);
	made_free(made);
}

/* A refused waiver covers nothing and fails the run, whether the finding exists or not. */
static void test_never(void **state)
{
	(void)state;
	static const char *const ids[] = {
		"package-unreadable", "module-unreadable", "machine", "interface-revoked",
		"package-signature",  "feed-signature",	   "needs",   "waiver-expired",
		"waiver-unused"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct made *made = made_new();
		struct waivers waivers = made_waiver(made, ids[i], "package: '*'", "2026-12-31");
		const struct finding finding = {.id = ids[i], .outcome = OUTCOME_FAILS};

		assert_non_null(waivers.list[0].refused);
		assert_null(waivers_cover(&waivers, NULL, "fw.bin", made->x, &finding));
		struct verdicts verdicts = made_judge_waived(made, &waivers);
		assert_non_null(
			made_among(&verdicts.waiver_findings, "waiver-refused", OUTCOME_FAILS));
		assert_int_equal(verdicts_status(&verdicts), 1);
		assert_int_equal(verdicts.gate, GATE_FAIL);
		made_free(made);
	}
}

static void test_policy_decides(void **state)
{
	(void)state;
	struct made *made = made_new();

	made->rules.waivable.count = 0;
	*array_add(&made->arena, &made->rules.waivable) = "symbol-*";
	assert_null(made_waiver(made, "symbol-missing", "package: '*'", TODAY).list[0].refused);
	assert_string_equal(made_waiver(made, "vermagic", "package: '*'", TODAY).list[0].refused,
			    "the policy default does not allow waiving it");
	made->rules.waivable.list[0] = "*";
	assert_null(made_waiver(made, "package-checksum", "package: '*'", TODAY).list[0].refused);
	made->rules.signature = WANTED_VALID;
	assert_non_null(
		made_waiver(made, "package-checksum", "package: '*'", TODAY).list[0].refused);
	assert_null(made_waiver(made, "vermagic", "package: '*'", TODAY).list[0].refused);
	made_free(made);
}

static void test_unreadable(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers;
	struct error error;

	made->x->problem = "kmod-x.ipk: cut short";
	made->x->modules.count = 0;
	assert_true(made_waivers(made,
				 HEAD "- {rule: no-proof, package: '*', " REST "}\n"
				      "- {rule: package-depends, package: '*', " REST "}\n",
				 &waivers, &error));
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	assert_int_equal(made_result(&verdicts, "kmod-x")->gate, GATE_FAIL);
	assert_int_equal(verdicts_status(&verdicts), 1);
	made_free(made);
}

/* kmod-x needs kmod-y, which is unsafe: waiving the cause lets both pass, waiving a part of it
 * neither. */
static void test_needs_follow(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y");
	struct waivers waivers = made_waiver(made, "symbol-missing", "package: kmod-y", TODAY);

	made_depends(made, made->x, "kmod-y");
	made_import(made, &y->modules.list[0], "nowhere", 0);
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNSAFE);
	assert_int_equal(x->gate, GATE_PASS);
	assert_string_equal(x->deciding->id, "needs");
	assert_ptr_equal(x->deciding->waiver, &waivers.list[0]);
	assert_int_equal(verdicts.waived, 2);
	assert_int_equal(waivers.list[0].used, 1);

	y->modules.list[0].modinfo.vermagic = "4.4 other";
	verdicts = made_judge_waived(made, &waivers);
	x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->gate, GATE_FAIL);
	assert_null(x->deciding->waiver);
	assert_int_equal(verdicts.failing[VERDICT_UNSAFE], 2);
	made_free(made);
}

/* Two unsafe needs, one waived: kmod-x fails because of the other. */
static void test_the_other_need(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y"), *z = made_kmod(made, "kmod-z", "z");
	struct waivers waivers = made_waiver(made, "symbol-missing", "package: kmod-y", TODAY);

	made_depends(made, made->x, "kmod-y");
	made_depends(made, made->x, "kmod-z");
	made_import(made, &y->modules.list[0], "nowhere", 0);
	z->abi = (struct abi){0};
	struct verdicts verdicts = made_judge_waived(made, &waivers);
	const struct result *x = made_result(&verdicts, "kmod-x");
	assert_int_equal(x->verdict, VERDICT_UNSAFE);
	assert_int_equal(x->gate, GATE_FAIL);
	assert_string_equal(x->deciding->subject, "kmod-z");
	assert_int_equal(verdicts.failing[VERDICT_UNPROVEN], 2);
	assert_int_equal(verdicts.failing[VERDICT_UNSAFE], 0);
	assert_int_equal(verdicts_status(&verdicts), 2);
	made_free(made);
}

/* An unknown finding is waived if the waiver says so, or names a rule that only has unknown
 * findings. */
static void test_unknown(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *globs;
		enum outcome outcome;
		bool fits;
	} cases[] = {
		{"symbol-missing", "package: '*'", OUTCOME_FAILS, true},
		{"symbol-missing", "package: '*'", OUTCOME_UNKNOWN, false},
		{"symbol-missing", "package: '*', unknown: false", OUTCOME_UNKNOWN, false},
		{"symbol-missing", "package: '*', unknown: true", OUTCOME_UNKNOWN, true},
		{"symbol-missing", "package: '*', unknown: true", OUTCOME_FAILS, true},
		{"no-proof", "package: '*'", OUTCOME_UNKNOWN, true},
		{"symbol-unversioned", "package: '*'", OUTCOME_UNKNOWN, true},
	};
	struct made *made = made_new();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct waivers waivers = made_waiver(made, cases[i].rule, cases[i].globs, TODAY);
		const struct finding finding = {.id = cases[i].rule, .outcome = cases[i].outcome};

		if ((waivers_cover(&waivers, NULL, "fw.bin", made->x, &finding) != NULL) !=
		    cases[i].fits)
			fail_msg("case %zu", i);
	}
	made_free(made);
}

static void test_notes_are_no_use(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers = made_waiver(made, "kernel-abi", "package: '*'", TODAY);
	struct verdicts verdicts = made_judge_waived(made, &waivers);

	assert_non_null(made_among(&made_result(&verdicts, "kmod-x")->findings, "kernel-abi",
				   OUTCOME_HOLDS));
	assert_non_null(made_among(&verdicts.waiver_findings, "waiver-unused", OUTCOME_FAILS));
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_files),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_today),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_two_are_wanted),
		cmocka_unit_test(test_the_last_day),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_policy_decides),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_needs_follow),
		cmocka_unit_test(test_the_other_need),
		cmocka_unit_test(test_notes_are_no_use),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
