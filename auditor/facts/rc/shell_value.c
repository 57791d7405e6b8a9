/* SPDX-License-Identifier: ISC */
/* Says what a word of shell text stands for (sh(1); POSIX.1-2017, XCU 2.6 Word Expansions).
 * Nothing is run. */
#include "facts/rc/shell_value.h"
#include "base/array.h"
#include "facts/rc/shell_word.h"

#include <ctype.h>
#include <string.h>

enum { VALUE_MOST = 2048 };

struct chars {
	char *list;
	size_t count, room;
};

bool shell_setting(struct span word, struct span *name, struct span *value)
{
	if (!span_split(word, '=', name, value) || name->size == 0 || isdigit(name->data[0]))
		return false;
	for (size_t i = 0; i < name->size; i++)
		if (!isalnum(name->data[i]) && name->data[i] != '_')
			return false;
	return true;
}

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
	bool blank = shell_blank((unsigned char)byte) || byte == '\n';

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

	if (to->glue || (!shell_blank((unsigned char)last) && last != '\n')) {
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
		return span_starts(span_skip(text, 2), name) && shell_byte(text, size + 2) == '}'
			       ? size + 3
			       : 0;
	if (!span_starts(span_skip(text, 1), name) || isalnum(shell_byte(text, size + 1)) ||
	    shell_byte(text, size + 1) == '_')
		return 0;
	return size + 1;
}

static size_t piece_put(struct expansion *to, struct span word, size_t at, bool quoted,
			const char *name, const char *old)
{
	size_t size = name && word.data[at] == '$' ? own_size(span_skip(word, at), name) : 0;

	if (size > 0) {
		value_put(to, old);
		return at + size;
	}
	if (word.data[at] == '\\') {
		int next = shell_byte(word, at + 1);

		if (next < 0 || (quoted && !strchr("$`\"\\\n", next))) {
			byte_put(to, '\\');
			return at + 1;
		}
		/* a continued line is nothing */
		if (next != '\n')
			byte_put(to, (char)next);
		return at + 2;
	}
	if (word.data[at] == '$' || word.data[at] == '`') {
		size_t end = shell_past_piece(word, at);

		byte_put(to, '$');
		if (word.data[at] == '$' && end == at + 1)
			while (end < word.size &&
			       (isalnum(word.data[end]) || word.data[end] == '_'))
				end++;
		return end;
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
