#include "commands/command.h"

#include "report/report.h"

enum status command_config(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0};
	struct error error = {0};
	struct config a, b;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, NULL, &arena, &operands, &status))
		return status;
	if (operands.count != 2)
		return usage_error(command, "config: needs two configs, not %zu", operands.count);
	if (!config_open(&arena, operands.list[0], &a, &error) || !config_open(&arena, operands.list[1], &b, &error))
		return complain("%s", error.text);

	struct config_difference difference = config_compare(&arena, &a, &b);
	if (!yaml_config_difference(stdout, &a, &b, &difference, &error))
		return complain("%s", error.text);
	return STATUS_SAFE;
}

enum status command_vermagic(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings operands = {0};
	struct error error = {0};
	struct config config;
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, NULL, &arena, &operands, &status))
		return status;
	if (operands.count != 1)
		return usage_error(command, "vermagic: needs one CONFIG, not %zu", operands.count);
	if (!config_open(&arena, operands.list[0], &config, &error))
		return complain("%s", error.text);
	printf("%s\n", config.vermagic);
	if (config.resolved)
		complain("%s: kconfig has filled this config in; OpenWrt hashes .config.set, the lines before that, so "
			 "its hash "
			 "differs",
			 operands.list[0]);
	return STATUS_SAFE;
}
