/* SPDX-License-Identifier: ISC */
/* Prints a ledger as one HTML page that needs no network: text that can be read without
 * scripts, the data of all packages, and the script that shows and filters them. */
#include "report/html/html.h"

#include "base/digest.h"
#include "base/embed.h"
#include "base/verify.h"
#include "report/report.h"

#include <string.h>

static struct span asset(const char *name)
{
	for (const struct embedded *file = embedded_page; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return span_from(file->bytes, file->size);
	return span_from("", 0);
}

/* The hash by which the content security policy admits an inline style or script. */
static const char *admitted(struct arena *arena, const char *name)
{
	struct sha256 digest = sha256_of(asset(name));

	return base64_encode(arena, span_from(digest.bytes, sizeof digest.bytes));
}

static void asset_put(struct page *page, const char *name)
{
	struct span bytes = asset(name);

	page->size += fwrite(bytes.data, 1, bytes.size, page->out);
}

void html_head(struct page *page, const char *headline)
{
	html_put(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	html_put(page,
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; "
		 "form-action 'none'\">\n",
		 admitted(page->arena, "page.css"), admitted(page->arena, "page.js"));
	html_put(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"color-scheme\" content=\"light dark\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<meta name=\"generator\" content=\"kmodaudit " KMODAUDIT_VERSION "\">\n");
	html_put(page, "<title>%s</title>\n<style>", html_text(page, headline));
	asset_put(page, "page.css");
	html_put(page, "</style>\n</head>\n");
}

static int row_order(const void *left, const void *right)
{
	const struct html_row *a = left, *b = right;

	if (a->gate != b->gate)
		return a->gate > b->gate ? -1 : 1;
	if (a->verdict != b->verdict)
		return a->verdict > b->verdict ? -1 : 1;
	if (a->bad != b->bad)
		return a->bad > b->bad ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static struct html_rows rows_of(struct arena *arena, const struct ledger *ledger)
{
	struct ledger_rows all = ledger_rows(arena, ledger);
	struct html_rows rows = {0};

	array_each(row, &all) {
		struct html_row *to = array_add(arena, &rows);

		to->row = row;
		for (size_t i = 0; i < row->count; i++) {
			const struct ledger_cell *cell = row->list[i].cell;

			to->gate = cell->gate > to->gate ? cell->gate : to->gate;
			to->bad = cell->verdict > to->verdict ? 0 : to->bad;
			to->verdict = cell->verdict > to->verdict ? cell->verdict : to->verdict;
			to->bad += cell->verdict == to->verdict;
		}
	}
	array_sort(&rows, row_order);
	return rows;
}

bool html_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct page page = {.out = out,
			    .arena = &arena,
			    .ledger = ledger,
			    .images = ledger_image_names(&arena, ledger),
			    .rows = rows_of(&arena, ledger),
			    .remarks = remarks_of(&arena, ledger)};

	(void)style;
	html_head(&page, ledger_headline(&arena, ledger));
	html_put(&page, "<body>\n<a class=\"skip\" href=\"#packages\">Skip to the packages</a>\n");
	html_answer(&page);
	html_put(&page, "<main>\n");
	html_causes(&page);
	html_packages(&page);
	html_charts(&page);
	html_images(&page);
	html_options(&page);
	html_symbols(&page);
	html_waivers(&page);
	html_rules(&page);
	html_put(&page, "</main>\n<script type=\"application/json\" id=\"data\">");

	const char *omitted = html_data(&page);

	html_put(&page,
		 "</script>\n<footer><p>Written by kmodaudit " KMODAUDIT_VERSION
		 ". The page loads nothing: all it shows is in this file.%s%s</p></footer>\n",
		 omitted ? " " : "", omitted ? omitted : "");
	html_put(&page, "<script>");
	asset_put(&page, "page.js");
	html_put(&page, "</script>\n</body>\n</html>\n");
	return report_end(out, error);
}
