/* SPDX-License-Identifier: ISC */
/* Divides shell text into simple commands (sh(1); POSIX.1-2017, XCU 2.9 Shell Commands).
 * Nothing is run. */
#include "facts/rc/shell_command.h"
#include "base/text.h"
#include "facts/rc/shell_word.h"

#include <ctype.h>
#include <string.h>

static void cut(struct shell_text *text, size_t size)
{
	for (size_t i = 0; i < size && i < text->rest.size; i++)
		text->line += text->rest.data[i] == '\n';
	text->rest = span_skip(text->rest, size);
}

/* Blanks, continued lines, and a comment up to the end of its line. */
static void blanks_cut(struct shell_text *text)
{
	size_t end;

	for (;;) {
		if (shell_blank(shell_byte(text->rest, 0)))
			cut(text, 1);
		else if (span_starts(text->rest, "\\\n"))
			cut(text, 2);
		else
			break;
	}
	if (shell_byte(text->rest, 0) != '#')
		return;
	end = span_find(text->rest, 0, span_text("\n"));
	cut(text, end == SIZE_MAX ? text->rest.size : end);
}

/* The reserved words that open something, with those that close it. */
static const struct {
	const char *open, *close;
} compounds[] = {
	{"if", "fi"},	 {"while", "done"}, {"until", "done"},
	{"for", "done"}, {"case", "esac"},  {"{", "}"},
};

enum { COMPOUNDS = sizeof compounds / sizeof *compounds };

static bool is_closing(struct span word)
{
	for (size_t i = 0; i < COMPOUNDS; i++)
		if (span_is(word, compounds[i].close))
			return true;
	return false;
}

/* Notes that WORD opens or closes something: ret. BROKEN becomes true if it closes what is
 * not open: it is a pattern of "case". */
static bool compound_note(struct shell_text *text, struct span word, bool *broken)
{
	for (size_t i = 0; i < COMPOUNDS; i++)
		if (span_is(word, compounds[i].open)) {
			bool whole = text->depth < SHELL_DEPTH &&
				     !(text->shells > 0 && span_is(word, "case"));

			*broken |= !whole;
			if (whole)
				text->open[text->depth++] = compounds[i].close;
			return true;
		}
	if (!is_closing(word))
		return false;
	if (text->depth > 0 && span_is(word, text->open[text->depth - 1]) &&
	    !(text->shells > 0 && span_is(word, "esac")))
		text->depth--;
	else
		*broken = true;
	return true;
}

/* True if WORDS are redirections that no expansion is in: "2", ">/dev/null". */
static bool redirections_only(const struct span *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_contains_any(words[i], "$`") ||
		    (!span_starts(words[i], "<") && !span_starts(words[i], ">") &&
		     !(i + 1 < count && isdigit(words[i].data[0]))))
			return false;
	return true;
}

/* Removes the reserved words at the start of COMMAND, but leaves "for" and "case" with the
 * words of their heads. */
static void reserved_cut(struct shell_text *text, struct shell_command *command)
{
	/* the reserved words that open nothing and close nothing */
	static const char *const between[] = {"then", "else", "elif", "do", "!", NULL};
	struct shell_words *words = &command->words;
	size_t gone = 0;
	bool head = false;

	for (; gone < words->count && !head; gone += !head) {
		struct span word = words->list[gone];

		if (!span_among(word, between) && !compound_note(text, word, &command->broken))
			break;
		head = span_is(word, "for") || span_is(word, "case");
	}
	if (gone > 0 && !head && is_closing(words->list[gone - 1]) &&
	    redirections_only(words->list + gone, words->count - gone))
		words->count = gone;
	if (head && words->count > gone + 2)
		command->broken |= span_is(words->list[gone + 2], "do");
	words->count -= gone;
	if (gone > 0)
		memmove(words->list, words->list + gone, words->count * sizeof *words->list);
}

/* Removes the operator that ends a command. */
static void operator_cut(struct shell_text *text, struct shell_command *command)
{
	int byte = shell_byte(text->rest, 0), next = shell_byte(text->rest, 1);
	bool twice = (byte == '&' || byte == '|' || byte == ';') && next == byte;

	if (byte != '\n' || command->words.count > 0)
		text->joined = byte == '|' || (byte == '&' && twice);
	/* the whole list runs in another process if "&" ends it */
	command->maybe |= byte == '|' || byte == '&';
	if (byte == '(') {
		text->loose |= command->words.count > 0 && !span_is(command->words.list[0], "case");
		text->shells++;
	} else if (byte == ')' && text->shells > 0) {
		text->shells--;
	} else if (byte == ')') {
		command->pattern =
			text->depth > 0 && strcmp(text->open[text->depth - 1], "esac") == 0;
	}
	cut(text, twice ? 2 : 1);
	/* the other half of an operator may be in the next line */
	command->broken |= !twice && strchr("&|;", byte) && span_starts(text->rest, "\\\n");
}

bool shell_command_read(struct arena *arena, struct shell_text *text, struct shell_command *ret)
{
	unsigned depth = text->depth;

	*ret = (struct shell_command){.maybe = text->joined};
	for (blanks_cut(text); text->rest.size > 0 && !ret->broken; blanks_cut(text)) {
		size_t size = shell_word_size(text->rest);

		if (size == 0)
			break;
		if (ret->words.count == 0)
			ret->line = text->line;
		ret->broken = size == SIZE_MAX || span_starts(text->rest, "<<");
		if (ret->broken)
			break;
		*array_add(arena, &ret->words) = span_head(text->rest, size);
		cut(text, size);
	}
	reserved_cut(text, ret);
	ret->maybe |= depth > 0 || text->depth > 0 || text->shells > 0 || text->loose;
	if (text->rest.size == 0) {
		text->joined &= ret->words.count == 0;
		return ret->words.count > 0 || ret->broken;
	}
	if (!ret->broken)
		operator_cut(text, ret);
	if (ret->broken)
		cut(text, text->rest.size);
	return true;
}
