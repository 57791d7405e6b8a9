/* SPDX-License-Identifier: ISC */
/* Implements the command diff, which compares two saved reports of audit or of gate and
 * prints what changed. */
#include "commands/command.h"

#include "commands/confine/confine.h"
#include "commands/inputs.h"
#include "commands/reports.h"
#include "report/saved/diff.h"

#include <limits.h>
#include <unistd.h>

enum form { FORM_YAML, FORM_JSON, FORM_TEXT, FORM_MARKDOWN, FORM_HTML, FORM_NONE };

struct diff_values {
	const char *output, *rules, *policy;
	unsigned form;
	bool no_sandbox;
};

#define AT(member) offsetof(struct diff_values, member)

const struct choice diff_choices[] = {
	{"--format", 0, CHOICE_WORD, AT(form), "yaml|json|text|markdown|html",
	 "format of the output (default: text on a terminal, yaml in a pipe or file, json in "
	 "FILE.json)"},
	{"--output", 'o', CHOICE_TEXT, AT(output), "FILE",
	 "write the output to FILE, completely or not at all"},
	{"--rules", 0, CHOICE_TEXT, AT(rules), "DIR", "rules that the reports were written with"},
	{"--policy", 0, CHOICE_TEXT, AT(policy), "NAME|FILE",
	 "the policy file that the reports were written with"},
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

static bool diff_write(const char *path, unsigned form, const struct diff *diff,
		       struct error *error)
{
	struct output output;
	bool printed;

	if (form == FORM_NONE && path)
		form = path_is_json(path) ? FORM_JSON : FORM_YAML;
	else if (form == FORM_NONE)
		form = isatty(STDOUT_FILENO) ? FORM_TEXT : FORM_YAML;
	if (!output_open(path, &output, error))
		return false;
	if (form == FORM_TEXT || form == FORM_MARKDOWN)
		printed = diff_print_text(output.file, diff, form == FORM_MARKDOWN, error);
	else if (form == FORM_HTML)
		printed = diff_print_html(output.file, diff, error);
	else
		printed = diff_print_document(
			output.file, form == FORM_JSON ? EMIT_JSON : EMIT_YAML, diff, error);
	return output_close(&output, printed, error);
}

enum status command_diff(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct diff_values values = {.form = FORM_NONE};
	struct strings operands = {0};
	struct run_inputs inputs = {0};
	struct confine_wanted wanted = {.inputs = &inputs};
	struct error error = {0};
	struct rules rules = {0};
	struct saved old, new;
	struct diff diff;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count != 2)
		return usage_error(command, "diff: needs two reports, OLD and NEW, not %zu",
				   operands.count);

	bool to_file = values.output && strcmp(values.output, "-") != 0;
	const char *path = to_file ? values.output : NULL;

	run_inputs_add(&arena, &inputs, &operands, "a report to be compared", false);
	if (!output_apart(&inputs, path, &error))
		return usage_error(command, "diff: %s", error.text);
	run_input_add(&arena, &inputs, values.rules, "the directory of rules", true);
	run_input_add(&arena, &inputs, values.policy, "the policy", false);
	if (path)
		*array_add(&arena, &wanted.outputs) = path;
	wanted.off = values.no_sandbox;
	if (!confine(&arena, &wanted, &error) ||
	    !rules_read(&arena, values.rules, &rules, &error) ||
	    !report_open(&arena, operands.list[0], &rules, values.policy, &old, &error) ||
	    !report_open(&arena, operands.list[1], &rules, values.policy, &new, &error) ||
	    !diff_make(&arena, &old, &new, &diff, &error) ||
	    !diff_write(path, values.form, &diff, &error))
		return complain("%s", error.text);
	return diff.worse ? STATUS_UNSAFE : STATUS_SAFE;
}
