/* SPDX-License-Identifier: ISC */
/* Implements the command convert, which prints a saved report of audit or gate in other
 * formats. */
#include "commands/command.h"

#include "commands/confine/confine.h"
#include "commands/inputs.h"
#include "commands/reports.h"
#include "report/saved/saved.h"

struct convert {
	const char *output, *rules, *policy;
	unsigned format, color;
	bool verbose, no_sandbox;
	struct strings report_names;
	struct reports reports;
};

#define AT(member) offsetof(struct convert, member)

const struct choice convert_choices[] = {
	REPORT_CHOICES("output", "output"),
	{"--rules", 0, CHOICE_TEXT, AT(rules), "DIR", "rules that the report was written with"},
	{"--policy", 0, CHOICE_TEXT, AT(policy), "NAME|FILE",
	 "the policy file that the report was written with"},
	CHOICE_COLOR,
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL,
	 "text: all packages, every finding with its witnesses"},
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

enum status command_convert(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct convert convert = {.format = FORMAT_NONE};
	struct strings operands = {0};
	struct run_inputs inputs = {0};
	struct confine_wanted wanted = {.inputs = &inputs};
	struct error error = {0};
	struct rules rules = {0};
	struct saved saved;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &convert, &arena, &operands, &status))
		return status;
	if (operands.count != 1)
		return usage_error(command, "convert: needs one REPORT, not %zu", operands.count);
	run_inputs_add(&arena, &inputs, &operands, "the report to be converted", false);
	if (!reports_plan(&arena, &convert.report_names, convert.format, convert.output,
			  &convert.reports, &error) ||
	    !reports_apart(&inputs, &convert.reports, &error))
		return usage_error(command, "convert: %s", error.text);
	run_input_add(&arena, &inputs, convert.rules, "the directory of rules", true);
	run_input_add(&arena, &inputs, convert.policy, "the policy", false);
	confine_reports(&arena, &convert.reports, &wanted.outputs);
	wanted.off = convert.no_sandbox;
	wanted.verbose = convert.verbose;
	if (!confine(&arena, &wanted, &error) ||
	    !rules_read(&arena, convert.rules, &rules, &error) ||
	    !report_open(&arena, operands.list[0], &rules, convert.policy, &saved, &error))
		return complain("%s", error.text);
	return reports_write(&convert.reports, saved.gate ? NULL : &saved.verdicts, &saved.ledger,
			     convert.color, convert.verbose)
		       ? STATUS_SAFE
		       : STATUS_NO_ANSWER;
}
