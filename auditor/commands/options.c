#include "commands/command.h"

/* Arguments on their way to be read. */
struct options {
	const struct command *command;
	struct arena *arena;
	char **list;
	int count, next;
	void *values;
};

static bool choice_is(const struct choice *choice, const char *name, size_t size)
{
	return strlen(choice->name) == size && !memcmp(choice->name, name, size);
}

static const struct choice *choice_find(const struct command *command, const char *name, size_t size)
{
	for (const struct choice *choice = command->choices; choice && choice->name; choice++)
		if (choice_is(choice, name, size))
			return choice;
	return NULL;
}

static const struct choice *choice_of_letter(const struct command *command, char letter)
{
	for (const struct choice *choice = command->choices; choice && choice->name; choice++)
		if (choice->letter == letter)
			return choice;
	return NULL;
}

static bool number_read(const char *text, unsigned *ret)
{
	uint64_t number = 0;

	if (!span_number(span_text(text), 10, &number) || number > 1000000)
		return false;
	*ret = (unsigned)number;
	return true;
}

/* The place of TEXT among "a|b|c". */
static bool word_read(const char *words, const char *text, unsigned *ret)
{
	struct span rest = span_text(words), word;

	for (unsigned i = 0; rest.size; i++) {
		struct span after = {0};
		if (!span_split(rest, '|', &word, &after))
			word = rest;
		if (span_is(word, text)) {
			*ret = i;
			return true;
		}
		rest = after;
	}
	return false;
}

static bool choice_set(const struct options *options, const struct choice *choice, const char *value)
{
	void *target = (char *)options->values + choice->offset;

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
		if (!number_read(value, target))
			return usage_error(options->command, "%s needs a number, not '%s'", choice->name, value), false;
		return true;
	case CHOICE_WORD:
		if (!word_read(choice->value, value, target))
			return usage_error(options->command, "%s needs one of %s, not '%s'", choice->name,
					   choice->value, value),
			       false;
		return true;
	}
	return false;
}

/* ATTACHED: the value in the same argument, or NULL: then the next argument is it. */
static bool choice_take(struct options *options, const struct choice *choice, const char *attached)
{
	if (choice->kind == CHOICE_FLAG)
		return choice_set(options, choice, NULL);
	if (choice->kind == CHOICE_MAYBE && !attached &&
	    (options->next == options->count || options->list[options->next][0] == '-'))
		return choice_set(options, choice, "");
	if (!attached && options->next == options->count)
		return usage_error(options->command, "option %s needs a value", choice->name), false;
	return choice_set(options, choice, attached ? attached : options->list[options->next++]);
}

/* --name, --name=value, --name value */
static bool option_read_long(struct options *options, const char *argument)
{
	const char *equals = strchr(argument, '=');
	size_t size = equals ? (size_t)(equals - argument) : strlen(argument);
	const struct choice *choice = choice_find(options->command, argument, size);

	if (!choice)
		return usage_error(options->command, "unknown option '%.*s'", (int)size, argument), false;
	if (equals && choice->kind == CHOICE_FLAG)
		return usage_error(options->command, "option %s takes no value", choice->name), false;
	return choice_take(options, choice, equals ? equals + 1 : NULL);
}

/* -v, -qv, -oFILE, -o FILE */
static bool option_read_short(struct options *options, const char *argument)
{
	for (const char *letter = argument + 1; *letter; letter++) {
		const struct choice *choice = choice_of_letter(options->command, *letter);

		if (!choice)
			return usage_error(options->command, "unknown option '-%c'", *letter), false;
		if (choice->kind != CHOICE_FLAG)
			return choice_take(options, choice, letter[1] ? letter + 1 : NULL);
		if (!choice_take(options, choice, NULL))
			return false;
	}
	return true;
}

bool options_read(const struct command *command, int count, char **arguments, void *values, struct arena *arena,
		  struct strings *operands, enum status *ret_status)
{
	struct options options = {
		.command = command, .arena = arena, .list = arguments, .count = count, .values = values};
	bool only_operands = false, fine = true;

	*ret_status = STATUS_SAFE;
	while (fine && options.next < count) {
		const char *argument = arguments[options.next++];

		if (only_operands || argument[0] != '-' || !argument[1]) {
			*array_add(arena, operands) = argument;
		} else if (!strcmp(argument, "--")) {
			only_operands = true;
		} else if (!strcmp(argument, "--help") || !strcmp(argument, "-h")) {
			help_print_command(stdout, command);
			return false;
		} else {
			fine = argument[1] == '-' ? option_read_long(&options, argument)
						  : option_read_short(&options, argument);
		}
	}
	*ret_status = fine ? STATUS_SAFE : STATUS_NO_ANSWER;
	return fine;
}
