/* SPDX-License-Identifier: ISC */
/* Implements the command abi, which names the builds behind an abi hash, prints the
 * lines of its set, and compares two sets. */
#include "commands/choice.h"

#include "commands/abi/abi_operand.h"
#include "commands/confine/confine.h"
#include "commands/inputs.h"

enum abi_format { ABI_TEXT, ABI_YAML, ABI_JSON };

struct abi_values {
	const char *manifest, *rules;
	unsigned format, tries;
	bool lines, no_sandbox;
	struct strings folders;
};

#define AT(member) offsetof(struct abi_values, member)

const struct choice abi_choices[] = {
	{"--format", 0, CHOICE_WORD, AT(format), "text|yaml|json",
	 "format of the answer (default: text)"},
	{"--lines", 0, CHOICE_FLAG, AT(lines), NULL,
	 "print only the lines behind the hash; their md5 is the hash"},
	{"--abi", 0, CHOICE_LIST, AT(folders), "DIR",
	 "folder with sets of other builds, beside the built-in ones"},
	{"--search", 0, CHOICE_NUMBER, AT(tries), "TRIES",
	 "sets to try for a hash that is not known (default: 50000)"},
	{"--image-manifest", 0, CHOICE_TEXT, AT(manifest), "FILE",
	 "manifest of the image, which names its kernel"},
	CHOICE_LAYOUT_RULES,
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

static enum emit_form form_of(const struct abi_values *values)
{
	return values->format == ABI_JSON ? EMIT_JSON : EMIT_YAML;
}

/* Checks that OPERAND gave a single answer, which has a set. Otherwise
 * prints the reason. */
static enum status answer_with_set(const char *operand, const struct hash_answers *answers)
{
	const struct hash_answer *answer = &answers->list[0];

	if (answers->count > 1)
		return complain("%s: its packages name %zu abi hashes; give one of the hashes",
				operand, answers->count);
	if (answer->has_set)
		return STATUS_SAFE;
	if (!answer->hash)
		return complain("%s: names no abi hash: %s", operand, answer->remark);
	complain("%s: the lines behind %s are not known: %s", operand, answer->hash,
		 answer->searched ? answer->searched : "tried 0 sets");
	return STATUS_UNPROVEN;
}

/* The release, by which rules are chosen, is that of the first build that has one. */
static bool answer_config(struct arena *arena, const struct hash_answer *answer, struct config *ret,
			  struct error *error)
{
	const struct abi_build *build = array_find(one, &answer->builds, *one->kernel);

	if (!config_read(arena, answer->source, answer->set.text, ret, error))
		return false;
	if (build)
		ret->release = build->kernel;
	else
		ret->release =
			answer->version ? abi_read(arena, answer->version, NULL).release : NULL;
	return true;
}

static enum status difference_print(struct arena *arena, const struct abi_values *values,
				    const struct strings *operands,
				    const struct hash_answers answers[2])
{
	const struct hash_answer *a = &answers[0].list[0], *b = &answers[1].list[0];
	struct abi_difference difference = {a, b, .comparison = NULL};
	struct error error = {""};
	struct comparison comparison;
	struct config left, right;

	for (size_t i = 0; i < 2; i++) {
		enum status status = answer_with_set(operands->list[i], &answers[i]);

		if (status != STATUS_SAFE)
			return status;
	}
	if (!answer_config(arena, a, &left, &error) || !answer_config(arena, b, &right, &error) ||
	    !configs_explain(arena, values->rules, &left, &right, &comparison, &error))
		return complain("%s", error.text);
	difference.lines = config_set_difference(arena, &a->set, &b->set);
	difference.comparison = &comparison;
	if (!(values->format == ABI_TEXT
		      ? abi_difference_text(stdout, &difference, &error)
		      : abi_difference_yaml(stdout, form_of(values), &difference, &error)))
		return complain("%s", error.text);
	return STATUS_SAFE;
}

static enum status abi_run(struct arena *arena, const struct abi_values *values,
			   const struct strings *operands)
{
	struct abi_asking asking = {.manifest = values->manifest};
	struct hash_answers answers[2] = {{.list = NULL}, {.list = NULL}};
	enum status status = STATUS_SAFE;
	struct error error = {""};

	if (!abi_database_open(arena, &values->folders, &asking.database, &error))
		return complain("%s", error.text);
	asking.identifier = abi_identifier_new(arena, asking.database, values->tries, 0);
	for (size_t i = 0; i < operands->count; i++)
		if (!abi_operand_read(arena, &asking, operands->list[i], &answers[i], &error))
			return complain("%s", error.text);
	if (operands->count == 2)
		return difference_print(arena, values, operands, answers);
	if (values->lines) {
		const struct span *text = &answers[0].list[0].set.text;

		status = answer_with_set(operands->list[0], &answers[0]);
		if (status == STATUS_SAFE)
			fwrite(text->data, 1, text->size, stdout);
		return status;
	}
	if (!(values->format == ABI_TEXT
		      ? hash_answers_text(stdout, &answers[0], &error)
		      : hash_answers_yaml(stdout, form_of(values), &answers[0], &error)))
		return complain("%s", error.text);
	array_each(answer, &answers[0])
		if (!answer->known && !answer->found)
			status = STATUS_UNPROVEN;
	return status;
}

enum status command_abi(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {.top = NULL};
	struct abi_values values = {.format = ABI_TEXT, .tries = ABI_TRIES};
	struct strings operands = {.list = NULL}, read = {.list = NULL};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count != 1 && operands.count != 2)
		return usage_error(command,
				   "abi: needs one or two of IMAGE, FEED, HASH, FILE, "
				   "not %zu",
				   operands.count);
	if (values.lines && operands.count == 2)
		return usage_error(command, "abi: --lines takes one operand, not two");
	array_append(&arena, &read, &values.folders);
	if (values.rules)
		*array_add(&arena, &read) = values.rules;
	if (values.manifest)
		*array_add(&arena, &read) = values.manifest;
	return confine_reading(&arena, &operands, &read, values.no_sandbox)
		       ? abi_run(&arena, &values, &operands)
		       : STATUS_NO_ANSWER;
}
