/* SPDX-License-Identifier: ISC */
/* Prints the packages for a reader without scripts: the worst ones, each with its
 * findings. With scripts, page.js shows all of them from the data in their place. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { ROWS_MOST = 200, GROUPS_MOST = 5, FINDINGS_MOST = 6, IMAGES_MOST = 12 };

static void value(struct page *page, const char *label, const char *text, const char *witness)
{
	html_put(page, "<div><dt>%s</dt><dd>", label);
	if (text)
		html_put(page, "<code>%s</code>", html_text(page, text));
	if (witness)
		html_put(page, "<small>%s</small>", html_text(page, witness));
	html_put(page, "</dd></div>");
}

static void finding(struct page *page, const struct ledger_finding *one)
{
	const struct finding *said = &one->finding;

	html_put(page, "<li class=\"%s\">", level_name[one->level]);
	if (said->module)
		html_put(page, "<p>Module <code>%s</code>:</p>", html_name(page, said->module));
	html_reason(page, said->text);
	html_put(page, "<p>%s</p>", html_rule(page, said->id));
	if (said->expected || said->found || said->witness[0] || said->witness[1]) {
		html_put(page, "<dl class=\"sides\">");
		value(page, "Expected", said->expected, said->witness[0]);
		value(page, "Found", said->found, said->witness[1]);
		html_put(page, "</dl>");
	}
	if (said->more)
		html_put(page, "<p>and %zu more of this kind</p>", said->more);
	if (said->settle)
		html_put(page, "<p class=\"do\"><b>To settle it</b> %s</p>",
			 html_text(page, said->settle));
	html_put(page, "</li>\n");
}

static void findings(struct page *page, const struct ledger_findings *list)
{
	for (size_t i = 0; i < list->count && i < FINDINGS_MOST; i++)
		finding(page, &list->list[i]);
	if (list->count > FINDINGS_MOST)
		html_put(page, "<li>and %zu more findings</li>\n", list->count - FINDINGS_MOST);
}

static bool same_result(const struct ledger_cell *a, const struct ledger_cell *b)
{
	return a->verdict == b->verdict && a->gate == b->gate &&
	       text_same(a->deciding, b->deciding) && text_same(a->deciding_text, b->deciding_text);
}

static void group(struct page *page, const struct ledger_row *row, size_t i)
{
	const struct ledger_cell *cell = row->list[i].cell;
	struct strings images = {0};

	for (size_t j = i; j < row->count; j++)
		if (same_result(cell, row->list[j].cell))
			*array_add(page->arena, &images) = row->list[j].pair->image;
	html_put(page, "<p><b class=\"%s\">%s %s</b> on %s%s</p>\n", verdict_name[cell->verdict],
		 html_sign[cell->verdict], verdict_name[cell->verdict],
		 html_names(page, &images, IMAGES_MOST),
		 cell->waived && cell->known ? " (waived, known)"
		 : cell->waived		     ? " (waived)"
		 : cell->known		     ? " (known)"
					     : "");
	if (cell->proof)
		html_put(page, "<p>Proof: %s</p>\n", html_rule(page, cell->proof));
	if (cell->needs.count)
		html_put(page, "<p>Needs %s</p>\n", html_names(page, &cell->needs, IMAGES_MOST));
	html_put(page, "<ul class=\"findings\">\n");
	findings(page, &cell->findings);
	findings(page, &cell->notes);
	html_put(page, "</ul>\n");
}

static void row_put(struct page *page, const struct html_row *at)
{
	const struct ledger_row *row = at->row;
	size_t groups = 0;

	html_put(page,
		 "<details class=\"package\"><summary><b class=\"%s\">%s %s</b> "
		 "<code>%s</code> %s</summary>\n",
		 verdict_name[at->verdict], html_sign[at->verdict], verdict_name[at->verdict],
		 html_name(page, row->first->name), html_name(page, row->first->version));
	if (row->first->file)
		html_put(page, "<p><small>%s</small></p>\n", html_text(page, row->first->file));
	for (size_t i = 0; i < row->count; i++) {
		const struct ledger_row before = {.list = row->list, .count = i};
		bool told = array_any(one, &before, same_result(one->cell, row->list[i].cell));

		if (!told && groups++ < GROUPS_MOST)
			group(page, row, i);
	}
	if (groups > GROUPS_MOST)
		html_put(page, "<p>and %zu other results on other images</p>\n",
			 groups - GROUPS_MOST);
	html_put(page, "</details>\n");
}

void html_packages(struct page *page)
{
	size_t shown = 0;

	html_part(page, HTML_PACKAGES);
	html_put(page, "<section id=\"packages\"><h2>Packages</h2>\n<div id=\"map\"></div>\n"
		       "<noscript>\n");
	while (shown < page->rows.count && shown < ROWS_MOST && html_fits(page))
		row_put(page, &page->rows.list[shown++]);
	if (shown < page->rows.count)
		html_put(page,
			 "<p>These are the worst %zu of %zu packages. A browser that runs the "
			 "page's script shows all of them.</p>\n",
			 shown, page->rows.count);
	html_put(page, "</noscript>\n");
	if (!page->rows.count)
		html_put(page, "<p class=\"intro\">No package was judged.</p>\n");
	html_put(page, "</section>\n");
}
