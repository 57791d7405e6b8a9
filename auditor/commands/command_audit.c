/* SPDX-License-Identifier: ISC */
/* Implements the commands audit (judge all packages of the feeds against an image) and
 * explain (tell all about one package): options, reports, exit status. */
#include "commands/audit/auditing.h"

#include "commands/inputs.h"
#include "report/text/explain.h"

#define AT(member) offsetof(struct audit, member)

const struct choice audit_choices[] = {
	AUDIT_INPUTS,
	REPORT_CHOICES("report", "report"),
	AUDIT_TRUST,
	{"--only", 0, CHOICE_LIST, AT(only), "GLOB",
	 "report only packages whose name matches; repeatable"},
	CHOICE_POLICY,
	CHOICE_WAIVERS,
	{"--baseline", 0, CHOICE_TEXT, AT(baseline), "REPORT",
	 "an earlier report: only new findings fail"},
	CHOICE_TODAY,
	CHOICE_BASE_RULES,
	CHOICE_MAX_MEMORY,
	CHOICE_JOBS,
	CHOICE_EXIT_ZERO,
	CHOICE_COLOR,
	CHOICE_QUIET,
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL,
	 "text: every finding with its witnesses"},
	CHOICE_END,
};

enum status command_audit(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct audit audit = {.format = FORMAT_NONE, .tries = ABI_TRIES, .command = command->name};
	struct strings operands = {0};
	struct verdicts verdicts;
	struct error error = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &audit, &arena, &operands, &status))
		return status;
	if (audit_operands(command, &arena, &audit, &operands) != STATUS_SAFE ||
	    !today_read(command, &arena, &audit.today))
		return STATUS_NO_ANSWER;

	struct run_inputs inputs = audit_inputs(&arena, &audit);

	run_input_add(&arena, &inputs, audit.cache, "the cache", true);
	if (!reports_plan(&arena, &audit.report_names, audit.format, audit.output, &audit.reports,
			  &error) ||
	    !reports_apart(&inputs, &audit.reports, &error))
		return usage_error(command, "audit: %s", error.text);
	if (audit_reach(&arena, &audit, &verdicts) != STATUS_SAFE ||
	    !only_fits(&arena, &audit, &verdicts))
		return STATUS_NO_ANSWER;

	struct ledger ledger = ledger_of(&arena, &verdicts);

	ledger_finish(&arena, &ledger);
	if (!reports_write(&audit.reports, &verdicts, &ledger, audit.color, audit.verbose))
		return STATUS_NO_ANSWER;
	return audit.exit_zero ? STATUS_SAFE : (enum status)verdicts_status(&verdicts);
}

/* `explain` reads the same inputs as `audit` and prints everything
 * about one package. */
const struct choice explain_choices[] = {
	AUDIT_INPUTS,
	AUDIT_TRUST,
	CHOICE_POLICY,
	CHOICE_BASE_RULES,
	CHOICE_MAX_MEMORY,
	CHOICE_JOBS,
	{"--color", 0, CHOICE_WORD, AT(color), "auto|always|never",
	 "color on a terminal, always or never"},
	CHOICE_QUIET,
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL, "every name, however many there are"},
	CHOICE_END,
};

static enum status explain_results(const struct audit *audit, const struct verdicts *verdicts,
				   const char *name)
{
	struct arena arena _cleanup_arena_ = {0};
	struct report_style style = {color_wanted(audit->color, NULL), audit->verbose};
	struct error error = {0};
	struct explained explained;

	if (!explain_find(&arena, verdicts, name, &explained, &error))
		return complain("explain: %s", error.text);
	for (size_t i = 0; i < explained.count; i++) {
		if (i)
			puts("\n");
		if (!explain_print(stdout, verdicts, explained.list[i], &style, &error))
			return complain("standard output: %s", error.text);
	}
	return (enum status)explain_status(&explained);
}

/* The operands are IMAGE FEED... PACKAGE. PACKAGE can be omitted if there is one FEED with
 * one package. If PACKAGE is a file that is not in the feeds, it is also a feed. */
enum status command_explain(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct audit audit = {.format = FORMAT_NONE, .tries = ABI_TRIES, .command = command->name};
	struct strings operands = {0};
	struct verdicts verdicts;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &audit, &arena, &operands, &status))
		return status;
	if (operands.count < 2)
		return usage_error(command, "explain: needs IMAGE, FEED and PACKAGE");

	bool listed = audit.wanted.lists.count > 0 || audit.wanted.from_image;
	bool named = operands.count > 2 || (listed && operands.count == 2);
	const char *name = named ? operands.list[operands.count - 1] : NULL;
	size_t feeds = operands.count - 1 - named;

	audit.image_path = operands.list[0];
	audit.wanted.paths = (struct strings){operands.list + 1, feeds, feeds};
	if (named && file_beside(&audit.wanted.paths, name))
		audit.wanted.paths.count++;
	status = audit_reach(&arena, &audit, &verdicts);
	return status == STATUS_SAFE ? explain_results(&audit, &verdicts, name) : status;
}
