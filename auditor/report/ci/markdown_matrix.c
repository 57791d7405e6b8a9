/* SPDX-License-Identifier: ISC */
/* Prints the table of packages by images in the Markdown summary, or a list where there
 * are too many images. */
#include "base/map.h"
#include "base/text.h"
#include "report/ci/markdown.h"
#include "report/ledger/ledger_rows.h"

enum { COLUMNS_MOST = 12, ROWS_WHOLE = 100, IMAGES_MOST = 8 };

struct row {
	const struct ledger_cell *first;
	/* by column; NULL: the plan does not pair the feed with that image */
	const struct ledger_cell **cells;
	bool twin; /* another row has the same name and version, so the file is shown */
};

struct matrix {
	struct strings images; /* the columns */
	struct row *list;
	size_t count, room;
};

static int row_compare(const void *left, const void *right)
{
	return ledger_cell_compare(((const struct row *)left)->first,
				   ((const struct row *)right)->first);
}

static void cell_place(struct arena *arena, struct matrix *matrix, struct map *rows,
		       uint32_t column, const struct ledger_cell *cell)
{
	const char *key = arena_format(arena, "%s\n%s\n%s", cell->name,
				       text_or_empty(cell->version), text_or_empty(cell->file));
	uint32_t next = (uint32_t)matrix->count, place = map_put(rows, arena, key, next);

	if (place == next) {
		struct row *row = array_add(arena, matrix);
		row->first = cell;
		row->cells = arena_get(arena, matrix->images.count * sizeof(struct ledger_cell *));
	}

	const struct ledger_cell **worst = &matrix->list[place].cells[column], *other = *worst;
	if (!other || cell->gate > other->gate ||
	    (cell->gate == other->gate && cell->verdict > other->verdict))
		*worst = cell;
}

static struct matrix matrix_of(struct arena *arena, const struct ledger *ledger)
{
	struct map columns = {0}, rows = {0};
	struct matrix matrix = {.images = ledger_image_names(arena, ledger)};

	for (uint32_t i = 0; i < matrix.images.count; i++)
		map_put(&columns, arena, matrix.images.list[i], i);
	array_each(pair, &ledger->pairs)
		array_each(cell, &pair->cells)
			cell_place(arena, &matrix, &rows, map_get(&columns, pair->image), cell);
	array_sort(&matrix, row_compare);
	for (size_t i = 1; i < matrix.count; i++)
		if (ledger_cell_twin(matrix.list[i - 1].first, matrix.list[i].first))
			matrix.list[i - 1].twin = matrix.list[i].twin = true;
	return matrix;
}

static bool cell_quiet(const struct ledger_cell *cell)
{
	bool fine = cell->verdict == VERDICT_SAFE || cell->verdict == VERDICT_INSTALLED;

	return fine && cell->gate == GATE_PASS && !cell->waived && !cell->known;
}

/* The text of a cell: bold if the gate fails, italic if it warns. */
static const char *cell_words(struct arena *arena, const struct ledger_cell *cell)
{
	static const char *const mark[] = {[GATE_PASS] = "", [GATE_WARN] = "*", [GATE_FAIL] = "**"};
	const char *reason =
		cell->deciding && !cell_quiet(cell)
			? arena_format(arena, " %s",
				       markdown_code(arena, cell->deciding, MARKDOWN_NAME))
			: "";
	const char *proof =
		cell->proof ? arena_format(arena, " (%s)", markdown_plain(arena, cell->proof)) : "";

	return arena_format(arena, "%s%s%s%s%s%s%s", mark[cell->gate], verdict_name[cell->verdict],
			    mark[cell->gate], proof, reason, cell->waived ? ", waived" : "",
			    cell->known ? ", known" : "");
}

static const char *package_words(struct arena *arena, const struct row *row)
{
	const struct ledger_cell *cell = row->first;
	const char *version =
		cell->version ? markdown_code(arena, cell->version, MARKDOWN_NAME) : "";
	const char *file =
		row->twin && cell->file ? markdown_code(arena, cell->file, MARKDOWN_TEXT) : NULL;

	return arena_format(arena, "%s%s%s | %s", markdown_code(arena, cell->name, MARKDOWN_NAME),
			    file ? ", " : "", file ? file : "", version);
}

static void print_head(struct markdown *markdown, const struct strings *images)
{
	const char *names = "", *bars = "";

	array_each(image, images) {
		names = arena_format(markdown->arena, "%s %s |", names,
				     markdown_code(markdown->arena, *image, MARKDOWN_NAME));
		bars = arena_format(markdown->arena, "%s --- |", bars);
	}
	markdown_line(markdown, "| Package | Version |%s", names);
	markdown_line(markdown, "| --- | --- |%s", bars);
}

static bool print_row(struct markdown *markdown, const struct matrix *matrix, const struct row *row)
{
	const char *line =
		arena_format(markdown->arena, "| %s |", package_words(markdown->arena, row));

	for (size_t i = 0; i < matrix->images.count; i++)
		line = arena_format(markdown->arena, "%s %s |", line,
				    row->cells[i] ? cell_words(markdown->arena, row->cells[i])
						  : "");
	return markdown_line(markdown, "%s", line);
}

/* If there are too many images for one column each: prints a row for each different
 * cell text of a package, with the images that have it. */
static bool print_list(struct markdown *markdown, const struct matrix *matrix,
		       const struct row *row)
{
	struct strings said = {0};
	bool fits = true;

	for (size_t i = 0; i < matrix->images.count; i++)
		if (row->cells[i])
			*array_add(markdown->arena, &said) =
				cell_words(markdown->arena, row->cells[i]);
	strings_unique(&said);
	array_each(words, &said) {
		struct strings images = {0};
		for (size_t i = 0; i < matrix->images.count; i++)
			if (row->cells[i] &&
			    strcmp(cell_words(markdown->arena, row->cells[i]), *words) == 0)
				*array_add(markdown->arena, &images) = matrix->images.list[i];
		fits = fits && markdown_line(markdown, "| %s | %s | %s |",
					     package_words(markdown->arena, row), *words,
					     markdown_names(markdown->arena, &images, IMAGES_MOST));
	}
	return fits;
}

void markdown_matrix(struct markdown *markdown)
{
	struct matrix matrix = matrix_of(markdown->arena, markdown->ledger);
	bool wide = matrix.images.count > COLUMNS_MOST;
	size_t quiet = 0, left_out = 0;

	if (!matrix.count)
		return;
	markdown_line(markdown, "\n### Packages\n");
	if (wide)
		markdown_line(
			markdown,
			"| Package | Version | Verdict | Images |\n| --- | --- | --- | --- |");
	else
		print_head(markdown, &matrix.images);
	array_each(row, &matrix) {
		bool loud = matrix.count <= ROWS_WHOLE;

		for (size_t i = 0; i < matrix.images.count; i++)
			loud |= row->cells[i] && !cell_quiet(row->cells[i]);
		if (!loud)
			quiet++;
		else if (left_out || !(wide ? print_list : print_row)(markdown, &matrix, row))
			left_out++;
	}

	size_t keep = markdown->keep;
	markdown->keep = 0;
	if (quiet)
		markdown_line(markdown,
			      "\nOmitted: %zu of %zu packages that are safe or installed %s.",
			      quiet, matrix.count, ledger_everywhere(markdown->ledger, quiet));
	if (left_out)
		markdown_line(markdown,
			      "\nOmitted for lack of space: %zu of %zu packages. The report lists "
			      "them all.",
			      left_out, matrix.count);
	markdown->keep = keep;
}
