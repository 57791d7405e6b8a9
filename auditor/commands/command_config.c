/* SPDX-License-Identifier: ISC */
/* Implements the commands config (compare two kernel configs and the structs that
 * differ) and vermagic (print OpenWrt's md5 of a config). */
#include "commands/choice.h"

#include "commands/abi/abi_operand.h"
#include "commands/confine/confine.h"
#include "commands/image_source.h"
#include "commands/inputs.h"
#include "report/report.h"

struct config_values {
	const char *rules;
	unsigned form; /* enum emit_form */
	bool no_sandbox;
};

#define AT(member) offsetof(struct config_values, member)

const struct choice config_choices[] = {
	CHOICE_LAYOUT_RULES,
	{"--format", 0, CHOICE_WORD, AT(form), "yaml|json",
	 "format of the document (default: yaml)"},
	CHOICE_NO_SANDBOX,
	CHOICE_END,
};

/* Reads a config from a file, a URL or, for "-", standard input; for an abi hash, the
 * lines behind it. */
static bool config_of(struct arena *arena, const char *path, struct config *ret,
		      struct error *error)
{
	_cleanup_source_ struct source source = {.handle = -1};
	const struct feeds_wanted how = {0};
	const char *hash;

	if (abi_is_hash(arena, path, &hash))
		return abi_config(arena, hash, ret, error);
	return source_open(arena, path, &how, &source, error) &&
	       config_open_named(arena, path, source.local, ret, error);
}

enum status command_config(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0}, folders = {0};
	struct config_values values = {0};
	struct error error = {0};
	struct comparison comparison;
	struct config a, b;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count != 2)
		return usage_error(command, "config: needs two configs, not %zu", operands.count);
	if (values.rules)
		*array_add(&arena, &folders) = values.rules;
	if (!confine_reading(&arena, &operands, &folders, values.no_sandbox))
		return STATUS_NO_ANSWER;
	if (!config_of(&arena, operands.list[0], &a, &error) ||
	    !config_of(&arena, operands.list[1], &b, &error))
		return complain("%s", error.text);
	if (!configs_explain(&arena, values.rules, &a, &b, &comparison, &error) ||
	    !yaml_config_difference(stdout, (enum emit_form)values.form, &comparison, &error))
		return complain("%s", error.text);
	return STATUS_SAFE;
}

enum status command_vermagic(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0};
	struct error error = {0};
	struct reading_values values = {0};
	struct config config;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count != 1)
		return usage_error(command, "vermagic: needs one CONFIG, not %zu", operands.count);
	if (!confine_reading(&arena, &operands, NULL, values.no_sandbox))
		return STATUS_NO_ANSWER;
	if (!config_of(&arena, operands.list[0], &config, &error))
		return complain("%s", error.text);
	printf("%s\n", config.vermagic);
	if (config.resolved)
		complain("%s: kconfig has completed this config; OpenWrt hashes the lines before "
			 "that (.config.set), so its hash differs%s%s",
			 operands.list[0],
			 config.set_vermagic ? ": the hash of the .config.set beside it is " : "",
			 config.set_vermagic ? config.set_vermagic : "");
	return STATUS_SAFE;
}
