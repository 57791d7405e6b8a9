/* SPDX-License-Identifier: ISC */
/* Prints the completion scripts for bash and zsh from the tables of commands and options. */
#include "commands/help/help.h"

#include "commands/help/template.h"
#include "report/report.h"
#include "verdict/rules.h"

/* TEXT inside 'single quotes' of a shell; what STRESSED has gets a backslash besides. */
static void quoted_print(FILE *out, const char *text, const char *stressed)
{
	for (; *text; text++) {
		if (strchr(stressed, *text))
			fputc('\\', out);
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	}
}

/* What stands for the arguments: rule ids and commands are known here, all others are files. */
static const char *operand_of(const struct command *command)
{
	if (!strcmp(command->synopsis, "[ID]"))
		return "ID";
	return !strcmp(command->synopsis, "[COMMAND]") ? "COMMAND" : "FILE";
}

static bool has_two_names(const struct choice *choice)
{
	return choice->letter && choice->name[1] == '-';
}

/* Calls PRINT for each option that --help shows. */
static void options_each(FILE *out, const struct command *command,
			 void (*print)(FILE *out, const struct command *command,
				       const struct choice *choice))
{
	for (const struct choice *choice = command->choices; choice && choice->name; choice++)
		if (choice->help)
			print(out, command, choice);
}

/* --- bash */

static void bash_commands(FILE *out, const void *context)
{
	(void)context;
	fputs("\t_kmodaudit_commands='", out);
	for (const struct command *command = command_table; command->name; command++)
		fprintf(out, "%s%s", command == command_table ? "" : " ", command->name);
	fputs("'\n", out);
}

static void bash_option(FILE *out, const struct command *command, const struct choice *choice)
{
	(void)command;
	if (has_two_names(choice))
		fprintf(out, "-%c ", choice->letter);
	fprintf(out, "%s ", choice->name);
}

static void bash_options(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++) {
		fprintf(out, "\t%s) echo '", command->name);
		options_each(out, command, bash_option);
		fputs("-h --help' ;;\n", out);
	}
}

static void bash_value(FILE *out, const struct command *command, const struct choice *choice)
{
	if (choice->kind == CHOICE_FLAG)
		return;
	fprintf(out, "\t'%s %s'", command->name, choice->name);
	if (has_two_names(choice))
		fprintf(out, " | '%s -%c'", command->name, choice->letter);
	fputs(") echo '", out);
	quoted_print(out, choice->value, "");
	fputs("' ;;\n", out);
}

static void bash_values(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++)
		options_each(out, command, bash_value);
}

static void bash_operands(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++)
		fprintf(out, "\t%s) echo %s ;;\n", command->name, operand_of(command));
}

/* --- zsh */

static void zsh_commands(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++) {
		fprintf(out, "\t\t'%s:", command->name);
		quoted_print(out, command->title, ":\\");
		fputs("'\n", out);
	}
}

/* '(-j --jobs)'{-j+,--jobs=}'[threads]:N:_kmodaudit_value N' */
static void zsh_option(FILE *out, const struct command *command, const struct choice *choice)
{
	bool valued = choice->kind != CHOICE_FLAG, is_long = choice->name[1] == '-';
	const char *long_end = valued ? "=" : "", *short_end = valued ? "+" : "";

	(void)command;
	fputs("\t\t\t", out);
	if (choice->kind == CHOICE_LIST)
		fputs("'*'", out);
	else if (has_two_names(choice))
		fprintf(out, "'(-%c %s)'", choice->letter, choice->name);
	if (has_two_names(choice))
		fprintf(out, "{-%c%s,%s%s}'[", choice->letter, short_end, choice->name, long_end);
	else
		fprintf(out, "'%s%s[", choice->name, is_long ? long_end : short_end);
	quoted_print(out, choice->help, "[]:\\");
	fputs("]", out);
	if (valued) {
		fputs(":", out);
		quoted_print(out, choice->value, ":\\");
		fputs(":_kmodaudit_value \"", out);
		quoted_print(out, choice->value, ":\\");
		fputs("\"", out);
	}
	fputs("' \\\n", out);
}

static void zsh_arguments(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++) {
		fprintf(out, "\t%s)\n\t\t_arguments -s -S \\\n", command->name);
		options_each(out, command, zsh_option);
		fputs("\t\t\t'(- *)'{-h,--help}'[print help]' \\\n\t\t\t'*:", out);
		quoted_print(out, command->synopsis, ":\\");
		fprintf(out, ":_kmodaudit_value %s'\n\t\t;;\n", operand_of(command));
	}
}

/* --- both */

static void formats_print(FILE *out, const void *context)
{
	(void)context;
	fputs("\t_kmodaudit_formats='", out);
	for (const struct report_format *format = report_formats; format->name; format++)
		fprintf(out, "%s%s", format == report_formats ? "" : " ", format->name);
	fputs("'\n", out);
}

static void presets_print(FILE *out, const void *context)
{
	(void)context;
	fputs("\t_kmodaudit_presets='", out);
	for (const char *const *name = preset_names; *name; name++)
		fprintf(out, "%s%s", name == preset_names ? "" : " ", *name);
	fputs("'\n", out);
}

void completion_print(FILE *out, unsigned shell)
{
	static const struct filler fillers[] = {
		{"bash_commands", bash_commands},
		{"bash_options", bash_options},
		{"bash_values", bash_values},
		{"bash_operands", bash_operands},
		{"zsh_commands", zsh_commands},
		{"zsh_arguments", zsh_arguments},
		{"formats", formats_print},
		{"presets", presets_print},
		{NULL, NULL},
	};
	static const char *const names[] = {"auditor/commands/help/completion.bash",
					    "auditor/commands/help/completion.zsh"};

	template_print(out, template_text(names[shell]), fillers, NULL);
}
