#include "commands/command.h"

#include "report/report.h"

void help_print(FILE *out)
{
	fputs("usage: kmodaudit COMMAND [OPTION...] [ARGUMENT...]\n"
	      "\n"
	      "Tells which kernel-module packages can safely be installed on a firmware image\n"
	      "after it was built, which cannot, which cannot be known, and why.\n"
	      "\n"
	      "commands:\n",
	      out);
	for (const struct command *command = command_table; command->name; command++)
		fprintf(out, "  %-9s %s\n", command->name, command->title);
	fputs("\n"
	      "kmodaudit COMMAND --help tells more; kmodaudit --version tells the version.\n"
	      "Exit status: 0 all safe or installed, 1 something unsafe, 2 something unproven,\n"
	      "3 no answer (wrong usage, unreadable image, write error).\n",
	      out);
}

static void help_print_choice(FILE *out, struct arena *arena, const struct choice *choice)
{
	const char *value = choice->value ? choice->value : "";
	bool is_long = choice->name[1] == '-';
	const char *left = arena_format(arena, "%s%s%s", choice->name, *value ? " " : "", value);

	if (choice->letter && is_long)
		left = arena_format(arena, "-%c, %s", choice->letter, left);
	fprintf(out, "  %-28s %s\n", left, choice->help);
}

void help_print_command(FILE *out, const struct command *command)
{
	struct arena arena _cleanup_arena_ = {0};

	fprintf(out, "usage: kmodaudit %s %s\n\n%s.\n\n%s", command->name, command->synopsis, command->title,
		command->help);
	if (command->choices && command->choices->name)
		fputs("\noptions:\n", out);
	for (const struct choice *choice = command->choices; choice && choice->name; choice++)
		if (choice->help)
			help_print_choice(out, &arena, choice);
}

static void complain_to(const char *format, va_list args)
{
	struct arena arena _cleanup_arena_ = {0};

	fprintf(stderr, "kmodaudit: %s\n", quote(&arena, arena_vformat(&arena, format, args)));
}

enum status usage_error(const struct command *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_to(format, args);
	va_end(args);
	fprintf(stderr, "try 'kmodaudit %s%s--help'\n", command ? command->name : "", command ? " " : "");
	return STATUS_NO_ANSWER;
}

enum status complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_to(format, args);
	va_end(args);
	return STATUS_NO_ANSWER;
}

enum status command_help(const struct command *command, int count, char **arguments)
{
	if (!count) {
		help_print(stdout);
		return STATUS_SAFE;
	}
	for (const struct command *one = command_table; one->name; one++) {
		if (!strcmp(one->name, arguments[0])) {
			help_print_command(stdout, one);
			return STATUS_SAFE;
		}
	}
	return usage_error(command, "help: there is no command '%s'", arguments[0]);
}
