/* SPDX-License-Identifier: ISC */
/* Prints a ledger as text for a terminal: the matrix of packages by images. */
#include "report/text/ledger_text.h"

#include "report/ledger/ledger_rows.h"
#include "report/write/wrap.h"

enum { COLUMN = 10, COLUMN_LAST = 9, NAME_MOST = 44, NAME_LEAST = 20 };

void matrix_painted(const struct matrix *matrix, enum paint paint, const char *words)
{
	paint_print(matrix->out, matrix->style->color, paint, words);
}

enum paint gate_paint(enum gate gate)
{
	static const enum paint paints[GATE_COUNT] = {PAINT_GREEN, PAINT_YELLOW, PAINT_RED};

	return paints[gate];
}

static const char *shown(const struct matrix *matrix, const char *text)
{
	return quote(matrix->arena, text ? text : "");
}

/* A part of the matrix: the images FROM to TO, beside names of NAME columns. */
struct table {
	size_t name, from, to;
};

static const char *row_name(const struct matrix *matrix, const struct ledger_row *row)
{
	const char *version = row->first->version;

	return shown(matrix,
		     version ? arena_format(matrix->arena, "%s %s", row->first->name, version)
			     : row->first->name);
}

/* Both the cells and the images are in the plan's order. */
static void print_row(const struct matrix *matrix, const struct table *table,
		      const struct ledger_row *row)
{
	const struct strings *images = &matrix->ledger->images;
	const char *name = row_name(matrix, row);

	fprintf(matrix->out, "  %-*s", (int)table->name, name);
	if (strlen(name) >= table->name)
		fprintf(matrix->out, "\n  %*s", (int)table->name, "");
	for (size_t place = 0, next = 0; place < table->to; place++) {
		bool has = next < row->count &&
			   strcmp(row->list[next].pair->image, images->list[place]) == 0;
		const struct ledger_cell *cell = has ? row->list[next++].cell : NULL;
		const char *excuse = cell ? ledger_excuse(cell) : NULL;
		const char *word = excuse ? excuse : cell ? verdict_name[cell->verdict] : "-";

		if (place < table->from)
			continue;
		matrix_painted(matrix, cell ? gate_paint(cell->gate) : PAINT_NONE, word);
		if (place + 1 < table->to)
			fprintf(matrix->out, "%*s", COLUMN - (int)strlen(word), "");
	}
	fputc('\n', matrix->out);
}

/* The number of images that fit beside names of NAME columns. */
static size_t images_fit(const struct matrix *matrix, size_t name)
{
	size_t used = MARGIN + name + COLUMN_LAST;

	return used > matrix->columns ? 1 : 1 + (matrix->columns - used) / COLUMN;
}

/* Rows of packages that are safe or installed on all images are shown only with -v. */
static bool row_shown(const struct matrix *matrix, const struct ledger_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->list[i].cell->verdict > VERDICT_SAFE)
			return true;
	return matrix->style->verbose;
}

/* The width of the column of names: NAME_MOST if all images fit beside it, else that of
 * the longest name, but leaving room for at least one image. */
static size_t name_width(const struct matrix *matrix, const struct ledger_rows *rows)
{
	size_t width = NAME_LEAST, most = matrix->columns - MARGIN - COLUMN_LAST;

	if (images_fit(matrix, NAME_MOST) >= matrix->ledger->images.count &&
	    MARGIN + NAME_MOST + COLUMN_LAST <= matrix->columns)
		return NAME_MOST;
	array_each(row, rows) {
		size_t size = row_shown(matrix, row) ? strlen(row_name(matrix, row)) + MARGIN : 0;

		width = size > width ? size : width;
	}
	width = width < NAME_MOST ? width : NAME_MOST;
	return width < most ? width : most;
}

/* True if some row has a cell in TABLE, because its feed was paired with one
 * of the images. */
static bool table_filled(const struct matrix *matrix, const struct table *table,
			 const struct ledger_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; row_shown(matrix, &rows[i]) && j < rows[i].count; j++)
			for (size_t place = table->from; place < table->to; place++)
				if (strcmp(rows[i].list[j].pair->image,
					   matrix->ledger->images.list[place]) == 0)
					return true;
	return false;
}

/* Prints the rows of one feed, in several tables below each other if the
 * width requires it. */
static void print_feed(const struct matrix *matrix, const struct ledger_row *rows, size_t count,
		       size_t name)
{
	size_t images = matrix->ledger->images.count, across = images_fit(matrix, name);
	const char *title = arena_format(matrix->arena, "feed %s", shown(matrix, rows->feed));

	for (size_t from = 0; from < images; from += across) {
		struct table table = {name, from, from + across < images ? from + across : images};

		if (!table_filled(matrix, &table, rows, count))
			continue;
		fprintf(matrix->out, "\n%-*s", (int)name + MARGIN, title);
		if (strlen(title) >= name + MARGIN)
			fprintf(matrix->out, "\n%*s", (int)name + MARGIN, "");
		for (size_t place = from; place < table.to; place++)
			fprintf(matrix->out, "%-*zu", place + 1 < table.to ? COLUMN : 1, place + 1);
		fputc('\n', matrix->out);
		for (size_t i = 0; i < count; i++)
			if (row_shown(matrix, &rows[i]))
				print_row(matrix, &table, &rows[i]);
	}
}

static void print_matrix(const struct matrix *matrix)
{
	struct ledger_rows rows = ledger_rows(matrix->arena, matrix->ledger);
	size_t hidden = 0, name = name_width(matrix, &rows), end;

	for (size_t i = 0; i < rows.count; i = end) {
		for (end = i;
		     end < rows.count && strcmp(rows.list[i].feed, rows.list[end].feed) == 0; end++)
			hidden += !row_shown(matrix, &rows.list[end]);
		print_feed(matrix, &rows.list[i], end - i, name);
	}
	if (!hidden)
		return;
	fputc('\n', matrix->out);
	wrap_print(matrix->out, matrix->columns, "", "",
		   arena_format(matrix->arena,
				hidden == 1
					? "%zu package that is safe or installed %s: -v shows it"
					: "%zu packages that are safe or installed %s: -v "
					  "shows them",
				hidden, ledger_everywhere(matrix->ledger, hidden)));
}

bool ledger_text_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		       struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct matrix matrix = {out, &arena, ledger, style, wrap_width(out)};
	size_t reasons;

	const char *lines = wrap_at(matrix.arena, matrix.columns, "", "  ",
				    ledger_headline(matrix.arena, matrix.ledger));

	matrix_painted(&matrix, gate_paint(matrix.ledger->gate),
		       arena_format(matrix.arena, "%.*s", (int)strlen(lines) - 1, lines));
	fputc('\n', matrix.out);
	fputs("\nimages\n", out);
	array_each(image, &ledger->images)
		wrap_print(
			out, matrix.columns,
			arena_format(&arena, "  %zu  ", (size_t)(image - ledger->images.list) + 1),
			"     ", shown(&matrix, *image));
	print_matrix(&matrix);
	reasons = matrix_reasons(&matrix);
	matrix_beside(&matrix);
	if (ledger->gate != GATE_PASS && reasons && !style->verbose)
		wrap_print(out, matrix.columns, "\nall about one package: ", "  ",
			   "kmodaudit explain IMAGE FEED... PACKAGE");
	return report_end(out, error);
}
