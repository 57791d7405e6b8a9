/* SPDX-License-Identifier: ISC */
/* Parses command-line options by the table of a command: long options and their
 * abbreviations, short options, and values by kind. */
#include "commands/command.h"

#include "base/suggest.h"
#include "base/text.h"

#include <time.h>

/* The state of reading the arguments. */
struct options {
	const struct command *command;
	struct arena *arena;
	char **list;
	int count, next;
	void *values;
	bool helped; /* --help was printed */
};

static const struct choice choice_help = {"--help", 'h', CHOICE_FLAG, 0, NULL, NULL};

static const struct choice *choice_next(const struct command *command, const struct choice *before)
{
	const struct choice *next = before ? before + 1 : command->choices;

	if (before == &choice_help)
		return NULL;
	return next && next->name ? next : &choice_help;
}

#define choices_each(choice, command)                                          \
	for (const struct choice *choice = choice_next(command, NULL); choice; \
	     choice = choice_next(command, choice))

/* The words of "a|b|c". */
static struct strings words_of(struct arena *arena, const char *text)
{
	struct span rest = span_text(text), word, after;
	struct strings words = {0};

	for (; span_split(rest, '|', &word, &after); rest = after)
		*array_add(arena, &words) = arena_string(arena, word);
	*array_add(arena, &words) = arena_string(arena, rest);
	return words;
}

/* Suggests a similar option, or "--format json" for "--json". */
static const struct choice *choice_unknown(const struct options *options, const char *name)
{
	const char *value = name + strspn(name, "-"), *meant = NULL;
	struct strings names = {0};

	choices_each(choice, options->command) {
		struct strings words = {0};

		*array_add(options->arena, &names) = choice->name;
		if (choice->kind == CHOICE_WORD)
			words = words_of(options->arena, choice->value);
		if (!meant && strings_have(&words, value))
			meant = arena_format(options->arena, "; did you mean '%s %s'?",
					     choice->name, value);
	}
	usage_error(options->command, "unknown option '%s'%s", name,
		    meant ? meant : suggest_clause(options->arena, name, &names));
	return NULL;
}

/* Finds a long option, which may be abbreviated if that is unambiguous. NULL: an
 * error was reported. */
static const struct choice *choice_find(const struct options *options, const char *name)
{
	const struct choice *begins = NULL;
	struct strings found = {0};

	choices_each(choice, options->command) {
		if (!strcmp(choice->name, name))
			return choice;
		if (strncmp(choice->name, name, strlen(name)) != 0)
			continue;
		begins = choice;
		*array_add(options->arena, &found) = choice->name;
	}
	if (!found.count)
		return choice_unknown(options, name);
	if (found.count == 1)
		return begins;
	usage_error(options->command, "option '%s' is ambiguous: %s", name,
		    strings_join(options->arena, &found, found.count));
	return NULL;
}

enum { NUMBER_MOST = 1000000 };

/* NAME: where VALUE is from, for messages. */
static bool choice_set(const struct options *options, const struct choice *choice, const char *name,
		       const char *value)
{
	void *target = (char *)options->values + choice->offset;
	struct strings words;
	uint64_t number = 0;
	unsigned place;

	switch (choice->kind) {
	case CHOICE_FLAG:
		*(bool *)target = true;
		return true;
	case CHOICE_TEXT:
	case CHOICE_MAYBE:
		*(const char **)target = value;
		return true;
	case CHOICE_LIST:
		*array_add(options->arena, (struct strings *)target) = value;
		return true;
	case CHOICE_NUMBER:
		if (!span_number(span_text(value), 10, &number) || number > NUMBER_MOST)
			return usage_error(options->command, "%s needs a number up to %d, not '%s'",
					   name, NUMBER_MOST, value),
			       false;
		*(unsigned *)target = (unsigned)number;
		return true;
	case CHOICE_WORD:
		words = words_of(options->arena, choice->value);
		place = text_index(value, words.list, (unsigned)words.count);
		if (place == words.count)
			return usage_error(options->command, "%s needs one of %s, not '%s'%s",
					   choice->name, choice->value, value,
					   suggest_clause(options->arena, value, &words)),
			       false;
		*(unsigned *)target = place;
		return true;
	}
	return false;
}

/* Reads an option's value. ATTACHED is the value in the same argument; NULL: it is
 * the next argument. */
static bool choice_read(struct options *options, const struct choice *choice, const char *attached)
{
	if (choice == &choice_help) {
		help_print_command(stdout, options->command);
		options->helped = true;
		return false;
	}
	if (choice->kind == CHOICE_FLAG)
		return choice_set(options, choice, choice->name, NULL);
	if (choice->kind == CHOICE_MAYBE && !attached &&
	    (options->next == options->count || options->list[options->next][0] == '-'))
		return choice_set(options, choice, choice->name, "");
	if (!attached && options->next == options->count)
		return usage_error(options->command, "option %s needs a value", choice->name),
		       false;
	return choice_set(options, choice, choice->name,
			  attached ? attached : options->list[options->next++]);
}

/* reads --name, --name=value or --name value */
static bool option_read_long(struct options *options, const char *argument)
{
	const char *equals = strchr(argument, '=');
	size_t size = equals ? (size_t)(equals - argument) : strlen(argument);
	const char *name = arena_string(options->arena, span_from(argument, size));
	const struct choice *choice = choice_find(options, name);

	if (!choice)
		return false;
	if (equals && choice->kind == CHOICE_FLAG)
		return usage_error(options->command, "option %s takes no value", choice->name),
		       false;
	return choice_read(options, choice, equals ? equals + 1 : NULL);
}

/* reads -v, -qv, -oFILE or -o FILE */
static bool option_read_short(struct options *options, const char *argument)
{
	for (const char *letter = argument + 1; *letter; letter++) {
		const struct choice *choice = choice_next(options->command, NULL);

		while (choice && choice->letter != *letter)
			choice = choice_next(options->command, choice);

		if (!choice)
			return usage_error(options->command, "unknown option '-%c'", *letter),
			       false;
		if (choice->kind != CHOICE_FLAG)
			return choice_read(options, choice, letter[1] ? letter + 1 : NULL);
		if (!choice_read(options, choice, NULL))
			return false;
	}
	return true;
}

bool options_read(const struct command *command, int count, char **arguments, void *values,
		  struct arena *arena, struct strings *operands, enum status *ret_status)
{
	struct options options = {.command = command,
				  .arena = arena,
				  .list = arguments,
				  .count = count,
				  .values = values};
	static const char variable[] = "KMODAUDIT_SEARCH";
	const char *search = getenv(variable);
	bool only_operands = false, fine = true;

	*ret_status = STATUS_SAFE;
	/* a CI job sets the default of --search once for all commands */
	choices_each(choice, command)
		if (search && *search && !strcmp(choice->name, "--search"))
			fine = choice_set(&options, choice, variable, search);
	while (fine && options.next < count) {
		const char *argument = arguments[options.next++];

		if (only_operands || argument[0] != '-' || !argument[1]) {
			*array_add(arena, operands) = argument;
		} else if (!strcmp(argument, "--")) {
			only_operands = true;
		} else {
			fine = argument[1] == '-' ? option_read_long(&options, argument)
						  : option_read_short(&options, argument);
		}
	}
	*ret_status = fine || options.helped ? STATUS_SAFE : STATUS_NO_ANSWER;
	return fine;
}

bool today_read(const struct command *command, struct arena *arena, const char **day)
{
	time_t now = time(NULL);
	struct tm tm;

	if (*day && date_real(*day))
		return true;
	if (*day) {
		usage_error(command, "%s: --today needs YYYY-MM-DD, not '%s'", command->name, *day);
		return false;
	}
	gmtime_r(&now, &tm);
	*day = arena_format(arena, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	return true;
}
