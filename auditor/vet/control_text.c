/* SPDX-License-Identifier: ISC */
/* Changes Version and Depends of a control file and adds the fields X-Kmodaudit-*. All
 * other bytes stay as they are. */
#include "vet/control_text.h"

#include "base/array.h"
#include "facts/package/package.h"

#include <string.h>

/* A line with its "\n". NAME is empty if the line continues the previous field. */
struct row {
	struct span line, name, value; /* the value without blanks at its ends */
};

struct rows {
	struct row *list;
	size_t count, room;
};

struct pieces {
	struct span *list;
	size_t count, room;
};

/* The state of control_rewrite(). */
struct rewriting {
	struct arena *arena;
	struct rows rows;
	struct pieces out;
	const struct control_wish *wish;
	struct span version, depends; /* as before the first vetting */
	const char *new_depends; /* NULL: it has none */
};

static void put(struct arena *arena, struct pieces *pieces, struct span span)
{
	if (span.size > 0)
		*array_add(arena, pieces) = span;
}

static struct span joined(struct arena *arena, const struct pieces *pieces)
{
	size_t size = 0, at = 0;

	array_each(piece, pieces)
		size += piece->size;
	uint8_t *bytes = arena_raw(arena, size + 1);
	array_each(piece, pieces) {
		memcpy(bytes + at, piece->data, piece->size);
		at += piece->size;
	}
	bytes[size] = '\0';
	return span_from(bytes, size);
}

static bool span_begins(struct span name, const char *text)
{
	return span_is_nocase(span_head(name, strlen(text)), text);
}

static bool is_ours(struct span name)
{
	return span_begins(name, VETTED_FIELDS);
}

static struct span line_cut(struct span *rest)
{
	size_t end = span_find(*rest, 0, SPAN_OF("\n"));
	struct span line = span_head(*rest, end == SIZE_MAX ? rest->size : end + 1);

	*rest = span_skip(*rest, line.size);
	return line;
}

static struct span blank_lines_cut(struct span text)
{
	while (text.size > 0 && text.data[text.size - 1] == '\n' &&
	       (text.size == 1 || text.data[text.size - 2] == '\n'))
		text.size--;
	return text;
}

/* A blank line ends the stanza: text behind it would be another package. */
static bool rows_read(struct arena *arena, struct span text, struct rows *ret, struct error *error)
{
	struct span rest = blank_lines_cut(text), behind;

	for (size_t number = 1; rest.size > 0; number++) {
		struct span line = line_cut(&rest);
		struct row row = {.line = line};
		bool continues = number > 1 && (line.data[0] == ' ' || line.data[0] == '\t');

		if (memchr(line.data, 0, line.size))
			return fail(error, "line %zu of control has a zero byte", number);
		if (!continues) {
			bool field = span_split(line, ':', &row.name, &behind) && row.name.size > 0;

			for (size_t i = 0; field && i < row.name.size; i++)
				field = row.name.data[i] > ' ' && row.name.data[i] <= '~';
			if (!field)
				return fail(error, "line %zu of control is not a field", number);
			row.value = span_trim(behind);
		}
		*array_add(arena, ret) = row;
	}
	return ret->count > 0 || fail(error, "control is empty");
}

static const struct row *row_named(const struct rows *rows, const char *name)
{
	return array_find(row, rows, span_is_nocase(row->name, name));
}

static bool row_continues(const struct rows *rows, const struct row *row)
{
	return row + 1 < rows->list + rows->count && row[1].name.size == 0;
}

/* Fields that decide what opkg does must occur once, on one line. Fields that only an
 * index has are refused: vet writes them. opkg compares only the beginning of a field's
 * name (libopkg/parse_util.c, is_field). */
static bool rows_plain(const struct rows *rows, struct error *error)
{
	static const char *const once[] = {"Package", "Version", "Architecture", "Depends",
					   "Pre-Depends"};
	static const char *const never[] = {"Filename", "Size", "MD5Sum", "SHA256sum"};

	array_each(row, rows) {
		for (size_t i = 0; i < sizeof never / sizeof *never; i++)
			if (span_begins(row->name, never[i]))
				return fail(error, "control has %s, which only an index may have",
					    never[i]);
		for (size_t i = 0; i < sizeof once / sizeof *once; i++)
			if (span_begins(row->name, once[i]) && !span_is_nocase(row->name, once[i]))
				return fail(error, "opkg takes the field %.*s for %s",
					    (int)row->name.size, (const char *)row->name.data,
					    once[i]);
		for (size_t i = 0; i < sizeof once / sizeof *once; i++)
			if (span_is_nocase(row->name, once[i]) &&
			    (row_named(rows, once[i]) != row || row_continues(rows, row)))
				return fail(error, "%s occurs twice or has several lines", once[i]);
		if (is_ours(row->name) && row_continues(rows, row))
			return fail(error, "%.*s has several lines", (int)row->name.size,
				    (const char *)row->name.data);
	}
	for (size_t i = 0; i < 3; i++)
		if (!row_named(rows, once[i]) || row_named(rows, once[i])->value.size == 0)
			return fail(error, "control has no %s", once[i]);
	return true;
}

/* PIECE: "name (= 1)". Asks for the new version and copies everything else. */
static void alternative_put(struct rewriting *rewriting, struct span piece, bool alone,
			    struct pieces *out)
{
	const struct control_wish *wish = rewriting->wish;
	struct formulas formulas = formulas_read(rewriting->arena, piece);
	const struct dependency *one =
		formulas.count == 1 && formulas.list[0].count == 1 ? formulas.list[0].list : NULL;
	size_t open = span_find(piece, 0, SPAN_OF("("));
	const char *version = NULL;

	if (one && one->relation != RELATION_ANY && open != SIZE_MAX)
		version = wish->version(wish->context, one, alone);

	size_t at = SIZE_MAX;

	if (version && *one->version) {
		at = span_find(piece, open, span_text(one->version));
	} else if (version) {
		/* the empty version of "(=)" is behind the operator */
		at = open + 1;
		while (at < piece.size && memchr("<=>", piece.data[at], 3))
			at++;
	}
	if (at == SIZE_MAX) {
		put(rewriting->arena, out, piece);
		return;
	}
	put(rewriting->arena, out, span_head(piece, at));
	if (!*one->version)
		put(rewriting->arena, out, SPAN_OF(" "));
	put(rewriting->arena, out, span_text(version));
	put(rewriting->arena, out, span_skip(piece, at + strlen(one->version)));
}

/* Reads up to the next SEPARATOR; false at the end, which REST without data is. Behind a
 * SEPARATOR at the end is an empty piece. */
static bool piece_cut(struct span *rest, char separator, struct span *piece)
{
	if (!rest->data)
		return false;
	if (span_split(*rest, separator, piece, rest)) {
		rest->data = rest->data ? rest->data : (const uint8_t *)"";
	} else {
		*piece = *rest;
		*rest = (struct span){0};
	}
	return true;
}

static const char *depends_rewrite(struct rewriting *rewriting)
{
	struct pieces out = {0};
	struct span rest = rewriting->depends, formula, alternative;

	for (bool first = true; piece_cut(&rest, ',', &formula); first = false) {
		bool alone = !memchr(formula.data, '|', formula.size);

		if (!first)
			put(rewriting->arena, &out, SPAN_OF(","));
		for (bool begin = true; piece_cut(&formula, '|', &alternative); begin = false) {
			if (!begin)
				put(rewriting->arena, &out, SPAN_OF("|"));
			alternative_put(rewriting, alternative, alone, &out);
		}
	}
	return (const char *)joined(rewriting->arena, &out).data;
}

/* The line of ROW with its value replaced by VALUE. */
static void value_put(struct rewriting *rewriting, const struct row *row, struct span value)
{
	size_t front = (size_t)(row->value.data - row->line.data);

	put(rewriting->arena, &rewriting->out, span_head(row->line, front));
	put(rewriting->arena, &rewriting->out, value);
	put(rewriting->arena, &rewriting->out, span_skip(row->line, front + row->value.size));
}

static const char *field_line(struct arena *arena, const char *name, struct span value)
{
	return arena_format(arena, VETTED_FIELDS "%s: %.*s\n", name, (int)value.size,
			    (const char *)value.data);
}

static const char *fields_text(struct rewriting *rewriting)
{
	struct arena *arena = rewriting->arena;
	const struct row *source = row_named(&rewriting->rows, VETTED_FIELDS "Source");
	struct span depends = rewriting->depends;
	const char *text = field_line(arena, "Version", rewriting->version);

	if (rewriting->new_depends && !span_is(depends, rewriting->new_depends))
		text = arena_format(arena, "%s%s", text, field_line(arena, "Depends", depends));
	return arena_format(arena, "%s%s%s%s", text,
			    field_line(arena, "Source",
				       source ? source->value : span_text(rewriting->wish->source)),
			    field_line(arena, "Proof", span_text(rewriting->wish->proof)),
			    field_line(arena, "Report", span_text(rewriting->wish->report)));
}

/* Pre-Depends is not rewritten, so a kernel pin in it would keep the package from being
	 * installed. */
static bool begin(struct rewriting *rewriting, struct error *error)
{
	const struct rows *rows = &rewriting->rows;
	const struct row *version = row_named(rows, VETTED_FIELDS "Version");
	const struct row *depends = row_named(rows, VETTED_FIELDS "Depends");
	const struct row *before = row_named(rows, "Pre-Depends");
	struct package first = {0};

	if (before)
		first.depends = formulas_read(rewriting->arena, before->value);
	if (package_names_kernel(&first))
		return fail(error, "Pre-Depends names the kernel's version");
	if (!version)
		version = row_named(rows, "Version");
	if (!depends)
		depends = row_named(rows, "Depends");
	rewriting->version = version->value;
	if (depends && depends->value.size > 0) {
		rewriting->depends = depends->value;
		rewriting->new_depends = depends_rewrite(rewriting);
	}
	return true;
}

bool control_rewrite(struct arena *arena, struct span text, const struct control_wish *wish,
		     struct span *ret, struct error *error)
{
	struct rewriting rewriting = {.arena = arena, .wish = wish};
	bool added = false;

	if (!rows_read(arena, text, &rewriting.rows, error) ||
	    !rows_plain(&rewriting.rows, error) || !begin(&rewriting, error))
		return false;

	const char *fields = fields_text(&rewriting);
	array_each(row, &rewriting.rows) {
		bool described = span_is_nocase(row->name, "Description");

		if (is_ours(row->name))
			continue;
		if (described && !added)
			put(arena, &rewriting.out, span_text(fields));
		added |= described;
		if (span_is_nocase(row->name, "Version"))
			value_put(&rewriting, row,
				  span_text(arena_format(
					  arena, "%.*s%s", (int)rewriting.version.size,
					  (const char *)rewriting.version.data, wish->mark)));
		else if (span_is_nocase(row->name, "Depends") && rewriting.new_depends)
			value_put(&rewriting, row, span_text(rewriting.new_depends));
		else
			put(arena, &rewriting.out, row->line);
		if (row->line.data[row->line.size - 1] != '\n')
			put(arena, &rewriting.out, SPAN_OF("\n"));
	}
	if (!added)
		put(arena, &rewriting.out, span_text(fields));
	*ret = joined(arena, &rewriting.out);
	return true;
}

struct span control_insert(struct arena *arena, struct span text, const char *block)
{
	struct span rest = blank_lines_cut(text);
	struct pieces out = {0};
	bool added = false;

	while (rest.size > 0) {
		struct span line = line_cut(&rest), name, behind;

		if (!added && span_split(line, ':', &name, &behind) &&
		    span_is_nocase(name, "Description")) {
			put(arena, &out, span_text(block));
			added = true;
		}
		put(arena, &out, line);
	}
	if (!added)
		put(arena, &out, span_text(block));
	return joined(arena, &out);
}
