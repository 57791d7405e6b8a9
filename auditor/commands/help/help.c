/* SPDX-License-Identifier: ISC */
/* Prints --help of the program and of each command, prints usage errors to stderr, and
 * implements the command help. The manual page and the completion scripts are texts
 * that scripts/help-texts makes at build time from what `help --tables` prints. */
#include "commands/command.h"

#include "base/embed.h"
#include "base/suggest.h"
#include "report/report.h"
#include "report/write/wrap.h"
#include "verdict/rules.h"

#include <unistd.h>

enum { HELP_COLUMNS = 80, HELP_INDENT = 31, SHELL_NONE = 99 };

struct help_values {
	bool manual, tables;
	unsigned shell;
};

const struct choice help_choices[] = {
	{"--man", 0, CHOICE_FLAG, offsetof(struct help_values, manual), NULL,
	 "print the manual page; view it with `man -l -'"},
	{"--completion", 0, CHOICE_WORD, offsetof(struct help_values, shell), "bash|zsh",
	 "print the completion script for a shell"},
	{"--tables", 0, CHOICE_FLAG, offsetof(struct help_values, tables), NULL, NULL},
	CHOICE_END,
};

static void commands_print(FILE *out)
{
	fputs("usage: kmodaudit COMMAND [OPTION...] [ARGUMENT...]\n"
	      "\n"
	      "Checks which kernel-module packages can safely be installed on a firmware image,\n"
	      "which cannot, which remain unproven, and why.\n"
	      "\n"
	      "commands:\n",
	      out);
	for (const struct command *command = command_table; command->name; command++)
		fprintf(out, "  %-9s %s\n", command->name, command->title);
	fputs("\n"
	      "Run kmodaudit COMMAND --help for details, --version (-V) for the version.\n"
	      "Exit status: 0 all safe or installed, 1 something unsafe, 2 something unproven,\n"
	      "3 no answer (wrong usage, unreadable image, write error).\n",
	      out);
}

void help_print_command(FILE *out, const struct command *command)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *rest = arena_format(&arena, "%*s", HELP_INDENT, "");
	bool any = command->choices && command->choices->name;

	fprintf(out, "usage: kmodaudit %s%s %s\n\n%s.\n\n%s", command->name,
		any ? " [OPTION...]" : "", command->synopsis, command->title, command->help);
	if (any)
		fputs("\noptions:\n", out);
	for (const struct choice *choice = command->choices; choice && choice->name; choice++) {
		if (!choice->help)
			continue;

		const char *value = choice->value ? choice->value : "";
		const char *left =
			arena_format(&arena, "%s%s%s", choice->name, *value ? " " : "", value);

		if (choice->letter && choice->name[1] == '-')
			left = arena_format(&arena, "-%c, %s", choice->letter, left);
		/* the help of an option that is too long for its column goes below it */
		if (strlen(left) > HELP_INDENT - 3) {
			fprintf(out, "  %s\n", left);
			left = rest;
		} else {
			left = arena_format(&arena, "  %-*s ", HELP_INDENT - 3, left);
		}
		wrap_print(out, HELP_COLUMNS, left, rest, choice->help);
	}
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
	fprintf(stderr, "try 'kmodaudit %s%s--help'\n", command ? command->name : "",
		command ? " " : "");
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

enum status command_unknown(const struct command *command, const char *name)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings names = {0};

	for (const struct command *one = command_table; one->name; one++)
		*array_add(&arena, &names) = one->name;
	if (!command && access(name, F_OK) == 0)
		return usage_error(command,
				   "'%s' is a file, not a command; to judge packages: kmodaudit "
				   "audit IMAGE FEED...",
				   name);
	return usage_error(command, "unknown command '%s'%s", name,
			   suggest_clause(&arena, name, &names));
}

/* Prints the input of scripts/help-texts, which describes each line. */
static void tables_print(void)
{
	for (const struct command *command = command_table; command->name; command++) {
		static const char *const kinds[] = {"flag", "text", "number",
						    "word", "list", "maybe"};
		struct span rest = span_text(command->help), line;

		printf("command\t%s\t%s\t%s\n", command->name, command->synopsis, command->title);
		while (span_line(&rest, &line))
			printf("help\t%.*s\n", (int)line.size, (const char *)line.data);
		for (const struct choice *choice = command->choices; choice && choice->name;
		     choice++)
			if (choice->help)
				printf("option\t%s\t%.1s\t%s\t%s\t%s\n", choice->name,
				       &choice->letter, kinds[choice->kind],
				       choice->value ? choice->value : "", choice->help);
	}
	fputs("formats", stdout);
	for (const struct report_format *format = report_formats; format->name; format++)
		printf("\t%s", format->name);
	fputs("\npresets", stdout);
	for (const char *const *name = preset_names; *name; name++)
		printf("\t%s", *name);
	putchar('\n');
}

static enum status embedded_print(const char *name)
{
	for (const struct embedded *text = embedded_texts; text && text->name; text++)
		if (!strcmp(text->name, name)) {
			fwrite(text->bytes, 1, text->size, stdout);
			return STATUS_SAFE;
		}
	return complain("this build has no %s", name);
}

enum status command_help(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct help_values values = {.shell = SHELL_NONE};
	struct strings operands = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &values, &arena, &operands, &status))
		return status;
	if (operands.count + values.manual + (values.shell != SHELL_NONE) > 1)
		return usage_error(command, "help: needs one COMMAND or one option at most");
	if (values.manual)
		return embedded_print("kmodaudit.1");
	if (values.shell != SHELL_NONE)
		return embedded_print(values.shell ? "completion/_kmodaudit"
						   : "completion/kmodaudit");
	if (operands.count) {
		for (const struct command *one = command_table; one->name; one++) {
			if (strcmp(one->name, operands.list[0]) != 0)
				continue;
			help_print_command(stdout, one);
			return STATUS_SAFE;
		}
		return command_unknown(command, operands.list[0]);
	}
	if (values.tables)
		tables_print();
	else
		commands_print(stdout);
	return STATUS_SAFE;
}
