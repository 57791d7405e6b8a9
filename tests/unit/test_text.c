/* SPDX-License-Identifier: ISC */
/* Tests the text report and the YAML report made from verdicts set by hand: grouping, order,
 * marks, width, hostile names. */
#include "report/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Verdicts set by hand, for the printers. */
struct hand {
	struct arena arena;
	struct image image;
	struct kernel kernel;
	struct feeds feeds;
	struct rules rules;
	struct verdicts verdicts;
};

static void setup(struct hand *hand)
{
	struct error error;

	*hand = (struct hand){0};
	assert_true(rules_read(&hand->arena, NULL, &hand->rules, &error));
	hand->kernel.exports.source = "fw.bin: __ksymtab at 0x10";
	hand->kernel.exports.complete = true;
	hand->image.source = "fw.bin";
	hand->image.kernel = &hand->kernel;
	hand->image.release = (struct fact){"4.14.275", "fw.bin: banner"};
	hand->image.abi = (struct abi){"4.14.275-1", "d2e0a589d2e0a589d2e0a589d2e0a589", "4.14.275",
				       "fw.bin: status"};
	hand->image.database_known = true;
	array_add(&hand->arena, &hand->feeds)->source = "feed";
	hand->verdicts.feeds = arena_new(&hand->arena, struct findings);
	hand->verdicts.rules = &hand->rules;
}

/* Marks a finding as waived or in the baseline, as the gate does. */
static void let_through(struct hand *hand, struct result *result, const struct finding *finding)
{
	if (result->verdict <= VERDICT_SAFE)
		return;
	if (finding && (finding->waiver || finding->known)) {
		hand->verdicts.waived += finding->waiver != NULL;
		hand->verdicts.known += finding->known;
		return;
	}
	result->gate = hand->verdicts.gate = GATE_FAIL;
	hand->verdicts.failing[result->verdict]++;
}

static void add(struct hand *hand, const char *name, enum verdict verdict,
		const struct finding *finding)
{
	struct package *package = arena_new(&hand->arena, struct package);
	struct result *result = array_add(&hand->arena, &hand->verdicts.results);

	package->name = name;
	package->version = "1";
	package->file = "feed/x.ipk";
	result->package = package;
	result->verdict = verdict;
	result->proven = verdict == VERDICT_SAFE;
	hand->verdicts.count[verdict]++;
	let_through(hand, result, finding);
	if (verdict == VERDICT_SAFE) {
		result->proof = "identity";
		*array_add(&hand->arena, &hand->verdicts.install) = name;
	}
	if (!finding)
		return;
	*array_add(&hand->arena, &result->findings) = *finding;
	result->deciding = result->findings.list;
}

static char *print(struct hand *hand, const char *format, bool color, bool verbose)
{
	struct report_style style = {color, verbose};
	struct error error;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	hand->verdicts.world = world_new(&hand->arena, &hand->image, &hand->feeds, NULL, NULL);
	for (const struct report_format *one = report_formats; one->name; one++)
		if (!strcmp(one->name, format))
			assert_true(one->print(out, &hand->verdicts, &style, &error));
	fclose(out);
	return text;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("'%s' is not in:\n%s", part, text);
	assert_non_null(strstr(text, part));
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		print_error("'%s' is in:\n%s", part, text);
	assert_null(strstr(text, part));
}

static const struct finding other_release = {
	.id = "kernel-release",
	.outcome = OUTCOME_FAILS,
	.subject = "vermagic",
	.expected = "4.14.275",
	.found = "4.1.20",
	.witness = {"fw.bin: banner", "feed/x.ipk: x.ko"},
	.text = "built for kernel 4.1.20, the image runs 4.14.275",
};

static const struct finding no_proof = {
	.id = "no-proof",
	.outcome = OUTCOME_UNKNOWN,
	.subject = "kmod-x",
	.text = "no accepted proof",
	.settle = "--image-config and --feed-config",
};

static void the_answer_comes_first(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-a", VERDICT_SAFE, NULL);
	add(&hand, "kmod-b", VERDICT_UNSAFE, &other_release);
	add(&hand, "kmod-c", VERDICT_UNPROVEN, &no_proof);
	add(&hand, "kmod-d", VERDICT_INSTALLED, NULL);
	char *text = print(&hand, "text", false, false);
	has(text, "fail: 1 of 4 packages unsafe, 1 unproven; 1 safe, 1 installed\nimage fw.bin\n");
	assert_true(strncmp(text, "fail: ", 6) == 0);
	has(text, "CANNOT be installed: 1 package\n  kmod-b: built for kernel 4.1.20, the image "
		  "runs 4.14.275 [kernel-release]\n"
		  "    what to do: ");
	has(text, "    to settle it: give --image-config FILE (the .config of its kernel, from its "
		  "build, from the SDK\n");
	has(text,
	    "CAN be installed: 1 package\n  kmod-a\n  proof: identity: built for this kernel");
	has(text, "installed already: 1 package\n");
	has_not(text, "kmod-d");
	has_not(text, "\033");
	assert_true(strstr(text, "CANNOT be installed") < strstr(text, "NOT PROVEN"));
	assert_true(strstr(text, "NOT PROVEN") < strstr(text, "CAN be installed"));
	free(text);
	arena_free(&hand.arena);
}

static void headlines(void **state)
{
	(void)state;
	static const struct {
		struct headline headline;
		const char *expected;
	} cases[] = {
		{{.gate = GATE_PASS},
		 "pass: nothing to judge: no given package contains a kernel module or needs one"},
		{{.verdict = {0, 1, 0, 0}}, "pass: 1 package; 1 safe"},
		{{.verdict = {2, 3, 0, 0}}, "pass: 5 packages; 3 safe, 2 installed"},
		{{.gate = GATE_FAIL, .verdict = {10, 2, 1, 3}, .failing = {0, 0, 1, 3}},
		 "fail: 3 of 16 packages unsafe, 1 unproven; 2 safe, 10 installed"},
		{{.gate = GATE_FAIL, .verdict = {0, 0, 1, 0}, .failing = {0, 0, 1, 0}},
		 "fail: 1 of 1 package unproven"},
		{{.gate = GATE_WARN, .verdict = {0, 1, 2, 0}},
		 "warn: 2 of 3 packages unproven; 1 safe"},
		{{.gate = GATE_PASS, .verdict = {0, 1, 2, 0}},
		 "pass: 3 packages; 1 safe, 2 unproven but accepted"},
		{{.gate = GATE_PASS, .verdict = {0, 0, 2, 3}, .waived = 1, .known = 4},
		 "pass: 5 packages; 1 waived, 4 known"},
		{{.gate = GATE_FAIL,
		  .verdict = {0, 0, 2, 3},
		  .failing = {0, 0, 0, 1},
		  .waived = 1,
		  .known = 3},
		 "fail: 1 of 5 packages unsafe; 1 waived, 3 known"},
		{{.gate = GATE_FAIL, .verdict = {0, 1, 0, 0}, .beside = 1},
		 "fail: 1 error of image, feeds or waivers; 1 safe"},
		{{.gate = GATE_FAIL, .verdict = {0, 1, 0, 1}, .failing = {0, 0, 0, 1}, .beside = 2},
		 "fail: 1 of 2 packages unsafe, 2 errors of image, feeds or waivers; 1 safe"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};

		assert_string_equal(headline_words(&arena, &cases[i].headline), cases[i].expected);
		arena_free(&arena);
	}
}

static const struct waiver waiver = {.rule = "kernel-release",
				     .globs[WAIVER_PACKAGE] = "kmod-w*",
				     .reason = "only \033[31m tries",
				     .owner = "ada",
				     .expires = "2026-12-31",
				     .witness = "w.yaml: line 3",
				     .used = 2};

/* The same reason three times: it counts, is in the baseline, is waived. */
static void add_let_through(struct hand *hand)
{
	struct finding finding = other_release;

	add(hand, "kmod-b", VERDICT_UNSAFE, &finding);
	finding.known = true;
	add(hand, "kmod-k", VERDICT_UNSAFE, &finding);
	finding.known = false;
	finding.waiver = &waiver;
	add(hand, "kmod-w1", VERDICT_UNSAFE, &finding);
	add(hand, "kmod-w2", VERDICT_UNSAFE, &finding);
}

static void what_is_let_through_is_marked(void **state)
{
	static struct waivers waivers = {.source = "w.yaml", .count = 1};
	static struct baseline_sums baseline = {
		"old.yaml", 1, 5, 2, {0}, "it is for another image: old.bin"};
	static struct finding refused = {.id = "waiver-refused",
					 .outcome = OUTCOME_FAILS,
					 .subject = "machine of package *",
					 .witness = {"w.yaml: line 9", NULL},
					 .text = "machine cannot be waived"};
	struct hand hand;

	(void)state;
	setup(&hand);
	add_let_through(&hand);
	waivers.list = (struct waiver *)&waiver;
	hand.verdicts.waivers = &waivers;
	hand.verdicts.baseline = &baseline;
	*array_add(&hand.arena, &hand.verdicts.waiver_findings) = refused;
	char *text = print(&hand, "text", false, false);
	has(text, "fail: 1 of 4 packages unsafe, 1 error of image, feeds or waivers; 2 waived, 1 "
		  "known\n");
	has(text, "\nwaivers w.yaml: 1, covering 2 findings\n"
		  "error: w.yaml: line 9: machine of package *: machine cannot be waived "
		  "[waiver-refused]\n"
		  "baseline old.yaml: 1 finding new, 5 unchanged, 2 fixed; it is for another "
		  "image: old.bin\n");
	has(text, "\nCANNOT be installed: 4 packages, of these 2 waived, 1 known\n  kmod-b: built");
	has(text, "\n  known: kmod-k: built for kernel 4.1.20, the image runs 4.14.275 "
		  "[kernel-release]\n  waived: kmod-w1");
	has(text,
	    "kmod-w1, kmod-w2: built for kernel 4.1.20, the image runs 4.14.275 [kernel-release]\n "
	    "   waiver: w.yaml: line 3: until 2026-12-31, ada: only \\x1b[31m tries\n");
	assert_true(strstr(text, "kmod-b: built") < strstr(text, "known: kmod-k"));
	/* the remedy is printed for what counts */
	assert_null(strstr(strstr(text, "what to do") + 1, "what to do"));
	free(text);
	text = print(&hand, "text", false, true);
	has(text, "kmod-k: error, known: vermagic: built");
	has(text, "kmod-w1: error, waived: vermagic: built");
	free(text);
	arena_free(&hand.arena);
}

static void yaml_has_what_is_let_through(void **state)
{
	static struct waivers waivers = {.source = "w.yaml", .count = 1};
	static struct baseline_sums baseline = {.source = "old.yaml", .unchanged = 5};
	struct hand hand;

	(void)state;
	setup(&hand);
	add_let_through(&hand);
	waivers.list = (struct waiver *)&waiver;
	hand.verdicts.waivers = &waivers;
	hand.verdicts.baseline = &baseline;
	char *text = print(&hand, "yaml", false, false);
	has(text, "# fail: 1 of 4 packages unsafe; 2 waived, 1 known\nschema: ");
	has(text, "    waived:\n      owner: ada\n      reason: \"only \\\\x1b[31m tries\"\n      "
		  "expires: \"2026-12-31\"\n"
		  "      by: \"w.yaml: line 3\"\n");
	has(text, "    known: true\n");
	has(text,
	    "gate: {result: fail, policy: default, unsafe: 1, unproven: 0, waived: 2, known: 1}\n"
	    "waivers:\n  source: w.yaml\n  list:\n  - rule: kernel-release\n    package: "
	    "\"kmod-w*\"\n"
	    "    reason: \"only \\\\x1b[31m tries\"\n    owner: ada\n    expires: \"2026-12-31\"\n"
	    "    by: \"w.yaml: line 3\"\n    state: active\n    covers: 2\n  findings: []\n"
	    "baseline:\n  source: old.yaml\n  new: 0\n  unchanged: 5\n  fixed: 0\n  fixed_list: "
	    "[]\n"
	    "  remark: null\nsummary: {");
	free(text);
	arena_free(&hand.arena);
}

static void one_reason_is_said_once(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	for (int i = 0; i < 40; i++)
		add(&hand, arena_format(&hand.arena, "kmod-%02d", i), VERDICT_UNSAFE,
		    &other_release);
	char *text = print(&hand, "text", false, false);
	has(text, "  40 packages: built for kernel 4.1.20, the image runs 4.14.275 "
		  "[kernel-release]\n    kmod-00  kmod-01 ");
	has_not(text, "more: -v names them");
	assert_null(strstr(strstr(text, "kernel 4.1.20") + 1, "kernel 4.1.20"));
	free(text);
	text = print(&hand, "text", false, true);
	has(text, "kmod-39");
	free(text);
	arena_free(&hand.arena);
}

/* The sentences contain the module's name, the values are equal: the rule's title is printed. */
static void same_values_are_one_reason(void **state)
{
	struct hand hand;
	struct finding finding = other_release;

	(void)state;
	setup(&hand);
	for (int i = 0; i < 3; i++) {
		finding.text = arena_format(&hand.arena, "m%d is built for 4.1.20", i);
		add(&hand, arena_format(&hand.arena, "kmod-%d", i), VERDICT_UNSAFE, &finding);
	}
	char *text = print(&hand, "text", false, false);
	has(text, arena_format(&hand.arena, "  kmod-0, kmod-1, kmod-2: %s: 4.14.275 expected,",
			       rules_find(&hand.rules, "kernel-release")->title));
	has_not(text, "m1 is built");
	free(text);
	arena_free(&hand.arena);
}

/* Each violates the rule in its own way: a few are printed separately, many with an example. */
static void many_reasons_of_one_rule_are_folded(void **state)
{
	struct hand hand;
	struct finding finding = {.id = "symbol-missing", .outcome = OUTCOME_FAILS};

	(void)state;
	setup(&hand);
	for (int i = 0; i < 6; i++) {
		finding.text = arena_format(&hand.arena, "Unknown symbol s%d", i);
		add(&hand, arena_format(&hand.arena, "kmod-%d", i), VERDICT_UNSAFE, &finding);
	}
	char *text = print(&hand, "text", false, false);
	has(text, "  kmod-0: Unknown symbol s0 [symbol-missing]\n");
	has(text, "  kmod-5: Unknown symbol s5 [symbol-missing]\n");
	free(text);

	finding.text = "Unknown symbol s6";
	add(&hand, "kmod-6", VERDICT_UNSAFE, &finding);
	text = print(&hand, "text", false, false);
	has(text, "  7 packages, for example kmod-0: Unknown symbol s0 [symbol-missing]\n    "
		  "kmod-0  kmod-1 ");
	has_not(text, "s5");
	free(text);
	text = print(&hand, "text", false, true);
	has(text, "  kmod-5: Unknown symbol s5 [symbol-missing]\n");
	free(text);
	arena_free(&hand.arena);
}

static void verbose_tells_every_finding(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-b", VERDICT_UNSAFE, &other_release);
	add(&hand, "kmod-d", VERDICT_INSTALLED, NULL);
	char *text = print(&hand, "text", false, true);
	has(text, "\nkmod-b: error: vermagic: built for kernel 4.1.20, the image runs 4.14.275 "
		  "[kernel-release]\n"
		  "    expected: 4.14.275 (fw.bin: banner)\n"
		  "    found: 4.1.20 (feed/x.ipk: x.ko)\n");
	has(text, "installed already: 1 package\n  kmod-d\n");
	free(text);
	arena_free(&hand.arena);
}

static void colour_when_asked(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-b", VERDICT_UNSAFE, &other_release);
	char *text = print(&hand, "text", true, false);
	assert_true(strncmp(text, "\033[1;31mfail: kmod-b is unsafe\033[0m\n", 34) == 0);
	free(text);
	arena_free(&hand.arena);
}

static void hostile_names_are_harmless(void **state)
{
	static const char *const formats[] = {"text", "yaml"};
	struct hand hand;
	struct finding finding = {
		.id = "symbol-missing",
		.outcome = OUTCOME_FAILS,
		.module = "m\033]0;x\a",
		.subject = "s\x9b",
		.expected = "\xe2\x80\xae",
		.found = "\xff",
		.witness = {"w\n", "w\r"},
		.text = "t\033[2J",
	};

	(void)state;
	setup(&hand);
	hand.image.source = "fw\033[31m.bin";
	hand.feeds.list[0].source = "feed\033";
	add(&hand, "kmod\033[1m\nsafe: all", VERDICT_UNSAFE, &finding);
	for (size_t i = 0; i < 2; i++) {
		char *text = print(&hand, formats[i], false, true);
		for (const char *at = text; *at; at++)
			assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
		has_not(text, "\nsafe: all");
		free(text);
	}
	arena_free(&hand.arena);
}

static void lines_fit_the_terminal(void **state)
{
	struct hand hand;
	struct finding finding = other_release;

	(void)state;
	setup(&hand);
	finding.text = "one two three four five six seven eight nine ten eleven twelve thirteen "
		       "fourteen fifteen sixteen seventeen eighteen nineteen twenty one two three "
		       "four five six seven eight nine ten eleven twelve";
	for (int i = 0; i < 90; i++)
		add(&hand, arena_format(&hand.arena, "kmod-a-rather-long-name-%02d", i),
		    i & 1 ? VERDICT_UNSAFE : VERDICT_SAFE, i & 1 ? &finding : NULL);
	for (int width = 60; width <= 200; width += 20) {
		setenv("COLUMNS", arena_format(&hand.arena, "%d", width), 1);
		char *text = print(&hand, "text", false, false);
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_in_range(strlen(line), 1, (size_t)width);
		free(text);
	}
	setenv("COLUMNS", "100", 1);
	arena_free(&hand.arena);
}

/* A finding with level error is printed, whatever the verdict is. */
static void an_installed_package_hides_no_error(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-b", VERDICT_INSTALLED, &other_release);
	add(&hand, "kmod-c", VERDICT_INSTALLED, &no_proof);
	char *text = print(&hand, "text", false, false);
	has(text, "installed already: 2 packages\n  error: kmod-b: built for kernel 4.1.20");
	has_not(text, "kmod-c");
	free(text);
	arena_free(&hand.arena);
}

static void one_package_is_answered_in_a_few_lines(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-c", VERDICT_UNPROVEN, &no_proof);
	char *text = print(&hand, "text", false, false);
	has(text, "fail: kmod-c is unproven\n  no accepted proof holds [no-proof]\n    to settle "
		  "it: give --image-config");
	has_not(text, "NOT PROVEN");
	free(text);
	arena_free(&hand.arena);
}

static void yaml_keeps_the_contract(void **state)
{
	struct hand hand;

	(void)state;
	setup(&hand);
	add(&hand, "kmod-b", VERDICT_UNSAFE, &other_release);
	hand.verdicts.unrelated = 2;
	char *text = print(&hand, "yaml", false, false);
	has(text,
	    "schema: kmodaudit/report/1\ntool: {name: kmodaudit, version: \"" KMODAUDIT_VERSION
	    "\"}\nimage:\n");
	has(text, "  sha256: null\n");
	has(text, "    vermagic: null\n    vermagic_witness: null\n");
	has(text,
	    "    abi: {version: \"4.14.275-1\", hash: \"d2e0a589d2e0a589d2e0a589d2e0a589\"}\n");
	has(text, "- name: kmod-b\n  version: \"1\"\n  file: feed/x.ipk\n  verdict: unsafe\n  "
		  "gate: fail\n  proof: null\n  proven: false\n"
		  "  modules: []\n"
		  "  needs: []\n  findings:\n  - id: kernel-release\n    level: error\n    "
		  "subject: vermagic\n"
		  "    expected: \"4.14.275\"\n    found: \"4.1.20\"\n    witness:\n    - "
		  "\"fw.bin: banner\"\n"
		  "    - \"feed/x.ipk: x.ko\"\n"
		  "    text: \"built for kernel 4.1.20, the image runs 4.14.275\"\n");
	has(text, "install: []\ngate: {result: fail, policy: default, unsafe: 1, unproven: 0, "
		  "waived: 0, known: 0}\n"
		  "summary: {packages: 3, unrelated: 2, installed: 0, safe: 0, unsafe: 1, "
		  "unproven: 0}\n");
	free(text);
	arena_free(&hand.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_comes_first),
		cmocka_unit_test(headlines),
		cmocka_unit_test(what_is_let_through_is_marked),
		cmocka_unit_test(yaml_has_what_is_let_through),
		cmocka_unit_test(one_reason_is_said_once),
		cmocka_unit_test(same_values_are_one_reason),
		cmocka_unit_test(many_reasons_of_one_rule_are_folded),
		cmocka_unit_test(verbose_tells_every_finding),
		cmocka_unit_test(colour_when_asked),
		cmocka_unit_test(hostile_names_are_harmless),
		cmocka_unit_test(lines_fit_the_terminal),
		cmocka_unit_test(an_installed_package_hides_no_error),
		cmocka_unit_test(one_package_is_answered_in_a_few_lines),
		cmocka_unit_test(yaml_keeps_the_contract),
	};

	setenv("COLUMNS", "100", 1);
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
