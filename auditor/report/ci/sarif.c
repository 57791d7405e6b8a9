/* SPDX-License-Identifier: ISC */
/* Prints a ledger as one SARIF run: collects the results, cuts them to what GitHub
 * accepts, and writes the run's properties. */
#include "report/ci/sarif.h"

#include "report/report.h"

#include <unistd.h>

/* GitHub refuses a file with more results in one run. */
enum { SARIF_RESULTS_MOST = 25000 };

#define SARIF_SCHEMA                                                          \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

static void cases_add(struct arena *arena, struct sarif_cases *cases,
		      const struct sarif_case *about, const struct ledger_findings *findings)
{
	array_each(finding, findings) {
		struct sarif_case *item = array_add(arena, cases);
		*item = *about;
		item->finding = &finding->finding;
		item->level = finding->level;
		item->waiver = finding->waiver;
		item->file = finding->source ? finding->source : about->file;
		item->place = cases->count;
	}
}

static struct sarif_cases cases_of(struct arena *arena, const struct ledger *ledger)
{
	struct sarif_cases cases = {0};

	array_each(pair, &ledger->pairs) {
		struct sarif_case about = {.pair = pair};

		about.owner = "image";
		about.file = pair->source ? pair->source : pair->image;
		cases_add(arena, &cases, &about, &pair->image_findings);
		about.owner = "feed";
		about.file = pair->feed;
		cases_add(arena, &cases, &about, &pair->feed_findings);
		array_each(cell, &pair->cells) {
			about.cell = cell;
			about.owner = cell->name;
			about.file = cell->file ? cell->file : pair->feed;
			cases_add(arena, &cases, &about, &cell->findings);
		}
	}
	array_each(finding, &ledger->waiver_findings) {
		struct sarif_case *item = array_add(arena, &cases);
		item->owner = "waivers";
		item->file = ledger->waivers.source;
		item->finding = finding;
		item->level = rules_level(ledger->rules, finding);
		item->place = cases.count;
	}
	return cases;
}

/* Findings that count come before those in the baseline, and these
 * before waived ones. */
static unsigned case_weight(const struct sarif_case *item)
{
	return (item->waiver ? 0 : item->finding->known ? 4 : 8) + (unsigned)item->level;
}

static int case_compare_weight(const void *a, const void *b)
{
	const struct sarif_case *x = a, *y = b;
	unsigned left = case_weight(x), right = case_weight(y);

	if (left != right)
		return left > right ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int case_compare_place(const void *a, const void *b)
{
	const struct sarif_case *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

static const char *left_out(struct arena *arena, size_t gone)
{
	return arena_format(arena,
			    "%zu of the minor findings are omitted: a run can have %d results",
			    gone, SARIF_RESULTS_MOST);
}

/* The last component of PATH. */
static const char *name_of(struct arena *arena, const char *path)
{
	size_t end = strlen(path), start;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/'; start--)
		;
	return arena_string(arena, span_from(path + start, end - start));
}

/* GitHub keeps uploads with different ids apart, up to the last slash. The id contains
 * names without folders, so that it does not change when a folder is moved. */
static void automation_details(struct json_emit *emit, struct arena *arena,
			       const struct ledger *ledger)
{
	const struct ledger_pair *first = ledger->pairs.list;
	const char *id = "kmodaudit/";

	if (ledger->plan)
		id = arena_format(arena, "%s%s/", id, name_of(arena, ledger->plan));
	else if (ledger->pairs.count)
		id = arena_format(arena, "%s%s/%s/", id, name_of(arena, first->image),
				  name_of(arena, first->feed));
	if (ledger->shards)
		id = arena_format(arena, "%s%u-of-%u/", id, ledger->shard, ledger->shards);
	json_emit_key_map(emit, "automationDetails");
	json_emit_key_string(emit, "id", id);
	json_emit_close(emit);
}

static void invocations(struct json_emit *emit, struct arena *arena, const struct ledger *ledger,
			size_t gone)
{
	json_emit_key_list(emit, "invocations");
	json_emit_map(emit);
	json_emit_key_bool(emit, "executionSuccessful", ledger->status < 3);
	json_emit_key_number(emit, "exitCode", (size_t)ledger->status);
	if (gone) {
		json_emit_key_list(emit, "toolExecutionNotifications");
		json_emit_map(emit);
		json_emit_key_string(emit, "level", "warning");
		sarif_text(emit, "message", arena_format(arena, "%s.", left_out(arena, gone)));
		json_emit_close(emit);
		json_emit_close(emit);
	}
	json_emit_close(emit);
	json_emit_close(emit);
}

/* Prints one run for all pairs: GitHub accepts at most twenty runs in a file, and a
 * plan may have more pairs. */
static void run_print(struct json_emit *emit, struct sarif_run *run,
		      const struct sarif_cases *cases, size_t gone)
{
	const struct ledger_sums *sums = &run->ledger->sums;

	json_emit_open_map(emit);
	json_emit_key(emit, "tool");
	sarif_tool(emit, run->ledger->rules);
	automation_details(emit, run->arena, run->ledger);
	invocations(emit, run->arena, run->ledger, gone);
	/* without its location, which would make the report depend on the machine */
	json_emit_key_map(emit, "originalUriBaseIds");
	json_emit_key_map(emit, "%SRCROOT%");
	sarif_text(emit, "description", "The directory in which kmodaudit was run.");
	json_emit_close(emit);
	json_emit_close(emit);
	json_emit_key_string(emit, "columnKind", "unicodeCodePoints");
	json_emit_key_map(emit, "properties");
	json_emit_key_string(emit, "gate", gate_name[run->ledger->gate]);
	json_emit_key_string(emit, "policy", run->ledger->rules->policy);
	json_emit_key_number(emit, "pairs", run->ledger->pairs.count);
	json_emit_key_number(emit, "packages", sums->packages);
	json_emit_key_number(emit, "unrelated", sums->unrelated);
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		json_emit_key_number(emit, verdict_name[verdict_order[i]],
				     sums->verdict[verdict_order[i]]);
	json_emit_key_number(emit, "waived", sums->waived);
	json_emit_key_number(emit, "known", sums->known);
	json_emit_close(emit);
	json_emit_key(emit, "results");
	json_emit_open_list(emit);
	array_each(item, cases)
		sarif_result(emit, run, item);
	json_emit_close(emit);
	json_emit_close(emit);
}

bool sarif_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		 struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	char *folder = getcwd(NULL, 0);
	struct sarif_run run = {
		.arena = &arena, .ledger = ledger, .baseline = ledger_has_baseline(ledger)};
	struct sarif_cases cases = cases_of(&arena, ledger);
	size_t gone = cases.count > SARIF_RESULTS_MOST ? cases.count - SARIF_RESULTS_MOST : 0;
	const char *headline = ledger_headline(&arena, ledger);
	struct json_emit *emit = json_emit_begin(out);

	(void)style;
	run.folder = folder;
	if (gone) {
		/* the worst findings stay, in their order */
		array_sort(&cases, case_compare_weight);
		cases.count = SARIF_RESULTS_MOST;
		array_sort(&cases, case_compare_place);
	}
	json_emit_open_map(emit);
	json_emit_key_map(emit, "properties");
	json_emit_key_string(emit, "summary",
			     gone ? arena_format(&arena, "%s; %s", headline, left_out(&arena, gone))
				  : headline);
	json_emit_close(emit);
	json_emit_key_string(emit, "$schema", SARIF_SCHEMA);
	json_emit_key_string(emit, "version", "2.1.0");
	json_emit_key(emit, "runs");
	json_emit_open_list(emit);
	run_print(emit, &run, &cases, gone);
	json_emit_close(emit);
	json_emit_close(emit);
	free(folder);
	return json_emit_end(emit, error);
}
