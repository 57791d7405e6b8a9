/* SPDX-License-Identifier: ISC */
/* Implements the command rules, which prints all rules with the policy, the table of
 * presets, or one rule with its reason and remedy. */
#include "commands/command.h"

#include "base/suggest.h"
#include "commands/help/terms.h"
#include "report/report.h"
#include "report/write/wrap.h"

struct rules_values {
	const char *dir, *policy;
	unsigned form; /* enum form */
};

enum form { FORM_TEXT, FORM_YAML, FORM_JSON };

const struct choice rules_choices[] = {
	{"--rules", 0, CHOICE_TEXT, offsetof(struct rules_values, dir), "DIR",
	 "rules to show instead of the built-in ones"},
	{"--policy", 0, CHOICE_MAYBE, offsetof(struct rules_values, policy), "[NAME|FILE]",
	 "show this policy; without a value, all presets"},
	{"--format", 0, CHOICE_WORD, offsetof(struct rules_values, form), "text|yaml|json",
	 "format of the output (default: text)"},
	CHOICE_END,
};

static void line_print(const char *name, const struct strings *words)
{
	struct arena arena _cleanup_arena_ = {0};

	wrap_print(stdout, wrap_width(stdout), name, "  ",
		   words->count ? quote(&arena, strings_join(&arena, words, words->count))
				: "none");
}

/* Prints all rules, and the policy. */
static void rules_print(const struct rules *rules)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings accepted = {0};
	size_t width = 0;

	array_each(rule, rules)
		width = strlen(rule->id) > width ? strlen(rule->id) : width;
	array_each(rule, rules)
		printf("%-*s  %-7s  %s\n", (int)width, quote(&arena, rule->id),
		       level_name[rule->level], quote(&arena, rule->title ? rule->title : ""));
	for (size_t proof = 0; proof < PROOF_COUNT; proof++)
		if (rules->accepted[proof])
			*array_add(&arena, &accepted) = proof_name[proof];
	printf("\npolicy: %s\n", quote(&arena, rules->policy));
	line_print("accepted proofs: ", &accepted);
	printf("signature of a feed: %s\n", wanted_signature_name[rules->signature]);
	printf("unproven packages: %s\n", gate_name[rules->unproven]);
	line_print("may be waived: ", &rules->waivable);
	line_print("ignored options: ", &rules->ignored);
}

enum { PRESETS = 3, NAME_WIDTH = 20, CELL_WIDTH = 10 };

/* Prints a line of the table, with a cell for each preset. */
static void row_print(const char *name, const char *const cells[PRESETS])
{
	struct arena arena _cleanup_arena_ = {0};

	printf("%-*s", NAME_WIDTH, quote(&arena, name));
	for (size_t i = 0; i + 1 < PRESETS; i++)
		printf("%-*s", CELL_WIDTH, quote(&arena, cells[i]));
	printf("%s\n", quote(&arena, cells[PRESETS - 1]));
}

static void presets_print_levels(const struct rules presets[PRESETS])
{
	array_each(rule, &presets[0]) {
		const char *cells[PRESETS];
		bool differ = false;

		for (size_t i = 0; i < PRESETS; i++) {
			enum level level = rules_find(&presets[i], rule->id)->level;

			cells[i] = level_name[level];
			differ |= level != rule->level;
		}
		if (differ)
			row_print(rule->id, cells);
	}
}

static enum status presets_print(struct arena *arena, const struct rules *rules)
{
	const char *accepted[PRESETS], *signature[PRESETS], *unproven[PRESETS], *waive[PRESETS];
	struct rules presets[PRESETS];
	struct strings fixed = {0};
	struct error error = {0};

	for (size_t i = 0; i < PRESETS; i++) {
		presets[i] = *rules;
		if (!policy_read(arena, preset_names[i], &presets[i], &error))
			return complain("%s", error.text);

		const struct strings *globs = &presets[i].waivable;

		signature[i] = wanted_signature_name[presets[i].signature];
		unproven[i] = gate_name[presets[i].unproven];
		waive[i] = globs->count ? strings_join(arena, globs, globs->count) : "nothing";
	}
	row_print("policy", preset_names);
	for (size_t proof = 0; proof < PROOF_COUNT; proof++) {
		for (size_t i = 0; i < PRESETS; i++)
			accepted[i] = presets[i].accepted[proof] ? "accepted" : "-";
		row_print(proof_name[proof], accepted);
	}
	row_print("signature", signature);
	row_print("unproven", unproven);
	row_print("may be waived", waive);
	presets_print_levels(presets);
	array_each(rule, rules)
		if (rule_fixed(rule->id))
			*array_add(arena, &fixed) = rule->id;
	putchar('\n');
	line_print("No policy can lower and no waiver can cover: ", &fixed);
	return STATUS_SAFE;
}

static void rule_print_text(const char *name, const char *text)
{
	struct arena arena _cleanup_arena_ = {0};

	if (text)
		printf("\n%s\n%s", name,
		       wrap_at(&arena, wrap_width(stdout), "  ", "  ", quote(&arena, text)));
}

static const char *level_words(enum level level)
{
	static const char *const words[LEVEL_COUNT] = {
		[LEVEL_NOTE] = "note (no verdict depends on it)",
		[LEVEL_WARNING] = "warning (no verdict depends on it)",
		[LEVEL_UNKNOWN] = "unknown (a package is unproven)",
		[LEVEL_ERROR] = "error (a package is unsafe; an image or feed fails the audit)",
	};

	return words[level];
}

/* Prints the rule ONLY; NULL: all rules. TERM, unless NULL, is a word to explain, which
 * only the text does: before ONLY, and instead of all rules. */
static enum status rules_show(const struct rules *rules, const struct rule *only, const char *term,
			      enum form form)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error error = {0};

	if (form != FORM_TEXT)
		return yaml_rules(stdout, form == FORM_JSON ? EMIT_JSON : EMIT_YAML, rules, only,
				  &error)
			       ? STATUS_SAFE
			       : complain("%s", error.text);
	if (term)
		wrap_print(stdout, wrap_width(stdout), "", "  ",
			   arena_format(&arena, "%s: %s", term, term_text(term)));
	else if (!only)
		rules_print(rules);
	if (!only)
		return STATUS_SAFE;
	if (term)
		putchar('\n');
	printf("%s: %s\n", quote(&arena, only->id), quote(&arena, only->title ? only->title : ""));
	printf("if it does not hold: %s\n", level_words(only->level));
	printf("if that cannot be checked: %s\n", level_words(only->unknown));
	rule_print_text("why", only->why);
	rule_print_text("what to do", only->remedy);
	rule_print_text("source", only->source);
	return STATUS_SAFE;
}

enum status command_rules(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0};
	struct rules_values values = {0};
	struct error error = {0};
	struct rules rules = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count > 1)
		return usage_error(command, "rules: needs one ID at most, not %zu", operands.count);
	if (!rules_read(&arena, values.dir, &rules, &error))
		return complain("%s", error.text);

	bool presets = values.policy && !*values.policy;
	const char *name = operands.count ? operands.list[0] : NULL;

	if (presets && name)
		return usage_error(command,
				   "rules: --policy without a value cannot be combined with an ID");
	if (presets && values.form != FORM_TEXT)
		return usage_error(command, "rules: --format %s needs a value for --policy",
				   values.form == FORM_JSON ? "json" : "yaml");
	if (presets)
		return presets_print(&arena, &rules);
	if (values.policy && !policy_read(&arena, values.policy, &rules, &error))
		return complain("%s", error.text);

	const struct rule *only = name ? rules_find(&rules, name) : NULL;
	bool term = name && values.form == FORM_TEXT && term_text(name);

	if (name && !only && !term) {
		const char *near = rules_suggest(&arena, &rules, name);
		struct strings terms = {0};

		terms_names(&arena, &terms);
		return usage_error(command, "rules: unknown rule '%s'%s", name,
				   *near ? near : suggest_clause(&arena, name, &terms));
	}
	return rules_show(&rules, only, term ? name : NULL, (enum form)values.form);
}
