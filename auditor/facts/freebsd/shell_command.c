/* SPDX-License-Identifier: ISC */
/* Divides shell text into simple commands (sh(1); POSIX.1-2017, XCU 2.3 Token
 * Recognition), and says what a word stands for. Nothing is run. */
#include "facts/freebsd/shell_command.h"
#include "base/text.h"

#include <ctype.h>

enum { DEPTH_MOST = 32, VALUE_MOST = 2048 };

struct chars {
	char *list;
	size_t count, room;
};

static int byte_at(struct span text, size_t at)
{
	return at < text.size ? text.data[at] : -1;
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t';
}

static size_t past_end(struct span text, size_t at, uint8_t end, bool quoted, unsigned depth);

/* The offset behind the "`" that ends what begins before AT: sh looks for it before it
 * looks at what stands between. */
static size_t past_backquote(struct span text, size_t at)
{
	while (at < text.size && text.data[at] != '`')
		at += text.data[at] == '\\' ? 2 : 1;
	return at < text.size ? at + 1 : SIZE_MAX;
}

/* The offset behind the "$((" at AT. Shells differ in quotes inside. */
static size_t past_sum(struct span text, size_t at, unsigned depth)
{
	size_t end = past_end(text, at + 2, ')', false, depth + 1);

	return end != SIZE_MAX && span_contains_any(span_head(span_skip(text, at), end - at), "\"'")
		       ? SIZE_MAX
		       : end;
}

/* The offset behind the "$" at AT and what belongs to it. */
static size_t past_dollar(struct span text, size_t at, bool quoted, unsigned depth)
{
	int next = byte_at(text, at + 1);

	if (next == '{')
		return past_end(text, at + 2, '}', quoted, depth + 1);
	if (next == '(' && byte_at(text, at + 2) == '(')
		return past_sum(text, at, depth);
	if (next == '(')
		return past_end(text, at + 2, ')', false, depth + 1);
	/* "$'" has its own escapes; a line may end between "$" and "{" */
	if ((next == '\'' && !quoted) || span_starts(span_skip(text, at + 1), "\\\n"))
		return SIZE_MAX;
	return at + 1;
}

/* The offset behind the quoted or escaped piece at AT, or behind the byte there.
 * SIZE_MAX if it does not end, or if it is not known where sh ends it. */
static size_t past_piece(struct span text, size_t at, bool quoted, unsigned depth)
{
	int byte = byte_at(text, at);
	size_t end;

	if (byte == '\\')
		return at + 2;
	if (byte == '\'' && !quoted) {
		end = span_find(text, at + 1, span_text("'"));
		return end == SIZE_MAX ? end : end + 1;
	}
	if (byte == '"' && !quoted)
		return past_end(text, at + 1, '"', true, depth + 1);
	if (byte == '`')
		return past_backquote(text, at + 1);
	return byte == '$' ? past_dollar(text, at, quoted, depth) : at + 1;
}

/* True if what is at AT between "${" and "}" or "$(" and ")", which END says, may move the
 * end: shells differ in quotes between braces that are QUOTED; "case", comments and
 * here-documents are not parsed; a word may go on in the next line. */
static bool is_dark(struct span text, size_t at, uint8_t end, bool quoted)
{
	int byte = text.data[at], before = at > 0 ? text.data[at - 1] : ' ';
	struct span rest = span_skip(text, at);

	if (end == '}')
		return (quoted && (byte == '\'' || byte == '"')) || span_starts(rest, "\\\n");
	return end == ')' &&
	       ((byte == '#' && strchr(" \t\n;&|()", before)) || span_starts(rest, "case") ||
		span_starts(rest, "<<") || (span_starts(rest, "\\\n") && !is_blank(before)));
}

/* The offset behind END, which closes what begins before AT. */
static size_t past_end(struct span text, size_t at, uint8_t end, bool quoted, unsigned depth)
{
	if (depth > DEPTH_MOST)
		return SIZE_MAX;
	while (at < text.size && text.data[at] != end) {
		if (is_dark(text, at, end, quoted))
			return SIZE_MAX;
		at = end == ')' && text.data[at] == '('
			     ? past_end(text, at + 1, ')', false, depth + 1)
			     : past_piece(text, at, quoted, depth);
	}
	return at < text.size ? at + 1 : SIZE_MAX;
}

/* The size of the word at the start of TEXT; SIZE_MAX if a quote in it does not end, or if
 * the word goes on in the next line. */
static size_t word_size(struct span text)
{
	size_t at = 0;
	bool redirects = byte_at(text, 0) == '<' || byte_at(text, 0) == '>';

	while (redirects && at < text.size && strchr("<>&|", text.data[at]))
		at++;
	while (at < text.size && !is_blank(text.data[at]) && !strchr("\n;&|()<>", text.data[at]))
		at = span_has(text, at, SPAN_OF("\\\n")) ? SIZE_MAX
							 : past_piece(text, at, false, 0);
	return at > text.size ? SIZE_MAX : at;
}

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
		if (is_blank(byte_at(text->rest, 0)))
			cut(text, 1);
		else if (span_starts(text->rest, "\\\n"))
			cut(text, 2);
		else
			break;
	}
	if (byte_at(text->rest, 0) != '#')
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

/* True if WORD is a reserved word that opens nothing and closes nothing. */
static bool is_between(struct span word)
{
	static const char *const words[] = {"then", "else", "elif", "do", "!", NULL};

	return span_among(word, words);
}

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
	struct shell_words *words = &command->words;
	size_t gone = 0;
	bool head = false;

	for (; gone < words->count && !head; gone += !head) {
		struct span word = words->list[gone];

		if (!is_between(word) && !compound_note(text, word, &command->broken))
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
	int byte = byte_at(text->rest, 0), next = byte_at(text->rest, 1);
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
		size_t size = word_size(text->rest);

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

bool shell_setting(struct span word, struct span *name, struct span *value)
{
	if (!span_split(word, '=', name, value) || name->size == 0 || isdigit(name->data[0]))
		return false;
	for (size_t i = 0; i < name->size; i++)
		if (!isalnum(name->data[i]) && name->data[i] != '_')
			return false;
	return true;
}

/* ---- values ---- */

struct expansion {
	struct arena *arena;
	struct chars chars;
	size_t old; /* where the value of the variable begins, if GLUE */
	bool glue; /* it ends here */
};

/* If a word goes on with the variable's value, nothing of the value is known for certain:
 * of a value under a condition any word may be the last. */
static void byte_put(struct expansion *to, char byte)
{
	bool blank = is_blank((unsigned char)byte) || byte == '\n';

	if (to->chars.count > VALUE_MOST)
		return;
	if (to->glue && !blank) {
		to->chars.count = to->old;
		*array_add(to->arena, &to->chars) = '$';
	}
	to->glue = false;
	/* no blank to sh, other than to span_token */
	*array_add(to->arena, &to->chars) = isspace((unsigned char)byte) && !blank ? '$' : byte;
}

static void value_put(struct expansion *to, const char *value)
{
	char last = to->chars.count > 0 ? to->chars.list[to->chars.count - 1] : ' ';
	size_t old = to->chars.count;

	if (to->glue || (!is_blank((unsigned char)last) && last != '\n')) {
		byte_put(to, '$');
		return;
	}
	for (; *value; value++)
		byte_put(to, *value);
	to->old = old;
	to->glue = true;
}

/* The size of "$NAME" or "${NAME}" at the start of TEXT; 0 if it is not there. */
static size_t own_size(struct span text, const char *name)
{
	size_t size = strlen(name);

	if (span_starts(span_skip(text, 1), "{"))
		return span_starts(span_skip(text, 2), name) && byte_at(text, size + 2) == '}'
			       ? size + 3
			       : 0;
	if (!span_starts(span_skip(text, 1), name) || isalnum(byte_at(text, size + 1)) ||
	    byte_at(text, size + 1) == '_')
		return 0;
	return size + 1;
}

/* The offset behind the expansion at AT. */
static size_t past_expansion(struct span word, size_t at)
{
	size_t end = past_piece(word, at, false, 0);

	if (word.data[at] == '$' && end == at + 1)
		while (end < word.size && (isalnum(word.data[end]) || word.data[end] == '_'))
			end++;
	return end;
}

/* Puts the byte behind a backslash at AT; a continued line is nothing. */
static size_t escape_put(struct expansion *to, struct span word, size_t at, bool quoted)
{
	int next = byte_at(word, at + 1);

	if (next < 0 || (quoted && !strchr("$`\"\\\n", next))) {
		byte_put(to, '\\');
		return at + 1;
	}
	if (next != '\n')
		byte_put(to, (char)next);
	return at + 2;
}

static size_t piece_put(struct expansion *to, struct span word, size_t at, bool quoted,
			const char *name, const char *old)
{
	size_t size = name && word.data[at] == '$' ? own_size(span_skip(word, at), name) : 0;

	if (size > 0) {
		value_put(to, old);
		return at + size;
	}
	if (word.data[at] == '\\')
		return escape_put(to, word, at, quoted);
	if (word.data[at] == '$' || word.data[at] == '`') {
		byte_put(to, '$');
		return past_expansion(word, at);
	}
	byte_put(to, (char)word.data[at]);
	return at + 1;
}

const char *shell_expand(struct arena *arena, struct span word, const char *name, const char *old)
{
	struct expansion to = {.arena = arena};
	char quote = '\0';

	for (size_t at = 0; at < word.size;) {
		char byte = (char)word.data[at];

		if (quote ? byte == quote : byte == '"' || byte == '\'') {
			quote = quote ? '\0' : byte;
			at++;
		} else if (quote == '\'') {
			byte_put(&to, byte);
			at++;
		} else {
			at = piece_put(&to, word, at, quote == '"', name, old);
		}
	}
	if (to.chars.count > VALUE_MOST)
		return NULL;
	return to.chars.count ? arena_string(arena, span_from(to.chars.list, to.chars.count)) : "";
}
