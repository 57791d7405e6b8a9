/* SPDX-License-Identifier: ISC */
/* Prints a ledger as JUnit XML: one suite per pair, one case per package,
 * image and feed. */
#include "report/ledger/ledger_rows.h"
#include "report/report.h"
#include "report/write/xml.h"

/* The result of a test case. JUnit has two kinds of failure: a failure means that a
 * condition is not met, an error that there is no answer. So an unsafe package is a
 * failure, and an unproven or unreadable one is an error. */
enum ending { ENDING_PASSED, ENDING_SKIPPED, ENDING_ERROR, ENDING_FAILURE };

/* One test case: a package, an image, a feed, or the waivers. */
struct junit_case {
	const char *class, *name, *file;
	enum ending ending;
	const char *type, *message; /* of a case that did not pass */
	struct strings lines; /* all findings, as text */
};

struct junit_suite {
	const char *name;
	struct {
		struct junit_case *list;
		size_t count, room;
	} cases;
	size_t endings[4]; /* the number of each, by enum ending */
};

static void line_add(struct arena *arena, struct strings *lines, const char *what, const char *text)
{
	if (text)
		*array_add(arena, lines) = arena_format(arena, "%s%s", what, text);
}

static void finding_lines(struct arena *arena, struct strings *lines, const struct ledger *ledger,
			  const struct finding *finding, enum level level,
			  const struct waiver *waiver)
{
	const struct rule *rule = rules_find(ledger->rules, finding->id);

	line_add(arena, lines, arena_format(arena, "%s: %s: ", level_name[level], finding->id),
		 finding->text);
	line_add(arena, lines, "  module: ", finding->module);
	line_add(arena, lines, "  subject: ", finding->subject);
	line_add(arena, lines, "  expected: ", finding->expected);
	line_add(arena, lines, "  found: ", finding->found);
	for (size_t i = 0; i < sizeof finding->witness / sizeof *finding->witness; i++)
		line_add(arena, lines, "  witness: ", finding->witness[i]);
	if (finding->more)
		line_add(arena, lines, "  also: ", arena_format(arena, "%zu", finding->more));
	line_add(arena, lines, "  what would settle it: ", finding->settle);
	if (!finding->settle && rule)
		line_add(arena, lines, "  what to do: ", rule->remedy);
	if (waiver)
		line_add(arena, lines, "  waived: ",
			 arena_format(arena, "%s (%s, until %s)", waiver->reason, waiver->owner,
				      waiver->expires));
	if (finding->known)
		line_add(arena, lines, "  known: ", "known from the baseline");
}

static void findings_lines(struct arena *arena, struct strings *lines, const struct ledger *ledger,
			   const struct ledger_findings *findings)
{
	array_each(finding, findings)
		finding_lines(arena, lines, ledger, &finding->finding, finding->level,
			      finding->waiver);
}

static const char *passed_by(bool waived, bool known)
{
	return waived && known ? "waived, known from the baseline"
	       : waived	       ? "waived"
			       : "known from the baseline";
}

static void suite_add(struct arena *arena, struct junit_suite *suite, const struct junit_case *item)
{
	*array_add(arena, &suite->cases) = *item;
	suite->endings[item->ending]++;
}

/* Adds the case of an image or feed. It fails only because of an error that is neither
 * waived nor in the baseline. */
static void owner_case(struct arena *arena, struct junit_suite *suite, const struct ledger *ledger,
		       struct junit_case *item, const struct ledger_findings *findings)
{
	bool waived = false, known = false;

	array_each(finding, findings) {
		bool passes = finding->waiver || finding->finding.known;
		waived |= finding->waiver != NULL;
		known |= finding->finding.known;
		if (passes || finding->level < LEVEL_ERROR || item->ending >= ENDING_ERROR)
			continue;
		item->ending = text_ends(finding->finding.id, "-unreadable") ? ENDING_ERROR
									     : ENDING_FAILURE;
		item->type = finding->finding.id;
		item->message = finding->finding.text;
	}
	if (item->ending == ENDING_PASSED && (waived || known)) {
		item->ending = ENDING_SKIPPED;
		item->message = passed_by(waived, known);
	}
	findings_lines(arena, &item->lines, ledger, findings);
	suite_add(arena, suite, item);
}

static void cell_case(struct arena *arena, struct junit_suite *suite, const struct ledger *ledger,
		      const struct ledger_pair *pair, const struct ledger_cell *cell)
{
	const struct ledger_cell *end = pair->cells.list + pair->cells.count;
	struct junit_case item = {.class = pair->image, .name = cell->name, .file = cell->file};
	/* otherwise the package may only lack a proof */
	bool error_stands = (!cell->waived && !cell->known) ||
			    array_any(finding, &cell->findings,
				      finding->level == LEVEL_ERROR && !finding->waiver &&
					      !finding->finding.known);

	if (cell->version)
		item.name = arena_format(arena, "%s %s", cell->name, cell->version);
	/* Jenkins keeps only one case per name */
	if (cell->file && ((cell > pair->cells.list && ledger_cell_twin(cell, cell - 1)) ||
			   (cell + 1 < end && ledger_cell_twin(cell, cell + 1))))
		item.name = arena_format(arena, "%s (%s)", item.name, cell->file);
	if (cell->gate == GATE_FAIL)
		item.ending = cell->verdict == VERDICT_UNSAFE && error_stands ? ENDING_FAILURE
									      : ENDING_ERROR;
	else if (cell->waived || cell->known)
		item.ending = ENDING_SKIPPED;
	item.type = cell->deciding ? cell->deciding : verdict_name[cell->verdict];
	item.message = item.ending == ENDING_SKIPPED ? passed_by(cell->waived, cell->known)
		       : cell->deciding_text	     ? cell->deciding_text
						     : verdict_name[cell->verdict];
	line_add(arena, &item.lines, "verdict: ", verdict_name[cell->verdict]);
	line_add(arena, &item.lines, "proof: ", cell->proof);
	findings_lines(arena, &item.lines, ledger, &cell->findings);
	suite_add(arena, suite, &item);
}

static struct junit_suite pair_suite(struct arena *arena, const struct ledger *ledger,
				     const struct ledger_pair *pair)
{
	struct junit_suite suite = {
		.name = arena_format(arena, "%s vs %s", pair->image, pair->feed)};
	struct junit_case image = {.class = pair->image, .name = "(image)", .file = pair->source};
	struct junit_case feed = {.class = pair->image, .name = "(feed)", .file = pair->feed};

	owner_case(arena, &suite, ledger, &image, &pair->image_findings);
	owner_case(arena, &suite, ledger, &feed, &pair->feed_findings);
	array_each(cell, &pair->cells)
		cell_case(arena, &suite, ledger, pair, cell);
	return suite;
}

static struct junit_suite waivers_suite(struct arena *arena, const struct ledger *ledger)
{
	struct junit_suite suite = {.name = "waivers"};
	struct junit_case item = {
		.class = "waivers", .name = ledger->waivers.source, .file = ledger->waivers.source};

	array_each(finding, &ledger->waiver_findings) {
		enum level level = rules_level(ledger->rules, finding);
		finding_lines(arena, &item.lines, ledger, finding, level, NULL);
		if (level < LEVEL_ERROR || item.ending == ENDING_FAILURE)
			continue;
		item.ending = ENDING_FAILURE;
		item.type = finding->id;
		item.message = finding->text;
	}
	suite_add(arena, &suite, &item);
	return suite;
}

/* Prints a case, without times: they mean nothing here, and the schema does
 * not require them. */
static void case_print(struct xml *xml, struct arena *arena, const struct junit_case *item)
{
	static const char *const element[] = {NULL, "skipped", "error", "failure"};
	struct strings reason = {0}, out = {0};

	xml_open(xml, "testcase");
	xml_attribute(xml, "classname", item->class);
	xml_attribute(xml, "name", item->name);
	if (item->ending != ENDING_PASSED) {
		xml_open(xml, element[item->ending]);
		if (item->ending == ENDING_SKIPPED) {
			/* in the schema, a skipped element has no attributes */
			*array_add(arena, &reason) = item->message;
			xml_lines(xml, &reason);
		} else {
			xml_attribute(xml, "type", item->type);
			xml_attribute(xml, "message", item->message ? item->message : item->type);
			xml_lines(xml, &item->lines);
		}
		xml_close(xml);
	}
	line_add(arena, &out, "file: ", item->file);
	array_each(line, &item->lines)
		if (item->ending < ENDING_ERROR)
			*array_add(arena, &out) = *line;
	if (out.count) {
		xml_open(xml, "system-out");
		xml_lines(xml, &out);
		xml_close(xml);
	}
	xml_close(xml);
}

static void counts_print(struct xml *xml, size_t tests, const size_t endings[4])
{
	xml_attribute_number(xml, "tests", tests);
	xml_attribute_number(xml, "failures", endings[ENDING_FAILURE]);
	xml_attribute_number(xml, "errors", endings[ENDING_ERROR]);
}

/* Prints each suite and adds up its numbers; XML NULL: only adds them up. The text
 * of a suite is freed after it, so the sums, which come first in the file, need
 * their own pass. */
static void suites_walk(struct xml *xml, const struct ledger *ledger, size_t *tests,
			size_t endings[4])
{
	_cleanup_arena_ struct arena arena = {0};

	for (size_t i = 0; i <= ledger->pairs.count; i++) {
		struct junit_suite suite = {0};
		if (i < ledger->pairs.count)
			suite = pair_suite(&arena, ledger, &ledger->pairs.list[i]);
		else if (ledger->waivers.source && !ledger->shards)
			suite = waivers_suite(&arena, ledger);
		else
			break;
		if (xml) {
			xml_open(xml, "testsuite");
			xml_attribute(xml, "name", suite.name);
			counts_print(xml, suite.cases.count, suite.endings);
			xml_attribute_number(xml, "skipped", suite.endings[ENDING_SKIPPED]);
			array_each(item, &suite.cases)
				case_print(xml, &arena, item);
			xml_close(xml);
		}
		*tests += suite.cases.count;
		for (size_t j = 0; j < sizeof suite.endings / sizeof *suite.endings; j++)
			endings[j] += suite.endings[j];
		arena_reset(&arena);
	}
}

bool junit_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		 struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	size_t tests = 0, again = 0, endings[4] = {0}, endings_again[4] = {0};
	struct xml *xml = xml_begin(out, ledger_headline(&arena, ledger));

	(void)style;
	suites_walk(NULL, ledger, &tests, endings);
	xml_open(xml, "testsuites");
	xml_attribute(xml, "name", "kmodaudit");
	counts_print(xml, tests, endings);
	suites_walk(xml, ledger, &again, endings_again);
	xml_close(xml);
	return xml_end(xml, error);
}
