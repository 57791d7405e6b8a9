#include "commands/command.h"

#include "report/report.h"
#include "report/wrap.h"

struct rules_values {
	const char *dir, *policy;
};

const struct choice rules_choices[] = {
	{"--rules", 0, CHOICE_TEXT, offsetof(struct rules_values, dir), "DIR",
	 "rules to show instead of the built-in ones"},
	{"--policy", 0, CHOICE_TEXT, offsetof(struct rules_values, policy), "FILE",
	 "policy whose levels and proofs to show"},
	{NULL, 0, CHOICE_FLAG, 0, NULL, NULL},
};

static void rules_print(const struct rules *rules)
{
	struct arena arena _cleanup_arena_ = {0};
	size_t width = 0;

	array_each(rule, rules)
		width = strlen(rule->id) > width ? strlen(rule->id) : width;
	array_each(rule, rules)
		printf("%-*s  %-7s  %s\n", (int)width, quote(&arena, rule->id), level_name[rule->level],
		       quote(&arena, rule->title ? rule->title : ""));
}

static void policy_print(const struct rules *rules)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings accepted = {0};

	for (size_t proof = 0; proof < PROOF_COUNT; proof++)
		if (rules->accepted[proof])
			*array_add(&arena, &accepted) = proof_name[proof];
	fputs(wrap(&arena, "\naccepted proofs: ", "  ",
		   accepted.count ? quote(&arena, strings_join(&arena, &accepted, accepted.count)) : "none"),
	      stdout);
	fputs(wrap(&arena, "ignored options: ", "  ",
		   rules->ignored.count ? quote(&arena, strings_join(&arena, &rules->ignored, rules->ignored.count))
					: "none"),
	      stdout);
}

static void rule_print_text(const char *name, const char *text)
{
	struct arena arena _cleanup_arena_ = {0};

	if (text)
		printf("\n%s\n%s", name, wrap(&arena, "  ", "  ", quote(&arena, text)));
}

static void rule_print(const struct rule *rule)
{
	struct arena arena _cleanup_arena_ = {0};

	printf("%s: %s\n", quote(&arena, rule->id), quote(&arena, rule->title ? rule->title : ""));
	printf("level: %s; %s where it cannot be known\n", level_name[rule->level], level_name[rule->unknown]);
	rule_print_text("why", rule->why);
	rule_print_text("what to do", rule->remedy);
	rule_print_text("source", rule->source);
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
	if (values.policy && !policy_read(&arena, values.policy, &rules, &error))
		return complain("%s", error.text);
	if (!operands.count) {
		rules_print(&rules);
		policy_print(&rules);
		return STATUS_SAFE;
	}

	const struct rule *rule = rules_find(&rules, operands.list[0]);
	if (!rule)
		return usage_error(command, "rules: there is no rule '%s'", operands.list[0]);
	rule_print(rule);
	return STATUS_SAFE;
}
