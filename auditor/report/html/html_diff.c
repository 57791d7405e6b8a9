/* SPDX-License-Identifier: ISC */
/* Prints the result of diff as an HTML page without a script: the answer, a chart of
 * what changed, and each package that changed with the findings that came and went. */
#include "report/html/html.h"

#include "base/text.h"
#include "report/report.h"
#include "report/saved/diff.h"

#include <string.h>

enum { FINDINGS_MOST = 20 };

/* the classes that give a change its colour */
static const char *const tones[DIFF_CHANGES] = {"unsafe", "unproven", "safe", "installed",
						"installed"};

static const char *verdict_tag(struct page *page, const struct ledger_cell *cell)
{
	return arena_format(page->arena, "<span class=\"tag %s\">%s %s</span>",
			    verdict_name[cell->verdict], html_sign[cell->verdict],
			    verdict_name[cell->verdict]);
}

static void came_and_went(struct page *page, const char *class, const char *word,
			  const struct diff_findings *findings)
{
	size_t shown = 0;

	array_each(one, findings) {
		const struct finding *finding = &(*one)->finding;

		if (shown++ >= FINDINGS_MOST)
			continue;
		html_put(page, "<li class=\"%s\">%s: %s <code>%s</code></li>\n", class, word,
			 html_text(page, finding->text ? finding->text : finding->subject),
			 html_name(page, finding->id));
	}
	if (shown > FINDINGS_MOST)
		html_put(page, "<li>and %zu more</li>\n", shown - FINDINGS_MOST);
}

static void item_put(struct page *page, const struct diff_item *item, bool gate)
{
	const struct ledger_cell *named = item->new ? item->new : item->old;
	const char *old = item->old ? item->old->version : NULL,
		   *new = item->new ? item->new->version : NULL;

	html_put(page, "<li><p><code>%s</code> ",
		 named ? html_name(page, named->name) : "image and feed");
	if (item->old && item->new && !text_same(old, new))
		html_put(page, "<span class=\"version\">%s \xe2\x86\x92 %s</span> ",
			 html_name(page, old), html_name(page, new));
	else if (old || new)
		html_put(page, "<span class=\"version\">%s</span> ",
			 html_name(page, new ? new : old));
	if (item->old)
		html_put(page, "%s ", verdict_tag(page, item->old));
	if (item->old && item->new)
		html_put(page, "\xe2\x86\x92 ");
	if (item->new)
		html_put(page, "%s ", verdict_tag(page, item->new));
	if (gate)
		html_put(page, "<span class=\"soft\"><code>%s</code> with <code>%s</code></span>",
			 html_name(page, item->pair->image), html_name(page, item->pair->feed));
	html_put(page, "</p>\n<ul class=\"findings\">\n");
	came_and_went(page, "error", "new", &item->appeared);
	came_and_went(page, "safe", "gone", &item->fixed);
	html_put(page, "</ul></li>\n");
}

static void change_put(struct page *page, const struct diff *diff, enum diff_change change)
{
	size_t shown = 0, all = 0;

	array_each(item, &diff->items) {
		if (item->change != change)
			continue;
		if (all++ == 0)
			html_put(page, "<section><h2>%s</h2>\n<ul class=\"changes\">\n",
				 diff_change_title[change]);
		if (!html_fits(page))
			continue;
		item_put(page, item, diff->new->gate);
		shown++;
	}
	if (shown < all)
		html_put(page, "<li>Omitted for lack of space: %zu.</li>\n", all - shown);
	if (all)
		html_put(page, "</ul></section>\n");
}

bool diff_print_html(FILE *out, const struct diff *diff, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	struct page page = {.out = out, .arena = &arena, .ledger = &diff->new->ledger};
	const char *headline = diff_headline(&arena, diff);
	size_t most = diff->unchanged;

	html_part(&page, HTML_CHANGES);
	html_head(&page, headline);
	html_put(&page,
		 "<body>\n<header class=\"answer %s\">\n<p class=\"kind\">kmodaudit diff</p>\n",
		 diff->worse ? "fail" : "pass");
	html_headline(&page, diff->worse ? "Worse" : diff->better ? "Better" : "Same", headline);
	html_put(&page, "<p class=\"scope\"><code>%s</code> \xe2\x86\x92 <code>%s</code>.%s</p>\n",
		 html_name(&page, diff->old->path), html_name(&page, diff->new->path),
		 !diff->image_changed ? ""
		 : diff->new->gate    ? " The plan changed."
				      : " The image changed.");
	html_put(&page, "</header>\n<main>\n");

	for (size_t i = 0; i < DIFF_CHANGES; i++)
		most = diff->changes[i] > most ? diff->changes[i] : most;
	html_put(&page, "<section><h2>Packages</h2>\n<ul class=\"bars\">\n");
	for (size_t i = 0; i < DIFF_CHANGES; i++)
		html_bar_row(&page, tones[i], diff_change_title[i], diff->changes[i], most);
	html_bar_row(&page, "installed", "Unchanged", diff->unchanged, most);
	html_put(&page, "</ul></section>\n");

	for (enum diff_change change = DIFF_WORSE; change < DIFF_CHANGES; change++)
		change_put(&page, diff, change);
	html_put(&page, "</main>\n<footer><p>Written by kmodaudit " KMODAUDIT_VERSION
			".</p></footer>\n</body>\n</html>\n");
	return report_end(out, error);
}
