/* SPDX-License-Identifier: ISC */
/* Parses the text form of sets and parts.
 *
 *   # a comment
 *   release 24.10.1 after 24.10.0  or: release lede-2020-03 by coolsnowwolf/lede
 *   -CONFIG_X=y                    what most targets lost and gained
 *   +CONFIG_Z=m
 *   target ath79/generic kernel 6.6.86 hash HASH lines 2078 confirmed package
 *   target ath79/tiny kernel 6.6.86 hash HASH lines 1700 confirmed none like ath79/generic
 *   -CONFIG_Y=m
 *
 * and
 *
 *   parts 24.10.8
 *   kmod TAB name TAB feed TAB lines TAB depends
 *   option TAB name TAB line TAB prompt TAB official TAB plain TAB defaults TAB depends TAB
 *       selects
 *   own all
 *   +CONFIG_X=y
 *   own ath79/generic
 *   own ath79/nand like ath79/generic
 *   -CONFIG_X=y
 *
 * and in the same way "options KEY", "selected KEY". docs/abi-database.md */
#include "facts/abi/abi_source.h"

#include "base/text.h"

#include <string.h>

static const char *const kind_words[] = {"target", "own", "options", "selected"};
enum { KINDS = sizeof kind_words / sizeof *kind_words };

struct reading {
	struct arena *arena;
	struct abi_source *source;
	const char *name;
	size_t line;
	struct error *error;
};

static bool wrong(const struct reading *reading, const char *what)
{
	return fail(reading->error, "%s: line %zu: %s", reading->name, reading->line, what);
}

static const char *word_next(struct arena *arena, struct span *rest)
{
	struct span word;

	return span_token(rest, &word) ? arena_string(arena, word) : NULL;
}

static struct abi_file *file_last(const struct reading *reading)
{
	struct abi_source *source = reading->source;

	return source->files.count ? &source->files.list[source->files.count - 1] : NULL;
}

/* Parses "release R", then "after R" or "by MAKER" or both; "parts R". */
static bool file_begin(const struct reading *reading, struct span rest, bool parts)
{
	const char *release = word_next(reading->arena, &rest), *word, *value;
	struct abi_file *file;

	if (!release)
		return wrong(reading, "the name of a release is missing");
	file = array_add(reading->arena, &reading->source->files);
	file->name = reading->name;
	file->release = release;
	file->parts = parts;
	file->origin = reading->source->origin;
	while ((word = word_next(reading->arena, &rest))) {
		value = word_next(reading->arena, &rest);
		if (value && !parts && strcmp(word, "after") == 0)
			file->after = value;
		else if (value && strcmp(word, "by") == 0)
			file->origin = value;
		else
			return wrong(reading, "expected \"after RELEASE\" or \"by MAKER\"");
	}
	return true;
}

/* Parses any of "kernel K hash H lines N confirmed C like KEY", in any order. */
static bool record_words(const struct reading *reading, struct span rest, struct abi_record *record)
{
	for (const char *word; (word = word_next(reading->arena, &rest));) {
		const char *value = word_next(reading->arena, &rest);
		uint64_t number;

		if (!value)
			return wrong(reading, "a word without a value");
		if (strcmp(word, "like") == 0)
			record->like = value;
		else if (strcmp(word, "kernel") == 0)
			record->build.kernel = strcmp(value, "-") == 0 ? "" : value;
		else if (strcmp(word, "hash") == 0)
			record->build.hash = value;
		else if (strcmp(word, "confirmed") == 0)
			record->build.confirmed = value;
		else if (strcmp(word, "lines") != 0 || !span_number(span_text(value), 10, &number))
			return wrong(reading, "an unknown word, or a value that is no number");
		else
			record->build.lines = number;
	}
	return true;
}

static bool record_begin(const struct reading *reading, struct span rest, enum abi_kind kind)
{
	struct abi_file *file = file_last(reading);
	const char *key = word_next(reading->arena, &rest);
	struct abi_record *record;
	size_t target;

	if (!file || file->parts != (kind != ABI_SET))
		return wrong(reading, "this record does not belong into this file");
	if (!key)
		return wrong(reading, "a record without a name");
	target = strcspn(key, ".");
	record = array_add(reading->arena, &file->records);
	record->kind = kind;
	record->key = key;
	record->line = reading->line;
	record->build = (struct abi_build){
		.release = file->release,
		.target = arena_string(reading->arena, span_from(key, target)),
		.kernel = "",
		.hash = "",
		.confirmed = "none",
		.variant = key[target] ? key + target + 1 : "",
		.origin = file->origin,
	};
	return record_words(reading, rest, record);
}

/* Adds the line at TEXT, which ends with a NUL, to the changes of the last record, or
 * of the file if it has no record yet. */
static bool change_add(const struct reading *reading, const char *text)
{
	struct abi_file *file = file_last(reading);
	struct span *changes;

	if (!file)
		return wrong(reading, "a change before the release that it belongs to");
	changes = file->records.count ? &file->records.list[file->records.count - 1].changes
				      : &file->changes;
	if (!changes->data)
		*changes = span_from(text, 0);
	if ((const char *)changes->data + changes->size != text)
		return wrong(reading, "a change apart from those of its record");
	changes->size += strlen(text) + 1;
	return true;
}

/* Parses the line at TEXT, which ends with a NUL. */
static bool line_read(const struct reading *reading, const char *text)
{
	struct span rest = span_text(text), word;

	if (*text == '-' || *text == '+')
		return change_add(reading, text);
	if (strncmp(text, "kmod\t", 5) == 0 || strncmp(text, "option\t", 7) == 0) {
		struct abi_file *file = file_last(reading);

		if (!file || !file->parts)
			return wrong(reading, "a row that does not belong into this file");
		*array_add(reading->arena, *text == 'k' ? &file->kmods : &file->options) =
			strchr(text, '\t') + 1;
		return true;
	}
	if (!*text || *text == '#' || !span_token(&rest, &word))
		return true;
	if (span_is(word, "release") || span_is(word, "parts"))
		return file_begin(reading, rest, span_is(word, "parts"));
	for (unsigned kind = 0; kind < KINDS; kind++)
		if (span_is(word, kind_words[kind]))
			return record_begin(reading, rest, (enum abi_kind)kind);
	return wrong(reading, "expected release, parts, target, own, options, selected, or a "
			      "line that begins with - or +");
}

bool abi_source_add(struct arena *arena, const char *name, struct span text,
		    struct abi_source *source, struct error *error)
{
	struct reading reading = {arena, source, name, 0, error};
	char *copy = arena_chars(arena, text), *end;

	if (memchr(text.data, '\0', text.size))
		return fail(error, "%s: a NUL in a text file", name);
	for (char *line = copy; *line; line = end + 1) {
		reading.line++;
		end = strchr(line, '\n');
		if (!end)
			return wrong(&reading, "the line has no end");
		*end = '\0';
		if (!line_read(&reading, line))
			return false;
	}
	return true;
}

/* Splits ROW into its cells; those that it does not have are "". */
static void row_cells(struct arena *arena, const char *row, const char **cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = strcspn(row, "\t");

		cells[i] = arena_string(arena, span_from(row, size));
		row += size + (row[size] == '\t');
	}
}

static struct strings words_of(struct arena *arena, const char *text)
{
	struct span rest = span_text(text);
	struct strings words = {.list = NULL};

	for (const char *word; (word = word_next(arena, &rest));)
		*array_add(arena, &words) = word;
	return words;
}

void abi_file_tables(struct arena *arena, const struct abi_file *file, struct abi_parts *ret)
{
	array_each(row, &file->kmods) {
		const char *cells[4];

		row_cells(arena, *row, cells, 4);
		*array_add(arena, &ret->kmods) = (struct abi_kmod){
			cells[0], cells[1], words_of(arena, cells[2]), words_of(arena, cells[3])};
	}
	array_each(row, &file->options) {
		const char *cells[8];

		row_cells(arena, *row, cells, 8);
		*array_add(arena, &ret->menu) = (struct abi_option){
			cells[0], cells[1], strcmp(cells[2], "prompt") == 0,
			cells[3], cells[4], cells[5],
			cells[6], cells[7],
		};
	}
}
