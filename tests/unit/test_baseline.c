/* SPDX-License-Identifier: ISC */
/* Baselines: findings of an earlier report are known, as often as it has them, and only new ones
 * fail. */
#include "unit/made_terms.h"

static void assert_sums(const struct verdicts *verdicts, size_t new, size_t unchanged, size_t fixed)
{
	const struct baseline_sums *sums = verdicts->baseline;

	if (sums->new != new || sums->unchanged != unchanged || sums->fixed != fixed)
		fail_msg("new %zu, unchanged %zu, fixed %zu", sums->new, sums->unchanged,
			 sums->fixed);
}

/* kmod-x lacks a symbol; kmod-y needs kmod-x; kmod-z is unproven; kmod-w cannot be read. */
static void bad_feed(struct made *made)
{
	struct package *y = made_kmod(made, "kmod-y", "y"), *z = made_kmod(made, "kmod-z", "z");
	struct package *w = made_kmod(made, "kmod-w", "w");

	made_import(made, made->xm, "nowhere", 0);
	made_depends(made, y, "kmod-x");
	z->abi = (struct abi){0};
	w->problem = "kmod-w.ipk: cut short";
}

static void test_round_trip(void **state)
{
	(void)state;
	struct made *made = made_new();

	bad_feed(made);
	struct verdicts first = made_judge(made);
	const char *before = made_report(made, &first);
	assert_int_equal(verdicts_status(&first), 1);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	assert_int_equal(after.gate, GATE_PASS);
	assert_int_equal(after.known, 4);
	assert_int_equal(after.count[VERDICT_UNSAFE], first.count[VERDICT_UNSAFE]);
	assert_int_equal(after.baseline->new, 0);
	assert_int_equal(after.baseline->fixed, 0);
	assert_null(after.baseline->remark);
	/* its own report can be the baseline as well */
	struct verdicts third = made_judge_since(made, made_report(made, &after), NULL);
	assert_int_equal(verdicts_status(&third), 0);
	assert_int_equal(third.baseline->new, 0);
	assert_int_equal(third.baseline->fixed, 0);

	made_import(made, &made_kmod(made, "kmod-v", "v")->modules.list[0], "gone", 0);
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	assert_int_equal(after.failing[VERDICT_UNSAFE], 1);
	assert_int_equal(after.failing[VERDICT_UNPROVEN], 0);
	assert_int_equal(made_result(&after, "kmod-v")->gate, GATE_FAIL);
	assert_int_equal(after.known, 4);
	assert_int_equal(after.baseline->new, 1);
	made_free(made);
}

static void test_new_need(void **state)
{
	(void)state;
	struct made *made = made_new();

	bad_feed(made);
	const char *before = made_judge_report(made, NULL);
	/* new, and bad only because of what it needs */
	made_depends(made, made_kmod(made, "kmod-v", "v"), "kmod-x");
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(made_result(&after, "kmod-v")->gate, GATE_FAIL);
	assert_int_equal(made_result(&after, "kmod-y")->gate, GATE_PASS);
	assert_int_equal(after.failing[VERDICT_UNSAFE], 1);
	/* a known need of a bad package fails when that package gets worse */
	made_import(made, made->xm, "gone", 0);
	after = made_judge_since(made, before, NULL);
	assert_int_equal(made_result(&after, "kmod-x")->gate, GATE_FAIL);
	assert_int_equal(made_result(&after, "kmod-y")->gate, GATE_FAIL);
	assert_false(made_result(&after, "kmod-y")->deciding->known);
	made_free(made);
}

/* It was unsafe before, but proven: the error is known, the missing proof is not. */
static void test_proof_lost(void **state)
{
	(void)state;
	struct made *made = made_new();

	made_import(made, made->xm, "nowhere", 0);
	const char *before = made_judge_report(made, NULL);
	made->image.abi = (struct abi){0};
	struct verdicts after = made_judge_since(made, before, NULL);
	const struct result *x = made_result(&after, "kmod-x");
	assert_int_equal(x->gate, GATE_FAIL);
	assert_true(x->known);
	assert_string_equal(x->deciding->id, "no-proof");
	assert_int_equal(after.failing[VERDICT_UNPROVEN], 1);
	assert_sums(&after, 1, 1, 0);
	/* if it was not proven before, that is known, although the report did not have to state
	 * it */
	before = made_judge_report(made, NULL);
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	assert_sums(&after, 0, 1, 0);
	made_free(made);
}

/* A package without modules is not in a report: a finding about it is known in a package that
 * needs it, if the text is equal. */
static void test_unrelated_need(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *tool = made_package(made, "tool");

	tool->abi = (struct abi){0};
	tool->depends.count = 0;
	made_depends(made, made->x, "tool");
	tool->conflicts = formulas_read(&made->arena, span_text("kmod-base"));
	made_installed(made, "busybox", "1");
	struct verdicts first = made_judge(made);
	const char *before = made_report(made, &first);
	assert_int_equal(first.unrelated, 1);
	assert_int_equal(made_result(&first, "kmod-x")->verdict, VERDICT_UNSAFE);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	assert_sums(&after, 0, 1, 0);
	tool->conflicts = formulas_read(&made->arena, span_text("busybox"));
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	assert_sums(&after, 1, 0, 1);
	made_free(made);
}

static void test_levels(void **state)
{
	(void)state;
	struct made *made = made_new();

	/* with an equal abi, an incomplete table is only a note */
	made->image.abi = (struct abi){0};
	made_import(made, made->xm, "nowhere", 0);
	const char *before = made_judge_report(made, NULL);
	made->kernel.exports.complete = false;
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(made_result(&after, "kmod-x")->verdict, VERDICT_UNPROVEN);
	assert_int_equal(verdicts_status(&after), 2);
	assert_sums(&after, after.baseline->new, after.baseline->unchanged, 1);
	/* and in the other direction */
	before = made_judge_report(made, NULL);
	made->kernel.exports.complete = true;
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	made_free(made);
}

static void test_fixed(void **state)
{
	(void)state;
	struct made *made = made_new();

	made_import(made, made->xm, "nowhere", 0);
	const char *before = made_judge_report(made, NULL);
	made_export(made, &made->kernel.exports.table, "nowhere", 0);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_sums(&after, 0, 0, 1);
	assert_string_equal(after.baseline->fixed_list.list[0], "kmod-x: symbol-missing x nowhere");
	assert_int_equal(verdicts_status(&after), 0);
	made_free(made);
}

/* The same package twice: the one entry in the baseline counts once, for the same version. */
static void test_as_often(void **state)
{
	(void)state;
	struct made *made = made_new();

	made_import(made, made->xm, "nowhere", 0);
	const char *before = made_judge_report(made, NULL);
	struct package *again = made_kmod(made, "kmod-x", "x");
	again->version = "0.9";
	made_import(made, &again->modules.list[0], "nowhere", 0);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(after.failing[VERDICT_UNSAFE], 1);
	assert_int_equal(after.known, 1);
	array_each(result, &after.results)
		assert_int_equal(result->gate,
				 strcmp(result->package->version, "0.9") ? GATE_PASS : GATE_FAIL);
	/* alone it is the same problem in another version */
	made->x->name = "kmod-other";
	after = made_judge_since(made, before, NULL);
	array_each(result, &after.results)
		assert_int_equal(result->gate,
				 strcmp(result->package->name, "kmod-x") ? GATE_FAIL : GATE_PASS);
	made_free(made);
}

static void test_more(void **state)
{
	(void)state;
	struct made *made = made_new();

	for (int i = 0; i < 10; i++)
		made_import(made, made->xm, arena_format(&made->arena, "q%d", i), 0);
	const char *before = made_judge_report(made, NULL);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	made_import(made, made->xm, "r", 0);
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	made_free(made);
}

/* A finding that a waiver covered is not known: when the waiver ends, it counts. */
static void test_waived_is_not_known(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct waivers waivers = made_waiver(made, "symbol-missing", "package: kmod-x", TODAY);

	made_import(made, made->xm, "nowhere", 0);
	const char *before = made_judge_report(made, &waivers);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	waivers.list[0].used = 0;
	after = made_judge_since(made, before, &waivers);
	assert_int_equal(verdicts_status(&after), 0);
	assert_sums(&after, 0, 0, 0);
	/* a finding in the baseline that is now waived is neither new nor fixed */
	before = made_judge_report(made, NULL);
	after = made_judge_since(made, before, &waivers);
	assert_int_equal(verdicts_status(&after), 0);
	assert_sums(&after, 0, 1, 0);
	assert_int_equal(after.waived, 1);
	assert_int_equal(after.known, 0);
	made_free(made);
}

/* What no policy allows is known only if it is unchanged. */
static void test_strict(void **state)
{
	(void)state;
	struct made *made = made_new();

	bad_feed(made);
	const char *before = made_judge_report(made, NULL);
	struct package *w = &made->feeds.list[0].packages.list[3];
	w->problem = "kmod-w.ipk: its signature was cut off";
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(made_result(&after, "kmod-w")->gate, GATE_FAIL);
	assert_int_equal(after.failing[VERDICT_UNSAFE], 1);
	made_free(made);
}

static void test_image_and_feeds(void **state)
{
	(void)state;
	struct made *made = made_new();

	((struct rule *)rules_find(&made->rules, "image-release"))->level = LEVEL_ERROR;
	made_string(made, &made->image.releases, "5.15.1");
	const char *before = made_judge_report(made, NULL);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	made->image.sha256 = HASH HASH2;
	after = made_judge_since(made, before, NULL);
	assert_null(after.baseline->remark);
	before = made_judge_report(made, NULL);
	made->image.sha256 = HASH2 HASH;
	after = made_judge_since(made, before, NULL);
	assert_string_equal(after.baseline->remark,
			    "it is for another image: fw.bin, with different contents");
	made->image.machine.elf = 40;
	after = made_judge_since(made, before, NULL);
	assert_non_null(strstr(after.baseline->remark, "it is for another machine: mips, not"));
	made_free(made);
}

/* Unusual names are read back unchanged. */
static void test_odd_names(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *odd = made_kmod(made, "kmod-\033[1m\n\\x1b", "m\xff");

	made_import(made, &odd->modules.list[0], "s: \"\x80\"", 0);
	const char *before = made_judge_report(made, NULL);
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	odd->name = "kmod-\\x1b[1m\n\x1b";
	after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 1);
	made_free(made);
}

static void test_only(void **state)
{
	(void)state;
	struct made *made = made_new();

	bad_feed(made);
	const char *before = made_judge_report(made, NULL);
	made->only = "kmod-y";
	struct verdicts after = made_judge_since(made, before, NULL);
	assert_int_equal(verdicts_status(&after), 0);
	assert_sums(&after, 0, 1, 0);
	made_free(made);
}

/* A truncated report is never a baseline. */
static void test_cut_short(void **state)
{
	(void)state;
	struct made *made = made_new();

	bad_feed(made);
	char *report = (char *)made_judge_report(made, NULL);
	size_t size = strlen(report);

	for (size_t cut = 2; cut < size; cut += cut + 64 < size ? 29 : 1) {
		struct baseline *baseline;
		struct error error = {""};
		char byte = report[size - cut];

		report[size - cut] = '\0';
		if (made_baseline(made, report, &baseline, &error))
			fail_msg("without its last %zu bytes it is taken", cut);
		assert_non_null(strstr(error.text, ": line "));
		report[size - cut] = byte;
	}
	made_free(made);
}

static void test_refused_files(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} bad[] = {
		{"", "not a report of kmodaudit audit"},
		{"[]\n", "not a report of kmodaudit audit"},
		{"schema: kmodaudit/gate/1\n", "not a report of kmodaudit audit"},
		{"schema: kmodaudit/report/1\n", "the image has no source"},
		{"schema: kmodaudit/report/1\nimage: {source: a}\n",
		 "line 2: findings must be a list"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: [5]}\n",
		 "line 2: a finding without"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: [{id: machine, level: "
		 "odd}]}\n",
		 "line 2: a finding without id and level"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: []}\n",
		 "feeds must be a list"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: []}\nfeeds: []\n",
		 "packages must be a list"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: []}\nfeeds: "
		 "[]\npackages: [{}]\n",
		 "line 4: a package without a name"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: []}\nfeeds: "
		 "[]\npackages: []\n",
		 "no summary: the report is incomplete"},
		{"schema: kmodaudit/report/1\nimage: {source: a, findings: []}\nfeeds: "
		 "[]\npackages: []\n"
		 "summary: {packages: 2, unrelated: 1}\n",
		 "line 5: the summary does not match the packages"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct made *made = made_new();
		struct baseline *baseline;
		struct error error = {""};

		if (made_baseline(made, bad[i].text, &baseline, &error))
			fail_msg("case %zu is taken", i);
		if (!strstr(error.text, bad[i].want))
			fail_msg("case %zu says '%s', not '%s'", i, error.text, bad[i].want);
		made_free(made);
	}
}

/* The evidence that a test removes. */
enum evidence {
	SYMVERS = 1 << 0,
	MODULE_CRCS = 1 << 1,
	COMPLETE = 1 << 2,
	CONFIGS = 1 << 3,
	READABLE = 1 << 4,
	ABI = 1
	      /* last: a claim rather than evidence. What contradicts it goes with it, and a
	       * waiver may cover the rest */
	      << 5,
	ALL = (1 << 6) - 1
};

static const char *const faults[] = {"nothing", "crc", "symbol", "vermagic", "layout", "needs"};

static struct made *made_fault(const char *fault, unsigned evidence)
{
	struct made *made = made_new();
	struct package *y = made_kmod(made, "kmod-y", "y");

	made_depends(made, made->x, "kmod-y");
	if (evidence & CONFIGS)
		made_configs(made, "",
			     strcmp(fault, "layout") == 0 ? "CONFIG_NF_CONNTRACK=m\n" : "");
	made_crcs(made);
	if (strcmp(fault, "crc") == 0)
		made->xm->imports.list[0].crc++;
	if (strcmp(fault, "symbol") == 0)
		made_import(made, made->xm, "nowhere", 5);
	if (strcmp(fault, "vermagic") == 0)
		made->xm->modinfo.vermagic = RELEASE " SMP mod_unload MIPS32_R2 32BIT ";
	if (strcmp(fault, "needs") == 0)
		made_import(made, &y->modules.list[0], "nowhere", 5);
	if (!(evidence & MODULE_CRCS))
		made->xm->versioned = made->xm->has_layout = false;
	made->kernel.exports.complete = evidence & COMPLETE;
	if (!(evidence & SYMVERS))
		made->kernel.exports = (struct kernel_exports){.why = "no table found"};
	if (!(evidence & ABI))
		made->image.abi = (struct abi){0};
	if (!(evidence & READABLE))
		made->x->problem = "kmod-x.ipk: cut short";
	return made;
}

/* Waives everything except missing proofs. Returns the gate's result for kmod-x. */
static enum gate gate_of(const char *fault, unsigned evidence, bool waived, const char *since)
{
	struct made *made = made_fault(fault, evidence);
	struct waivers waivers = {0};
	struct baseline *baseline = NULL;
	struct error error = {""};
	const char *text =
		"schema: kmodaudit/waivers/1\nwaivers:\n"
		"- {rule: vermagic, package: '*', reason: r, owner: o, expires: 2026-12-31}\n"
		"- {rule: symbol-missing, package: '*', reason: r, owner: o, expires: 2026-12-31}\n"
		"- {rule: module-versions, package: '*', reason: r, owner: o, expires: "
		"2026-12-31}\n";

	if (waived && !made_waivers(made, text, &waivers, &error))
		fail_msg("%s", error.text);
	if (since) {
		struct made *earlier = made_fault(since, ALL);

		if (!made_baseline(made, made_judge_report(earlier, NULL), &baseline, &error))
			fail_msg("%s", error.text);
		made_free(earlier);
	}

	struct gate_terms terms = {.waivers = waived ? &waivers : NULL, .baseline = baseline};
	struct verdicts verdicts = made_judge_on(made, &terms);
	enum gate gate = verdicts.gate;

	assert_int_equal(gate == GATE_PASS, verdicts_status(&verdicts) == 0);
	made_free(made);
	return gate;
}

/* If evidence is removed, what failed with it does not pass without it: neither with waivers,
 * nor with a baseline that was made with all of it. */
static void test_less_evidence(void **state)
{
	(void)state;
	enum { FAULTS = sizeof faults / sizeof *faults };
	size_t failed = 0, passed = 0;

	for (size_t terms = 0; terms < 2 * (FAULTS + 1); terms++) {
		bool waived = terms & 1;
		const char *since = terms / 2 < FAULTS ? faults[terms / 2] : NULL;

		for (size_t fault = 0; fault < FAULTS; fault++) {
			if (gate_of(faults[fault], ALL, waived, since) == GATE_PASS) {
				passed++;
				continue;
			}
			for (unsigned evidence = waived ? ABI : 0; evidence < ALL; evidence++) {
				/* with an equal abi, an export table that cannot be read is
				 * only a note (docs/gate.md) */
				if ((evidence & ABI) &&
				    !((evidence & SYMVERS) && (evidence & COMPLETE)))
					continue;
				if (gate_of(faults[fault], evidence, waived, since) == GATE_PASS)
					fail_msg("%s passes with evidence 0x%x, %s, since %s",
						 faults[fault], evidence,
						 waived ? "waived" : "not waived",
						 since ? since : "ever");
			}
			failed++;
		}
	}
	/* otherwise nothing was tested */
	assert_in_range(failed, 20, 999);
	assert_in_range(passed, 20, 999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_new_need),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_unrelated_need),
		cmocka_unit_test(test_proof_lost),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_as_often),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_waived_is_not_known),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_image_and_feeds),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_only),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_refused_files),
		cmocka_unit_test(test_less_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
