/* SPDX-License-Identifier: ISC */
/* Tests the JUnit output: counts, endings of cases, unique names, hostile text and write
 * errors. */
#include "unit/made_ledger.h"

#include "report/write/xml.h"

/* Checks the counts of the first ELEMENT. */
static void assert_counts(const char *text, const char *element, const char *counts)
{
	const char *at = strstr(text, element);

	assert_non_null(at);
	at = strstr(at, " tests=");
	assert_non_null(at);
	assert_memory_equal(at + 1, counts, strlen(counts));
}

static void test_empty(void **state)
{
	struct made_ledger *made = *state;
	const char *text = made_print(made, "junit");

	assert_non_null(strstr(text, "<testcase classname=\"fw.bin\" name=\"(image)\">"));
	assert_non_null(strstr(text, "<testcase classname=\"fw.bin\" name=\"(feed)\">"));
	assert_counts(text, "<testsuites", "tests=\"2\" failures=\"0\" errors=\"0\">");
	assert_counts(text, "<testsuite name=\"fw.bin vs feed\"",
		      "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\">");
	assert_null(strstr(text, "time"));
}

static void test_endings(void **state)
{
	struct made_ledger *made = *state;
	struct waiver *waiver = made_waiver(made);
	struct ledger_cell *cell;

	made_cell(made, "kmod-bad", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	made_cell(made, "kmod-dark", VERDICT_UNPROVEN, GATE_FAIL, "no-proof", LEVEL_UNKNOWN);
	made_cell(made, "kmod-dim", VERDICT_UNPROVEN, GATE_WARN, "no-proof", LEVEL_UNKNOWN);
	made_cell(made, "kmod-good", VERDICT_SAFE, GATE_PASS, NULL, LEVEL_NOTE)->proof = "identity";
	cell = made_cell(made, "kmod-known", VERDICT_UNSAFE, GATE_PASS, "symbol-missing",
			 LEVEL_ERROR);
	cell->findings.list[0].finding.known = cell->known = true;
	cell = made_cell(made, "kmod-waived", VERDICT_UNSAFE, GATE_PASS, "symbol-missing",
			 LEVEL_ERROR);
	cell->findings.list[0].waiver = waiver;
	cell->waived = true;
	/* its error is waived, but it has no proof, and this policy fails for that */
	cell = made_cell(made, "kmod-weak", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing",
			 LEVEL_ERROR);
	cell->findings.list[0].waiver = waiver;
	cell->waived = true;
	ledger_finish(&made->arena, &made->ledger);

	const char *text = made_print(made, "junit");
	assert_int_equal(made_count(text, "<testcase "), 10);
	assert_counts(text, "<testsuites", "tests=\"10\" failures=\"1\" errors=\"2\">");
	assert_counts(text, "<testsuite ",
		      "tests=\"9\" failures=\"1\" errors=\"2\" skipped=\"2\">");
	assert_non_null(strstr(text, "name=\"kmod-bad 1.0\">\n   <failure type=\"symbol-missing\" "
				     "message=\"said of it\">verdict: unsafe\n"
				     "error: symbol-missing: said of it\n  subject: subject\n"));
	assert_non_null(strstr(
		text,
		"name=\"kmod-dark 1.0\">\n   <error type=\"no-proof\" message=\"said of it\">"));
	assert_non_null(strstr(text, "name=\"kmod-dim 1.0\">\n   <system-out>file: "
				     "feed/kmod-dim.ipk\nverdict: unproven\n"));
	assert_non_null(strstr(text, "name=\"kmod-good 1.0\">\n   <system-out>file: "
				     "feed/kmod-good.ipk\nverdict: safe\nproof: identity<"));
	assert_non_null(strstr(
		text, "name=\"kmod-known 1.0\">\n   <skipped>known from the baseline</skipped>"));
	assert_non_null(strstr(text, "name=\"kmod-waived 1.0\">\n   <skipped>waived</skipped>"));
	assert_non_null(strstr(text, "  waived: known to work (release team, until 2030-01-31)"));
	assert_non_null(strstr(text, "name=\"kmod-weak 1.0\">\n   <error type=\"symbol-missing\""));
}

static void test_owners(void **state)
{
	struct made_ledger *made = *state;
	struct ledger_pair *pair = made->ledger.pairs.list;
	struct finding *finding;

	made_finding(made, &pair->image_findings, "image-release", LEVEL_WARNING, "odd");
	made_finding(made, &pair->feed_findings, "feed-signature", LEVEL_ERROR, "bad signature")
		->source = "feed";
	pair = made_pair(made, "old.bin", "feed");
	made_finding(made, &pair->image_findings, "image-unreadable", LEVEL_ERROR, "cut short");
	made_finding(made, &pair->feed_findings, "feed-checksum", LEVEL_ERROR, "differs")
		->finding.known = true;
	made_waiver(made);
	finding = array_add(&made->arena, &made->ledger.waiver_findings);
	*finding = (struct finding){.id = "waiver-expired",
				    .outcome = OUTCOME_FAILS,
				    .subject = "symbol-missing",
				    .text = "held until 2020-01-01"};

	const char *text = made_print(made, "junit");
	assert_counts(text, "<testsuites", "tests=\"5\" failures=\"2\" errors=\"1\">");
	assert_counts(text, "<testsuite name=\"fw.bin vs feed\"",
		      "tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">");
	assert_counts(text, "<testsuite name=\"old.bin vs feed\"",
		      "tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\">");
	assert_counts(text, "<testsuite name=\"waivers\"",
		      "tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">");
	assert_non_null(
		strstr(text, "<failure type=\"feed-signature\" message=\"bad signature\">"));
	assert_non_null(strstr(text, "<error type=\"image-unreadable\" message=\"cut short\">"));
	assert_non_null(strstr(
		text, "<failure type=\"waiver-expired\" message=\"held until 2020-01-01\">"));
}

/* A feed that has one package twice: two cases with two names. */
static void test_names(void **state)
{
	struct made_ledger *made = *state;

	for (size_t i = 0; i < 2; i++)
		made_cell(made, "kmod-x", VERDICT_SAFE, GATE_PASS, NULL, LEVEL_NOTE)->file =
			i ? "b/x.ipk" : "a/x.ipk";
	made_cell(made, "kmod-y", VERDICT_SAFE, GATE_PASS, NULL, LEVEL_NOTE)->version = NULL;

	const char *text = made_print(made, "junit");
	assert_non_null(strstr(text, "name=\"kmod-x 1.0 (a/x.ipk)\""));
	assert_non_null(strstr(text, "name=\"kmod-x 1.0 (b/x.ipk)\""));
	assert_non_null(strstr(text, "name=\"kmod-y\""));
}

static void test_first_line(void **state)
{
	struct made_ledger *made = *state;
	const char *text, *line;

	made_cell(made, "kmod-x", VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);
	ledger_finish(&made->arena, &made->ledger);
	text = made_print(made, "junit");
	line = arena_format(&made->arena, "<!-- %s -->\n<testsuites ",
			    ledger_headline(&made->arena, &made->ledger));
	assert_memory_equal(text, line, strlen(line));
	assert_non_null(strstr(line, "fail: "));
}

/* A comment must not contain "--". */
static void test_comment(void **state)
{
	struct made_ledger *made = *state;
	size_t size;
	FILE *out = open_memstream(&made->text, &size);
	struct xml *xml = xml_begin(out, "a--b---c-");

	xml_open(xml, "x");
	xml_close(xml);
	assert_true(xml_end(xml, &made->error));
	fclose(out);
	assert_string_equal(made->text, "<!-- a- -b- - -c-  -->\n<x/>\n");
}

static void test_hostile(void **state)
{
	static const char evil[] = "<a>&\"]]>--\x01\n\xff\xef\xbf\xbf\xed\xa0\x80\xf0\x9f\xbf\xbe";
	struct made_ledger *made = *state;
	struct ledger_cell *cell =
		made_cell(made, evil, VERDICT_UNSAFE, GATE_FAIL, "symbol-missing", LEVEL_ERROR);

	made->ledger.pairs.list[0].image = made->ledger.pairs.list[0].feed = evil;
	cell->version = cell->file = cell->deciding_text = cell->findings.list[0].finding.text =
		evil;

	const char *text = made_print(made, "junit");
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' ||
			    ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f));
	assert_non_null(strstr(
		text, "message=\"&lt;a&gt;&amp;&quot;]]&gt;--"
		      "\\x01\\x0a\\xff\\xef\\xbf\\xbf\\xed\\xa0\\x80\\xf0\\x9f\\xbf\\xbe\""));
}

static void test_write_error(void **state)
{
	struct made_ledger *made = *state;
	const struct report_style style = {0};
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_false(junit_print(full, &made->ledger, &style, &made->error));
	assert_string_equal(made->error.text, "cannot write: No space left on device");
	fclose(full);
}

#define ON_LEDGER(test) \
	cmocka_unit_test_setup_teardown(test, made_ledger_setup, made_ledger_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_LEDGER(test_empty),	 ON_LEDGER(test_endings),     ON_LEDGER(test_owners),
		ON_LEDGER(test_names),	 ON_LEDGER(test_first_line),  ON_LEDGER(test_comment),
		ON_LEDGER(test_hostile), ON_LEDGER(test_write_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
