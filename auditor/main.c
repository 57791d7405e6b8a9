/* SPDX-License-Identifier: ISC */
/* Runs the command that the command line names, or answers --version and --help, and returns
 * the exit status. */
#include "commands/command.h"

#include "unpack/memory.h"
#include "base/digest.h"
#include "base/suggest.h"

#include <string.h>

static enum status command_run(const char *name, int count, char **arguments)
{
	for (const struct command *command = command_table; command->name; command++)
		if (!strcmp(command->name, name))
			return command->run(command, count, arguments);
	return command_unknown(NULL, name);
}

/* Handles an option in place of a command. A long option may be abbreviated. */
static enum status option_run(const char *option, char **arguments)
{
	static const char *const names[] = {"--version", "--help"};
	struct arena arena _cleanup_arena_ = {0};
	struct strings known = {0};
	size_t size = strlen(option);

	if (!strcmp(option, "-V") || (size > 2 && !strncmp(option, names[0], size))) {
		printf("kmodaudit %s\n", KMODAUDIT_VERSION);
		return STATUS_SAFE;
	}
	if (!strcmp(option, "-h") || (size > 2 && !strncmp(option, names[1], size)))
		return command_run("help", 0, arguments);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		*array_add(&arena, &known) = names[i];
	return usage_error(NULL, "unknown option '%s'%s", option,
			   suggest_clause(&arena, option, &known));
}

int main(int count, char **arguments)
{
	enum status status;

	outputs_begin();
	digest_memory();
	unpack_begin();
	memory_limit(MEMORY_MOST);
	if (count < 2)
		status = usage_error(NULL, "no command given");
	else if (arguments[1][0] == '-')
		status = option_run(arguments[1], arguments);
	else
		status = command_run(arguments[1], count - 2, arguments + 2);
	return stdout_close(status);
}
