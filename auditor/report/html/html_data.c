/* SPDX-License-Identifier: ISC */
/* Prints the data behind the map of packages as one JSON object, from which page.js builds what
 * it shows:
 *
 *   {"rules": {ID: [title, remedy]}, "images": [NAME], "feeds": [NAME], "texts": [TEXT],
 *    "findings": [[rule, level, module, subject, expected, found, image witness,
 *                  package witness, text, settle, passes, more]],
 *    "cells": [[verdict, gate, proof, rule, text, [package], [finding], [note], whole]],
 *    "rows": [[feed, name, version, file, [cell]]]}
 *
 * A text is an index in "texts", -1 for none. Findings and cells are indexes as well; equal ones
 * are written once. The cells of a row are by image, -1 where the package was not judged. WHOLE
 * is 0 if findings were left out because the data would exceed HTML_DETAILS bytes. */
#include "report/html/html.h"

#include "base/quote.h"
#include "base/text.h"

#include <string.h>

struct data {
	struct page *page;
	struct map texts, findings, cells; /* JSON -> index */
	struct strings text_list, finding_list, cell_list; /* JSON, by index */
	size_t size; /* bytes of all lists */
	size_t cut; /* cells without findings */
};

/* TEXT as a JSON string that can stand in a <script>. */
static const char *json_text(struct arena *arena, const char *text, size_t most)
{
	const char *quoted = quote_short(arena, text, most);
	char *json = arena_raw(arena, strlen(quoted) * 6 + 3), *to = json;

	*to++ = '"';
	for (; *quoted; quoted++)
		if (strchr("<>&\"\\'", *quoted))
			to += sprintf(to, "\\u%04x", (unsigned char)*quoted);
		else
			*to++ = *quoted;
	strcpy(to, "\"");
	return json;
}

/* The index of JSON in LIST, to which a copy is added if it is new. */
static uint32_t entry(struct data *data, struct map *map, struct strings *list, const char *json)
{
	struct arena *arena = data->page->arena;
	uint32_t place = map_get(map, json);

	if (place != MAP_NONE)
		return place;
	json = arena_string(arena, span_text(json));
	data->size += strlen(json) + 1;
	*array_add(arena, list) = json;
	return map_put(map, arena, json, (uint32_t)list->count - 1);
}

static long text_at(struct data *data, struct arena *scratch, const char *text, size_t most)
{
	return text ? (long)entry(data, &data->texts, &data->text_list,
				  json_text(scratch, text, most))
		    : -1;
}

/* The indexes of FINDINGS: "0,3". */
static const char *findings_json(struct data *data, struct arena *scratch,
				 const struct ledger_findings *findings)
{
	const char *list = "";

	array_each(from, findings) {
		const struct finding *finding = &from->finding;
		const struct remark passing = {.waiver = from->waiver, .known = finding->known};
		const char *texts[] = {
			finding->module, finding->subject,    finding->expected,
			finding->found,	 finding->witness[0], finding->witness[1],
			finding->text,	 finding->settle,     remark_passes(scratch, &passing)};
		const char *json = arena_format(scratch, "[%ld,%d",
						text_at(data, scratch, finding->id, HTML_NAME),
						(int)from->level);

		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			json = arena_format(scratch, "%s,%ld", json,
					    text_at(data, scratch, texts[i], HTML_TEXT));
		json = arena_format(scratch, "%s,%zu]", json, finding->more);
		list = arena_format(scratch, "%s%s%ld", list, *list ? "," : "",
				    (long)entry(data, &data->findings, &data->finding_list, json));
	}
	return list;
}

static long cell_at(struct data *data, struct arena *scratch, const struct ledger_cell *cell)
{
	bool whole = data->size < HTML_DETAILS;
	const char *needs = "", *found = "", *notes = "";

	if (whole) {
		array_each(name, &cell->needs)
			needs = arena_format(scratch, "%s%s%ld", needs, *needs ? "," : "",
					     text_at(data, scratch, *name, HTML_NAME));
		found = findings_json(data, scratch, &cell->findings);
		notes = findings_json(data, scratch, &cell->notes);
	} else {
		data->cut++;
	}
	/* one after the other: each may add a text */
	long proof = text_at(data, scratch, cell->proof, HTML_NAME);
	long rule = text_at(data, scratch, cell->deciding, HTML_NAME);
	long text = whole ? text_at(data, scratch, cell->deciding_text, HTML_TEXT) : -1;

	return entry(data, &data->cells, &data->cell_list,
		     arena_format(scratch, "[%d,%d,%ld,%ld,%ld,[%s],[%s],[%s],%d]",
				  (int)cell->verdict, (int)cell->gate, proof, rule, text, needs,
				  found, notes, (int)whole));
}

/* Prints the rows to OUT, about HTML_ROWS bytes at most, with names of the same size.
 * Returns how many. */
static size_t rows_put(struct data *data, FILE *out, const struct map *columns,
		       const struct map *feeds)
{
	struct arena scratch _cleanup_arena_ = {0};
	size_t shown = 0, images = data->page->images.count;

	array_each(at, &data->page->rows) {
		const struct ledger_row *row = at->row;

		if (ftell(out) > HTML_ROWS || data->size > HTML_DETAILS + HTML_ROWS)
			break;
		const char *texts[] = {row->first->name, row->first->version, row->first->file};
		long *cells = arena_get(&scratch, (images + 1) * sizeof *cells); /* by image */

		fprintf(out, "%s[%u", shown++ ? ",\n" : "", map_get(feeds, row->feed));
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			fprintf(out, ",%ld", text_at(data, &scratch, texts[i], HTML_NAME));
		fputs(",[", out);
		for (size_t i = 0; i < images; i++)
			cells[i] = -1;
		for (size_t i = 0; i < row->count; i++)
			cells[map_get(columns, row->list[i].pair->image)] =
				cell_at(data, &scratch, row->list[i].cell);
		for (size_t i = 0; i < images; i++)
			fprintf(out, "%s%ld", i ? "," : "", cells[i]);
		fputs("]]", out);
		arena_reset(&scratch);
	}
	return shown;
}

static void list_put(struct page *page, const char *key, const struct strings *list)
{
	html_put(page, ",\n\"%s\":[", key);
	array_each(json, list)
		html_put(page, "%s%s", json == list->list ? "" : ",\n", *json);
	html_put(page, "]");
}

/* Prints NAMES and puts the place of each into PLACES. */
static void names_put(struct page *page, const char *key, const struct strings *names,
		      struct map *places)
{
	struct strings list = {0};

	array_each(name, names) {
		map_put(places, page->arena, *name, (uint32_t)(name - names->list));
		*array_add(page->arena, &list) = json_text(page->arena, *name, HTML_NAME);
	}
	list_put(page, key, &list);
}

static const char *omitted(const struct data *data, size_t shown)
{
	struct arena *arena = data->page->arena;
	size_t rows = data->page->rows.count - shown;
	const char *words = NULL;

	if (data->cut)
		words = arena_format(arena,
				     "Omitted for lack of space: the findings of %zu results, of "
				     "the best ones.",
				     data->cut);
	if (rows)
		words = arena_format(arena, "%s%sOmitted for lack of space: %zu of %zu packages.",
				     text_or_empty(words), words ? " " : "", rows,
				     data->page->rows.count);
	return words ? arena_format(arena, "%s The report in YAML has them all.", words) : NULL;
}

const char *html_data(struct page *page)
{
	struct data data = {.page = page};
	struct map columns = {0}, feeds = {0};
	struct strings feed_names = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *rows = open_memstream(&text, &size);

	html_put(page, "{\"rules\":{");
	array_each(rule, page->ledger->rules)
		html_put(page, "%s%s:[%s,%s]", rule == page->ledger->rules->list ? "" : ",\n",
			 json_text(page->arena, rule->id, HTML_NAME),
			 json_text(page->arena, text_or_empty(rule->title), HTML_TEXT),
			 json_text(page->arena, text_or_empty(rule->remedy), HTML_TEXT));
	html_put(page, "}");
	array_each(pair, &page->ledger->pairs)
		*array_add(page->arena, &feed_names) = pair->feed;
	strings_unique(&feed_names);
	names_put(page, "images", &page->images, &columns);
	names_put(page, "feeds", &feed_names, &feeds);
	size_t shown = rows ? rows_put(&data, rows, &columns, &feeds) : 0;
	list_put(page, "texts", &data.text_list);
	list_put(page, "findings", &data.finding_list);
	list_put(page, "cells", &data.cell_list);
	html_put(page, ",\n\"rows\":[");
	if (rows && fclose(rows) == 0)
		html_put(page, "%s", text);
	html_put(page, "]}");
	free(text);
	return omitted(&data, shown);
}
