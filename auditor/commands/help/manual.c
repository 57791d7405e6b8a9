/* SPDX-License-Identifier: ISC */
/* Prints the manual page: fills docs/kmodaudit.1.in with the tables of commands and options
 * and with the additional text under its "@more" lines. */
#include "commands/help/help.h"

#include "commands/help/mdoc.h"
#include "commands/help/template.h"

#include <ctype.h>

#define PAGE "docs/kmodaudit.1.in"

/* "@more audit --only", "@more audit", "@more --policy" and what follows: what the page says of
 * a command, of its option, or of the option of every command, behind what the tables say. */
struct more {
	struct span command, option, text;
	unsigned line;
};

struct manual {
	struct span page; /* without what there is more */
	struct more *list;
	size_t count, room;
};

static bool commands_have(struct span command, struct span option)
{
	for (const struct command *one = command_table; one->name; one++) {
		if (command.size && !span_is(command, one->name))
			continue;
		if (!option.size)
			return true;
		for (const struct choice *choice = one->choices; choice && choice->name; choice++)
			if (span_is(option, choice->name) && choice->help)
				return true;
	}
	return false;
}

static bool more_head(struct arena *arena, struct manual *manual, struct span line, unsigned number,
		      struct error *error)
{
	struct more *more = array_add(arena, manual);
	struct span rest = line, word;

	span_token(&rest, &word);
	more->line = number;
	while (span_token(&rest, &word)) {
		if (span_starts(word, "-"))
			more->option = word;
		else
			more->command = word;
	}
	if (!commands_have(more->command, more->option))
		return fail(error, PAGE ":%u: there is no '%.*s'", number, (int)line.size - 6,
			    (const char *)line.data + 6);
	return true;
}

static bool manual_read(struct arena *arena, struct manual *ret, struct error *error)
{
	struct span text = template_text(PAGE), rest = text, line;

	*ret = (struct manual){.page = text};
	for (unsigned number = 1; span_line(&rest, &line); number++) {
		struct more *last = ret->count ? &ret->list[ret->count - 1] : NULL;

		if (span_starts(line, "@more ")) {
			if (!last)
				ret->page = span_head(text, (uint64_t)(line.data - text.data));
			if (!more_head(arena, ret, line, number, error))
				return false;
		} else if (last) {
			last->text = last->text.size ? last->text : span_head(line, 0);
			last->text.size = (size_t)(rest.data - last->text.data);
		}
	}
	return true;
}

static const struct more *more_find(const struct manual *manual, const char *command,
				    const char *option)
{
	array_each(more, manual)
		if (span_is(more->command, command) && span_is(more->option, option))
			return more;
	return NULL;
}

static void more_print(FILE *out, const struct more *more)
{
	if (more)
		fprintf(out, "%.*s", (int)more->text.size, (const char *)more->text.data);
}

static void usage_print(FILE *out, const struct command *command)
{
	fprintf(out, ".Cm %s%s", command->name,
		command->choices && command->choices->name ? " Oo Ar option ... Oc" : "");
	mdoc_synopsis(out, command->synopsis);
	fputc('\n', out);
}

static void usages_print(FILE *out, const void *context)
{
	(void)context;
	for (const struct command *command = command_table; command->name; command++) {
		fputs(".Nm\n", out);
		usage_print(out, command);
	}
	fputs(".Nm\n.Fl V | Fl -version\n", out);
}

/* "-j", "--jobs", "N" -> ".It Fl j , Fl -jobs Ar N" */
static void item_print(FILE *out, const struct choice *choice)
{
	fputs(".It", out);
	if (choice->letter && choice->name[1] == '-')
		fprintf(out, " Fl %c ,", choice->letter);
	fprintf(out, " Fl %s", choice->name + 1);
	if (choice->kind == CHOICE_WORD || choice->kind == CHOICE_MAYBE)
		mdoc_synopsis(out, choice->value);
	else if (choice->value)
		fprintf(out, " Ar %s", choice->value);
	fputc('\n', out);
}

/* Which command of the table has an option called NAME first. */
static const struct command *option_home(const char *name)
{
	for (const struct command *command = command_table; command->name; command++)
		for (const struct choice *choice = command->choices; choice && choice->name;
		     choice++)
			if (!strcmp(choice->name, name) && choice->help)
				return command;
	return NULL;
}

static void option_print(FILE *out, const struct manual *manual, const struct command *command,
			 const struct choice *choice)
{
	struct arena arena _cleanup_arena_ = {0};
	const struct more *own = more_find(manual, command->name, choice->name);
	const struct more *shared = more_find(manual, "", choice->name);
	const struct command *home = option_home(choice->name);

	item_print(out, choice);
	mdoc_text(out, choice->value ? choice->value : "",
		  arena_format(&arena, "%c%s.", toupper(choice->help[0]), choice->help + 1));
	more_print(out, own);
	if (shared && home == command)
		more_print(out, shared);
	else if (shared)
		fprintf(out, "More under\n.Cm %s .\n", home->name);
}

static void command_print(FILE *out, const struct manual *manual, const struct command *command)
{
	struct arena arena _cleanup_arena_ = {0};

	fprintf(out, ".Ss %s\n.Nm\n", command->name);
	usage_print(out, command);
	fputs(".Pp\n", out);
	mdoc_text(out, command->synopsis,
		  arena_format(&arena, "%s.\n%s", command->title, command->help));
	more_print(out, more_find(manual, command->name, ""));
	if (!command->choices || !command->choices->name)
		return;
	fputs(".Bl -tag -width Ds\n", out);
	for (const struct choice *choice = command->choices; choice->name; choice++)
		if (choice->help)
			option_print(out, manual, command, choice);
	fputs(".El\n", out);
}

static void commands_print(FILE *out, const void *context)
{
	for (const struct command *command = command_table; command->name; command++)
		command_print(out, context, command);
}

bool manual_print(FILE *out, struct error *error)
{
	static const struct filler fillers[] = {
		{"usages", usages_print}, {"commands", commands_print}, {NULL, NULL}};
	struct arena arena _cleanup_arena_ = {0};
	struct manual manual;

	if (!manual_read(&arena, &manual, error))
		return false;
	template_print(out, manual.page, fillers, &manual);
	return true;
}
