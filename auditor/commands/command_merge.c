/* SPDX-License-Identifier: ISC */
/* Implements the command merge, which joins the gate reports of a plan's shards into
 * the report of one run. */
#include "commands/command.h"

#include "commands/confine/confine.h"
#include "commands/mistake/mistake.h"
#include "commands/reports.h"
#include "report/ledger/ledger_read.h"

struct merge {
	const char *output, *rules;
	unsigned format, color;
	bool exit_zero, verbose, no_sandbox;
	struct strings report_names;
	struct reports reports;
};

#define AT(member) offsetof(struct merge, member)

const struct choice merge_choices[] = {
	REPORT_CHOICES("matrix", "output"),
	{"--rules", 0, CHOICE_TEXT, AT(rules), "DIR", "the rules that the plan was run with"},
	CHOICE_EXIT_ZERO,
	CHOICE_COLOR,
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL, "text: all packages and names"},
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

static bool shards_join(struct arena *arena, const struct merge *merge, const struct strings *paths,
			struct ledger *ret, struct error *error)
{
	struct ledger *shards = arena_get(arena, paths->count * sizeof *shards);
	struct rules *rules = arena_new(arena, struct rules);

	if (!rules_read(arena, merge->rules, rules, error))
		return false;
	for (size_t i = 0; i < paths->count; i++)
		if (!ledger_read(arena, paths->list[i], rules, &shards[i], error))
			return mistake_report(arena, paths->list[i], error);
	return ledger_join(arena, paths, shards, ret, error);
}

static void findings_complain(struct arena *arena, struct map *told,
			      const struct ledger_findings *findings)
{
	array_each(one, findings) {
		uint32_t next = (uint32_t)told->count;

		if (one->finding.text && map_put(told, arena, one->finding.text, next) == next)
			complain("%s", one->finding.text);
	}
}

/* Reports inputs that could not be read, once each, as `gate` does. */
static void unread_complain(struct arena *arena, const struct ledger *ledger)
{
	struct map told = {0};

	array_each(pair, &ledger->pairs) {
		if (pair->status != STATUS_NO_ANSWER)
			continue;
		findings_complain(arena, &told, &pair->image_findings);
		findings_complain(arena, &told, &pair->feed_findings);
	}
}

enum status command_merge(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct merge merge = {.format = FORMAT_NONE};
	struct strings operands = {0};
	struct run_inputs inputs = {0};
	struct confine_wanted wanted = {.inputs = &inputs};
	struct ledger ledger;
	struct error error = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &merge, &arena, &operands, &status))
		return status;
	if (!operands.count)
		return usage_error(command, "merge: no REPORT given");
	run_inputs_add(&arena, &inputs, &operands, "a report of a shard", false);
	if (!reports_plan(&arena, &merge.report_names, merge.format, merge.output, &merge.reports,
			  &error) ||
	    !reports_apart(&inputs, &merge.reports, &error))
		return usage_error(command, "merge: %s", error.text);
	run_input_add(&arena, &inputs, merge.rules, "the directory of rules", true);
	confine_reports(&arena, &merge.reports, &wanted.outputs);
	wanted.off = merge.no_sandbox;
	wanted.verbose = merge.verbose;
	if (!confine(&arena, &wanted, &error) ||
	    !shards_join(&arena, &merge, &operands, &ledger, &error))
		return complain("%s", error.text);
	unread_complain(&arena, &ledger);
	if (!reports_write(&merge.reports, NULL, &ledger, merge.color, merge.verbose))
		return STATUS_NO_ANSWER;
	return merge.exit_zero && ledger.status != STATUS_NO_ANSWER ? STATUS_SAFE
								    : (enum status)ledger.status;
}
