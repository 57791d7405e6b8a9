/* SPDX-License-Identifier: ISC */
/* Tests the SARIF output: URIs, messages, fingerprints, suppressed results, the limit of
 * results, hostile text and write errors. */
#include "unit/made_ledger.h"

#include "report/ci/sarif.h"

static void test_uri(void **state)
{
	static const struct {
		const char *file, *uri;
		bool below;
	} cases[] = {
		{"feed/kmod-x_1.0.ipk", "feed/kmod-x_1.0.ipk", true},
		{"./feed//x/../kmod-y.ipk", "feed/kmod-y.ipk", true},
		{"a b%c#d?e.ipk", "a%20b%25c%23d%3Fe.ipk", true},
		{"n\xc3\xa4me\n\xff.ipk", "n%C3%A4me%0A%FF.ipk", true},
		{"a:b.ipk", "a%3Ab.ipk", true},
		{"..x/y", "..x/y", true},
		{"../other/x.ipk", "../other/x.ipk", false},
		{"a/../../x.ipk", "../x.ipk", false},
		{"../../a/../x", "../../x", false},
		{"..", "..", false},
		{"/made/dir/feed/x.ipk", "feed/x.ipk", true},
		{"/made/dir/../x.ipk", "../x.ipk", false},
		{"/made/directory/x y.ipk", "file:///made/directory/x%20y.ipk", false},
		{"/", "file:///.", false},
		{"https://example.org/a%20b/x y\".ipk?q=1",
		 "https://example.org/a%20b/x%20y%22.ipk?q=1", false},
		{"https://example.org/[x]", "https://example.org/%5Bx%5D", false},
		{"", ".", true},
	};
	_cleanup_arena_ struct arena arena = {0};
	bool below;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(sarif_uri(&arena, cases[i].file, "/made/dir", &below),
				    cases[i].uri);
		assert_int_equal(below, cases[i].below);
	}
	assert_string_equal(sarif_uri(&arena, "/made/dir/x", NULL, &below), "file:///made/dir/x");
	assert_string_equal(sarif_uri(&arena, "/x", "/", &below), "file:///x");
}

static void test_message(void **state)
{
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	assert_string_equal(sarif_message(&arena, "plain [1]"), "plain [1]");
	assert_string_equal(sarif_message(&arena, "{0} of {1}"), "{{0}} of {{1}}");
	assert_string_equal(sarif_message(&arena, "[click](http://x)"), "\\[click\\](http://x)");
}

static void test_first_line(void **state)
{
	struct made_ledger *made = *state;

	made_cell(made, "kmod-x", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	made_cell(made, "kmod-y", VERDICT_SAFE, GATE_PASS, NULL, LEVEL_NOTE);
	ledger_finish(&made->arena, &made->ledger);

	const char *text = made_print(made, "sarif");
	const char *line = arena_format(&made->arena, "{\"properties\": {\"summary\": \"%s\"},\n",
					ledger_headline(&made->arena, &made->ledger));
	assert_memory_equal(text, line, strlen(line));
	assert_non_null(strstr(line, "fail: "));
	assert_int_equal(made_count(text, "\"ruleId\": \"symbol-missing\""), 1);
	assert_non_null(strstr(text, "\"text\": \"kmod-x on fw.bin: said of it.\""));
	assert_non_null(strstr(text, "\"uri\": \"feed/kmod-x.ipk\", \"uriBaseId\": \"%SRCROOT%\""));
	assert_null(strstr(text, "suppressions"));
	assert_null(strstr(text, "baselineState"));
}

static void test_unknown(void **state)
{
	struct made_ledger *made = *state;
	struct ledger_cell *cell =
		made_cell(made, "kmod-x", VERDICT_UNPROVEN, GATE_WARN, "no-proof", LEVEL_UNKNOWN);

	cell->findings.list[0].finding.settle = "the symvers of the image";

	const char *text = made_print(made, "sarif");
	assert_non_null(
		strstr(text, "\"level\": \"warning\", \"message\": {\"text\": \"kmod-x on fw.bin: "
			     "said of it. What would settle it: the symvers of the image.\"}"));
	assert_non_null(strstr(text, "\"properties\": {\"level\": \"unknown\", \"image\""));
	assert_null(strstr(text, "\"kind\": \"open\""));
}

/* Hostile text in every place that contains some. */
static void test_hostile(void **state)
{
	static const char evil[] = "\x1b[31m\n\xff\xe2\x80\xae\"}\\]{0}\xef\xbf\xbf";
	struct made_ledger *made = *state;
	struct ledger_cell *cell =
		made_cell(made, evil, VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	struct finding *finding = &cell->findings.list[0].finding;

	made->ledger.pairs.list[0].image = made->ledger.pairs.list[0].feed = evil;
	cell->version = finding->module = finding->subject = finding->expected = finding->found =
		evil;
	finding->text = finding->settle = finding->witness[0] = finding->witness[1] = evil;

	const char *text = made_print(made, "sarif");
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' ||
			    ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f));
	assert_int_equal(made_count(text, "\"ruleId\""), 1);
	assert_non_null(strstr(text, "\\\\x1b[31m\\\\x0a\\\\xff\\\\xe2\\\\x80\\\\xae\\\"}"));
}

static void test_waived(void **state)
{
	struct made_ledger *made = *state;
	struct waiver *waiver = made_waiver(made);
	struct ledger_cell *cell =
		made_cell(made, "kmod-x", VERDICT_UNSAFE, GATE_PASS, "symbol-missing", LEVEL_ERROR);

	cell->findings.list[0].waiver = waiver;
	made_cell(made, "kmod-y", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	struct finding *unused = array_add(&made->arena, &made->ledger.waiver_findings);
	*unused = (struct finding){.id = "waiver-unused",
				   .outcome = OUTCOME_FAILS,
				   .subject = "symbol-missing of package z",
				   .witness = {"waivers.yaml: line 17"},
				   .text = "covers nothing"};

	const char *text = made_print(made, "sarif");
	assert_int_equal(made_count(text, "\"suppressions\": ["), 3);
	assert_int_equal(made_count(text, "\"suppressions\": []"), 2);
	assert_non_null(strstr(
		text, "{\"kind\": \"external\", \"status\": \"accepted\", \"justification\": "
		      "\"known to work (release team, until 2030-01-31)\", \"properties\": "
		      "{\"waiver\": \"waivers.yaml: line 3\"}}"));
	assert_non_null(strstr(text, "\"uri\": \"waivers.yaml\", \"uriBaseId\": \"%SRCROOT%\"}, "
				     "\"region\": {\"startLine\": 17,"));
}

static void test_baseline(void **state)
{
	struct made_ledger *made = *state;

	made->ledger.pairs.list[0].baseline = true;
	made_cell(made, "kmod-x", VERDICT_UNSAFE, GATE_PASS, "symbol-missing", LEVEL_ERROR)
		->findings.list[0]
		.finding.known = true;
	made_cell(made, "kmod-y", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);

	const char *text = made_print(made, "sarif");
	assert_int_equal(made_count(text, "\"baselineState\": \"unchanged\""), 1);
	assert_int_equal(made_count(text, "\"baselineState\": \"new\""), 1);
}

/* The same finding twice: GitHub must not treat the second as the first. */
static void test_fingerprints(void **state)
{
	struct made_ledger *made = *state;
	struct ledger_cell *cell =
		made_cell(made, "kmod-x", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	struct arena *arena = &made->arena;

	made_finding(made, &cell->findings, "symbol-missing", LEVEL_ERROR, "said of it again");
	const char *print = ledger_fingerprint(arena, &made->ledger.pairs.list[0], "kmod-x",
					       &cell->findings.list[0].finding);
	const char *text = made_print(made, "sarif");
	for (size_t i = 1; i <= 2; i++)
		assert_int_equal(
			made_count(text, arena_format(arena,
						      "{\"kmodaudit/v1\": \"%s\", "
						      "\"primaryLocationLineHash\": \"%.16s:%zu\"}",
						      print, print, i)),
			1);
}

/* More results than GitHub accepts: the least important ones are omitted, and the report says
 * so. */
static void test_too_many(void **state)
{
	struct made_ledger *made = *state;
	struct waiver *waiver = made_waiver(made);

	for (size_t i = 0; i < 25003; i++) {
		const char *name = arena_format(&made->arena, "kmod-%zu", i);
		bool last = i == 25002;
		struct ledger_cell *cell =
			made_cell(made, name, VERDICT_UNSAFE, GATE_FAIL, "symbol-missing",
				  i == 7   ? LEVEL_WARNING
				  : i == 5 ? LEVEL_UNKNOWN
					   : LEVEL_ERROR);
		cell->findings.list[0].waiver = i == 9 ? waiver : NULL;
		cell->findings.list[0].finding.known = last;
	}

	const char *text = made_print(made, "sarif");
	assert_int_equal(made_count(text, "\"ruleId\""), 25000);
	assert_null(strstr(text, "kmod-7 on")); /* a warning weighs less than an error, */
	assert_null(strstr(text, "kmod-25002 on")); /* a known one less than that, */
	assert_null(strstr(text, "kmod-9 on")); /* a waived one less than all */
	assert_non_null(strstr(text, "kmod-25001 on"));
	assert_non_null(strstr(text, "kmod-5 on"));
	/* in the order of the report */
	assert_true(strstr(text, "kmod-5 on") < strstr(text, "kmod-6 on"));
	assert_non_null(strstr(text,
			       "\"toolExecutionNotifications\": [{\"level\": \"warning\", "
			       "\"message\": {\"text\": \"3 of the minor findings are omitted"));
	*strchr(text, '\n') = '\0';
	assert_non_null(strstr(text, "3 of the minor findings are omitted"));
}

static void test_write_error(void **state)
{
	struct made_ledger *made = *state;
	const struct report_style style = {0};
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_false(sarif_print(full, &made->ledger, &style, &made->error));
	assert_string_equal(made->error.text, "cannot write: No space left on device");
	fclose(full);
}

#define ON_LEDGER(test) \
	cmocka_unit_test_setup_teardown(test, made_ledger_setup, made_ledger_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uri), cmocka_unit_test(test_message),
		ON_LEDGER(test_first_line), ON_LEDGER(test_unknown),
		ON_LEDGER(test_hostile),    ON_LEDGER(test_waived),
		ON_LEDGER(test_baseline),   ON_LEDGER(test_fingerprints),
		ON_LEDGER(test_too_many),   ON_LEDGER(test_write_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
