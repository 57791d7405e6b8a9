/* SPDX-License-Identifier: ISC */
/* Converts the plain help texts and synopses of commands to mdoc(7) macros. */
#include "commands/help/mdoc.h"

#include <ctype.h>
#include <string.h>

enum { COLUMNS = 78 }; /* of the source of the page */

/* One line of the page on its way: words until a macro or the end of a sentence. */
struct prose {
	FILE *out;
	const char *names; /* what stands for arguments here: "IMAGE FEED..." */
	size_t column; /* 0: at the start of a line */
};

static void prose_break(struct prose *prose)
{
	if (prose->column)
		fputc('\n', prose->out);
	prose->column = 0;
}

static void bytes_print(FILE *out, struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '\\')
			fputs("\\e", out);
		else
			fputc(text.data[i], out);
	}
}

static bool is_name(const char *names, struct span word)
{
	struct span rest = span_text(names);

	for (size_t at = 0; (at = span_find(rest, at, word)) != SIZE_MAX; at++) {
		bool begins = at == 0 || !isalnum(rest.data[at - 1]);
		bool ends = at + word.size == rest.size || !isalnum(rest.data[at + word.size]);

		if (begins && ends)
			return true;
	}
	return false;
}

static bool all_upper(struct span word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!isupper(word.data[i]))
			return false;
	return word.size > 0;
}

/* A word, with the brackets and points around it, as a macro: ".Fl -only ," */
static void macro_print(struct prose *prose, const char *macro, struct span before,
			struct span word, struct span after)
{
	prose_break(prose);
	fprintf(prose->out, ".%s", macro);
	for (size_t i = 0; i < before.size; i++)
		fprintf(prose->out, " %c", before.data[i]);
	fputs(memchr(word.data, ' ', word.size) ? " \"" : " ", prose->out);
	bytes_print(prose->out, word);
	if (memchr(word.data, ' ', word.size))
		fputc('"', prose->out);
	for (size_t i = 0; i < after.size; i++)
		fprintf(prose->out, " %c", after.data[i]);
	fputc('\n', prose->out);
}

static void word_print(struct prose *prose, struct span word)
{
	if (prose->column + word.size > COLUMNS)
		prose_break(prose);
	if (!prose->column && (word.data[0] == '.' || word.data[0] == '\''))
		fputs("\\&", prose->out);
	if (prose->column)
		fputc(' ', prose->out);
	bytes_print(prose->out, word);
	prose->column += word.size + 1;
	if (word.size > 1 && word.data[word.size - 1] == '.' && word.data[word.size - 2] != '.')
		prose_break(prose);
}

/* Cuts "(`Packages.gz`)," into what goes before, the core and what goes after. */
static void word_peel(struct span word, struct span *before, struct span *core, struct span *after)
{
	size_t start = 0, end = word.size;

	while (start < end && strchr("([", word.data[start]))
		start++;
	while (end > start && strchr(".,;:)]!?", word.data[end - 1]))
		end--;
	*before = span_head(word, start);
	*core = span_head(span_skip(word, start), end - start);
	*after = span_skip(word, end);
}

/* The next word of REST; what stands in `back quotes` is one. */
static bool word_next(struct span *rest, struct span *word)
{
	size_t size = 0;
	bool quoted = false;

	while (rest->size && (isspace(rest->data[0])))
		*rest = span_skip(*rest, 1);
	for (; size < rest->size && (quoted || !isspace(rest->data[size])); size++)
		if (rest->data[size] == '`' || (quoted && rest->data[size] == '\''))
			quoted = !quoted;
	*word = span_head(*rest, size);
	*rest = span_skip(*rest, size);
	return size > 0;
}

static void prose_word(struct prose *prose, struct span word)
{
	struct span before, core, after;

	word_peel(word, &before, &core, &after);
	if (core.size > 2 && core.data[0] == '`')
		macro_print(prose, "Ql", before, span_head(span_skip(core, 1), core.size - 2),
			    after);
	else if (core.size > 1 && core.data[0] == '-' &&
		 (core.data[1] == '-' || isalpha(core.data[1])))
		macro_print(prose, "Fl", before, span_skip(core, 1), after);
	else if (all_upper(core) && is_name(prose->names, core))
		macro_print(prose, "Ar", before, core, after);
	else
		word_print(prose, word);
}

void mdoc_text(FILE *out, const char *names, const char *text)
{
	struct prose prose = {.out = out, .names = names};
	struct span rest = span_text(text), line, word;

	while (span_line(&rest, &line)) {
		bool empty = !line.size, shown = line.size && line.data[0] == ' ';

		if (empty || shown)
			prose_break(&prose);
		if (empty && rest.size) {
			fputs(".Pp\n", out);
		} else if (shown) {
			fputs(".Dl ", out);
			bytes_print(out, span_trim(line));
			fputc('\n', out);
		}
		while (!shown && word_next(&line, &word))
			prose_word(&prose, word);
	}
	prose_break(&prose);
}

void mdoc_synopsis(FILE *out, const char *synopsis)
{
	struct span rest = span_text(synopsis);
	bool behind_flag = false;

	while (rest.size) {
		size_t size = 0;

		while (size < rest.size && !strchr(" []|", rest.data[size]) &&
		       !span_starts(span_skip(rest, size), "..."))
			size++;
		struct span word = span_head(rest, size);
		bool flag = size > 1 && word.data[0] == '-';
		bool place = size > 0 && (behind_flag || isupper(word.data[0]));

		if (size) {
			fputs(flag ? " Fl " : place ? " Ar " : " Cm ", out);
			bytes_print(out, span_skip(word, flag));
			behind_flag = flag;
			rest = span_skip(rest, size);
		} else if (span_starts(rest, "...")) {
			fputs(" ...", out);
			rest = span_skip(rest, 3);
		} else {
			uint8_t sign = rest.data[0];
			fputs(sign == '['   ? " Oo"
			      : sign == ']' ? " Oc"
			      : sign == '|' ? " |"
					    : "",
			      out);
			behind_flag = behind_flag && sign == ' ';
			rest = span_skip(rest, 1);
		}
	}
}
