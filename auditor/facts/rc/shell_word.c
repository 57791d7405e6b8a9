/* SPDX-License-Identifier: ISC */
/* Finds where words of shell text and their quoted pieces end (sh(1); POSIX.1-2017, XCU 2.3
 * Token Recognition). */
#include "facts/rc/shell_word.h"

#include <string.h>

enum { DEPTH_MOST = 32 };

int shell_byte(struct span text, size_t at)
{
	return at < text.size ? text.data[at] : -1;
}

bool shell_blank(int byte)
{
	return byte == ' ' || byte == '\t';
}

static size_t past_end(struct span text, size_t at, uint8_t end, bool quoted, unsigned depth);

/* The offset behind the "$" at AT and what belongs to it. */
static size_t past_dollar(struct span text, size_t at, bool quoted, unsigned depth)
{
	int next = shell_byte(text, at + 1);

	if (next == '{')
		return past_end(text, at + 2, '}', quoted, depth + 1);
	if (next == '(') {
		size_t end = past_end(text, at + 2, ')', false, depth + 1);
		bool sum = shell_byte(text, at + 2) == '(';

		/* shells differ in quotes inside of "$((" */
		return end != SIZE_MAX && sum &&
				       span_contains_any(span_head(span_skip(text, at), end - at),
							 "\"'")
			       ? SIZE_MAX
			       : end;
	}
	/* "$'" has its own escapes; a line may end between "$" and "{" */
	if ((next == '\'' && !quoted) || span_starts(span_skip(text, at + 1), "\\\n"))
		return SIZE_MAX;
	return at + 1;
}

/* The offset behind the quoted or escaped piece at AT, or behind the byte there.
 * SIZE_MAX if it does not end, or if it is not known where sh ends it. */
static size_t past_piece(struct span text, size_t at, bool quoted, unsigned depth)
{
	int byte = shell_byte(text, at);
	size_t end;

	if (byte == '\\')
		return at + 2;
	if (byte == '\'' && !quoted) {
		end = span_find(text, at + 1, span_text("'"));
		return end == SIZE_MAX ? end : end + 1;
	}
	if (byte == '"' && !quoted)
		return past_end(text, at + 1, '"', true, depth + 1);
	if (byte == '`') {
		/* sh looks for its end before it looks at what stands between */
		for (at++; at < text.size && text.data[at] != '`';)
			at += text.data[at] == '\\' ? 2 : 1;
		return at < text.size ? at + 1 : SIZE_MAX;
	}
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
		span_starts(rest, "<<") || (span_starts(rest, "\\\n") && !shell_blank(before)));
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

size_t shell_word_size(struct span text)
{
	size_t at = 0;
	bool redirects = shell_byte(text, 0) == '<' || shell_byte(text, 0) == '>';

	while (redirects && at < text.size && strchr("<>&|", text.data[at]))
		at++;
	while (at < text.size && !shell_blank(text.data[at]) && !strchr("\n;&|()<>", text.data[at]))
		at = span_has(text, at, SPAN_OF("\\\n")) ? SIZE_MAX
							 : past_piece(text, at, false, 0);
	return at > text.size ? SIZE_MAX : at;
}

size_t shell_past_piece(struct span text, size_t at)
{
	return past_piece(text, at, false, 0);
}
