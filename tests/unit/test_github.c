/* SPDX-License-Identifier: ISC */
/* Tests the annotations for GitHub: their number and order, folding by reason, file paths, and
 * that input text cannot issue log commands. */
#include "gate_ledger.h"

static void the_first_line_is_plain(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-a", VERDICT_SAFE, GATE_PASS);
	char *text = ledger_text(&made, "github");
	assert_string_equal(text, arena_format(&made.arena, "kmodaudit: %s\n",
					       ledger_headline(&made.arena, &made.ledger)));
	assert_memory_equal(text, "kmodaudit: pass: ", 17);
	free(text);
	arena_free(&made.arena);
}

static void one_reason_is_one_annotation(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_bad(&made, 0, "kmod-b", "symbol-missing", "x: unknown symbol foo");
	ledger_bad(&made, 1, "kmod-c", "symbol-missing", "x: unknown symbol foo");
	ledger_bad(&made, 1, "kmod-b", "symbol-missing", "x: unknown symbol foo");
	char *text = ledger_text(&made, "github");
	assert_int_equal(lines_with(text, "::error "), 1);
	has(text, "\n::error file=feed/kmod-b.ipk,title=symbol-missing%3A 2 packages on 2 "
		  "images::x: unknown symbol foo%0Apackages: kmod-b, kmod-c%0Aimages: router0, "
		  "router1%0Awhat to do: ");
	free(text);
	arena_free(&made.arena);
}

/* 14 rules violated with 30 sentences: nine annotations by rule, and one for the rest. */
static void ten_of_a_kind_carry_all(void **state)
{
	struct gate_ledger made;
	size_t total = 0;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 0; i < 14; i++)
		for (size_t j = 0; j <= i % 3; j++, total++)
			ledger_bad(&made, j % 2, arena_format(&made.arena, "kmod-%zu-%zu", i, j),
				   made.rules.list[i].id,
				   arena_format(&made.arena, "sentence %zu of %zu", j, i));
	char *text = ledger_text(&made, "github");
	assert_int_equal(lines_with(text, "::error "), 10);
	has(text, "title=and 5 more::and 5 more: ");
	for (size_t i = 0; i < 14; i++)
		has(text, made.rules.list[i].id);
	has(text, "(the first of 3 similar findings)");
	free(text);
	arena_free(&made.arena);
}

static void four_sentences_of_one_rule_are_one(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 0; i < 3; i++)
		ledger_bad(&made, 0, arena_format(&made.arena, "kmod-%zu", i), "machine",
			   arena_format(&made.arena, "for machine %zu", i));
	for (size_t i = 0; i < 4; i++)
		ledger_bad(&made, 0, arena_format(&made.arena, "kmod-%zu", i), "symbol-missing",
			   arena_format(&made.arena, "x: unknown symbol foo%zu", i));
	char *text = ledger_text(&made, "github");
	assert_int_equal(lines_with(text, "::error "), 4);
	has(text, "title=symbol-missing%3A 4 packages on 1 image::x: unknown symbol foo0 (the "
		  "first of 4 similar findings)%0Apackages: kmod-0, kmod-1, kmod-2, kmod-3%0A");
	free(text);
	arena_free(&made.arena);
}

static void errors_come_before_warnings_and_notices(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-k", VERDICT_SAFE, GATE_PASS), "machine",
		       LEVEL_ERROR, "old")
		->finding.known = true;
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-u", VERDICT_UNPROVEN, GATE_WARN),
		       "no-proof", LEVEL_UNKNOWN, "no accepted proof");
	ledger_bad(&made, 0, "kmod-x", "machine", "for another machine");
	char *text = ledger_text(&made, "github");
	const char *error = strstr(text, "\n::error "), *warning = strstr(text, "\n::warning ");
	const char *notice = strstr(text, "\n::notice ");
	assert_non_null(error);
	assert_non_null(notice);
	assert_true(error < warning && warning < notice);
	has(notice, "known from the baseline");
	free(text);
	arena_free(&made.arena);
}

static void what_is_unproven_fails_where_the_policy_says(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	made.rules.unproven = GATE_FAIL;
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-u", VERDICT_UNPROVEN, GATE_FAIL),
		       "no-proof", LEVEL_UNKNOWN, "no accepted proof")
		->finding.settle = "--feed-config";
	char *text = ledger_text(&made, "github");
	has(text, "%0Ato settle it: --feed-config FILE (the .config that the packages were built "
		  "with, from their build or SDK)%0Awhat to do: ");
	assert_int_equal(lines_with(text, "::error "), 1);
	assert_int_equal(lines_with(text, "::warning "), 0);
	free(text);
	arena_free(&made.arena);
}

static void a_verdict_without_findings_is_said(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-u", VERDICT_UNSAFE, GATE_FAIL);
	char *text = ledger_text(&made, "github");
	has(text, "title=unsafe%3A 1 package on 1 image::no reason stated%0Apackages: kmod-u%0A");
	free(text);
	arena_free(&made.arena);
}

static void what_is_installed_is_no_news(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-i", VERDICT_INSTALLED, GATE_PASS),
		       "symbol-missing", LEVEL_UNKNOWN, "nobody knows");
	char *text = ledger_text(&made, "github");
	assert_int_equal(lines_with(text, ""), 1);
	free(text);
	arena_free(&made.arena);
}

static void waivers_and_images_have_their_say(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	made.ledger.waivers.source = "ci/waivers.yaml";
	*array_add(&made.arena, &made.ledger.waivers) = (struct waiver){
		.rule = "machine", .reason = "ticket 12", .owner = "dora", .expires = "2027-01-01"};
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-w", VERDICT_SAFE, GATE_PASS), "machine",
		       LEVEL_ERROR, "wrong")
		->waiver = made.ledger.waivers.list;
	struct finding *expired = finding_add(&made.arena, &made.ledger.waiver_findings, "waiver-x",
					      OUTCOME_FAILS, NULL, "machine");
	expired->text = "ran out yesterday";
	expired->witness[0] = "ci/waivers.yaml: line 7";
	struct ledger_finding *image =
		array_add(&made.arena, &made.ledger.pairs.list[1].image_findings);
	*image = (struct ledger_finding){.finding = {.id = "image-kernel", .text = "two kernels"},
					 .level = LEVEL_ERROR};
	made.ledger.pairs.list[1].gate = GATE_FAIL;
	char *text = ledger_text(&made, "github");
	has(text, "\n::error file=ci/waivers.yaml,line=7,title=waiver-x::ran out yesterday\n");
	has(text, "title=image-kernel%3A 1 image::two kernels%0Aimages: router1");
	has(text, "::notice file=feed/kmod-w.ipk,title=machine%3A 1 package on 1 "
		  "image::wrong%0Apackages: kmod-w%0Aimages: router0%0Awaived by dora until "
		  "2027-01-01: ticket 12\n");
	free(text);
	arena_free(&made.arena);
}

static void files_elsewhere_are_left_out(void **state)
{
	static const char *const elsewhere[] = {"/elsewhere/x.ipk", "../x.ipk", "a/../../x.ipk",
						"https://example.org/x.ipk"};

	(void)state;
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		struct gate_ledger made;
		ledger_setup(&made);
		ledger_bad(&made, 0, "kmod-x", "machine", "wrong")->file = elsewhere[i];
		char *text = ledger_text(&made, "github");
		has_not(text, "file=");
		has(text, "::error title=machine");
		free(text);
		arena_free(&made.arena);
	}
}

static void files_below_are_relative(void **state)
{
	struct gate_ledger made;
	char cwd[4096];

	(void)state;
	assert_non_null(getcwd(cwd, sizeof cwd));
	ledger_setup(&made);
	ledger_bad(&made, 0, "kmod-x", "machine", "wrong")->file =
		arena_format(&made.arena, "%s/feed/a,b:c.ipk", cwd);
	char *text = ledger_text(&made, "github");
	has(text, "::error file=feed/a%2Cb%3Ac.ipk,title=");
	free(text);
	arena_free(&made.arena);
}

static void nobody_else_gives_commands(void **state)
{
	static const char *const hostile[] = {"\n::set-output name=x::y",
					      "\r\n::stop-commands::pwned",
					      "%0A::add-mask::a",
					      "##[add-mask]secret",
					      "####[error]x",
					      " ::error::x",
					      "\033]0;title\007"};

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct gate_ledger made;
		ledger_setup(&made);
		struct ledger_cell *cell = ledger_bad(&made, 0, hostile[i], "machine", hostile[i]);
		cell->file = arena_format(&made.arena, "feed/%s", hostile[i]);
		made.ledger.pairs.list[0].image = hostile[i];
		char *text = ledger_text(&made, "github");
		assert_int_equal(lines_with(text, ""), 2);
		assert_int_equal(lines_with(text, "::error "), 1);
		has_not(text, "##[");
		has_not(text, "\r");
		has_not(text, "\033");
		has_not(text, "%0A::add-mask");
		free(text);
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_is_plain),
		cmocka_unit_test(one_reason_is_one_annotation),
		cmocka_unit_test(ten_of_a_kind_carry_all),
		cmocka_unit_test(four_sentences_of_one_rule_are_one),
		cmocka_unit_test(errors_come_before_warnings_and_notices),
		cmocka_unit_test(what_is_unproven_fails_where_the_policy_says),
		cmocka_unit_test(a_verdict_without_findings_is_said),
		cmocka_unit_test(what_is_installed_is_no_news),
		cmocka_unit_test(waivers_and_images_have_their_say),
		cmocka_unit_test(files_elsewhere_are_left_out),
		cmocka_unit_test(files_below_are_relative),
		cmocka_unit_test(nobody_else_gives_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
