#include "commands/command.h"

#include <string.h>

static enum status command_run(const char *name, int count, char **arguments)
{
	for (const struct command *command = command_table; command->name; command++)
		if (!strcmp(command->name, name))
			return command->run(command, count, arguments);
	return usage_error(NULL, "there is no command '%s'", name);
}

static enum status program_run(int count, char **arguments)
{
	if (count < 2)
		return usage_error(NULL, "no command given");
	if (!strcmp(arguments[1], "--version")) {
		printf("kmodaudit %s\n", KMODAUDIT_VERSION);
		return STATUS_SAFE;
	}
	if (!strcmp(arguments[1], "--help") || !strcmp(arguments[1], "-h"))
		return command_run("help", 0, arguments);
	if (arguments[1][0] == '-')
		return usage_error(NULL, "unknown option '%s'", arguments[1]);
	return command_run(arguments[1], count - 2, arguments + 2);
}

int main(int count, char **arguments)
{
	return stdout_close(program_run(count, arguments));
}
