/* SPDX-License-Identifier: ISC */
/* Prints the charts of the page: verdicts by image and feed, unproven packages by the
 * input that would settle them, findings against the baseline. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { PAIRS_SHOWN = 400, PAIRS_OPEN = 24, MISSING_MOST = 12, FINDINGS_MOST = 8 };

static void counts(struct page *page, const size_t count[VERDICT_COUNT])
{
	html_put(page, "<td class=\"chart\">");
	html_bar(page, count);
	html_put(page, "</td>");
	for (size_t i = VERDICT_COUNT; i-- > 0;)
		html_put(page, "<td class=\"count%s\">%zu</td>", count[i] ? "" : " none", count[i]);
	html_put(page, "</tr>\n");
}

/* Begins a table of counts: HEAD are its first columns. */
static void counts_begin(struct page *page, const char *label, const char *head)
{
	html_put(page,
		 "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">"
		 "<table class=\"pairs\">\n<thead><tr>%s<th scope=\"col\">Share</th>",
		 label, head);
	for (size_t i = VERDICT_COUNT; i-- > 0;)
		html_put(page, "<th scope=\"col\" class=\"count\">%s</th>", verdict_name[i]);
	html_put(page, "</tr></thead>\n<tbody>\n");
}

/* Ends it; OMITTED rows had no room. */
static void counts_end(struct page *page, size_t omitted)
{
	html_put(page, "</tbody></table></div>\n");
	if (omitted)
		html_put(page, "<p>Omitted for lack of space: %zu rows.</p>\n", omitted);
}

static void pairs(struct page *page)
{
	const struct ledger_pairs *list = &page->ledger->pairs;
	size_t shown = 0;

	counts_begin(page, "Verdicts by image and feed",
		     "<th scope=\"col\">Image</th><th scope=\"col\">Feed</th>"
		     "<th scope=\"col\">Gate</th>");
	for (; shown < list->count && shown < PAIRS_SHOWN && html_fits(page); shown++) {
		const struct ledger_pair *pair = &list->list[shown];

		html_put(page, "<tr><th scope=\"row\"><code>%s</code></th><td><code>%s</code></td>",
			 html_name(page, pair->image), html_name(page, pair->feed));
		html_put(page, "<td><span class=\"gate %s\">%s</span></td>", gate_name[pair->gate],
			 pair->status == 3 ? "no answer" : gate_name[pair->gate]);
		counts(page, pair->sums.verdict);
	}
	counts_end(page, list->count - shown);
}

/* Verdicts of all pairs with one image, or one feed. */
struct total {
	const char *name;
	size_t verdict[VERDICT_COUNT];
};

struct totals {
	struct total *list;
	size_t count, room;
};

static void totals(struct page *page, bool by_feed)
{
	const char *title = by_feed ? "Verdicts by feed" : "Verdicts by image";
	struct totals all = {0};
	struct map places = {0};
	size_t shown = 0;

	array_each(pair, &page->ledger->pairs) {
		const char *name = by_feed ? pair->feed : pair->image;
		uint32_t place = map_put(&places, page->arena, name, (uint32_t)all.count);

		if (place == all.count)
			array_add(page->arena, &all)->name = name;
		for (size_t i = 0; i < VERDICT_COUNT; i++)
			all.list[place].verdict[i] += pair->sums.verdict[i];
	}

	html_put(page, "<h3>%s</h3>\n", title);
	counts_begin(page, title,
		     by_feed ? "<th scope=\"col\">Feed</th>" : "<th scope=\"col\">Image</th>");
	for (; shown < all.count && shown < PAIRS_SHOWN && html_fits(page); shown++) {
		html_put(page, "<tr><th scope=\"row\"><code>%s</code></th>",
			 html_name(page, all.list[shown].name));
		counts(page, all.list[shown].verdict);
	}
	counts_end(page, all.count - shown);
}

/* Many pairs are summed up first. */
static void verdicts(struct page *page)
{
	bool many = page->ledger->pairs.count > PAIRS_OPEN;

	if (many) {
		totals(page, true);
		totals(page, false);
	}
	html_put(page,
		 many ? "<details class=\"more\"><summary>Verdicts by image and feed</summary>\n"
		      : "<h3>Verdicts by image and feed</h3>\n");
	pairs(page);
	if (many)
		html_put(page, "</details>\n");
}

/* What a package lacks: the input that would settle its first unknown finding. */
static const char *lacks(const struct ledger_cell *cell)
{
	array_each(finding, &cell->findings)
		if (finding->level == LEVEL_UNKNOWN && finding->finding.settle)
			return finding->finding.settle;
	return cell->deciding && strcmp(cell->deciding, "needs") == 0
		       ? "a package that it needs is unproven"
		       : text_or_empty(cell->deciding_text);
}

static void unproven(struct page *page)
{
	struct tally missing = {0};
	size_t rest = 0;

	array_each(pair, &page->ledger->pairs)
		array_each(cell, &pair->cells)
			if (cell->verdict == VERDICT_UNPROVEN)
				tally_add(page, &missing, lacks(cell));
	tally_sort(&missing);

	if (!missing.count)
		return;
	html_put(page, "<h3>Unproven, by what would settle it</h3>\n<ul class=\"bars\">\n");
	for (size_t i = 0; i < missing.count; i++)
		if (i < MISSING_MOST)
			html_bar_row(page, "unproven", missing.list[i].name, missing.list[i].count,
				     missing.list[0].count);
		else
			rest += missing.list[i].count;
	if (rest)
		html_bar_row(page, "unproven", "other", rest, missing.list[0].count);
	html_put(page, "</ul>\n");
}

static void feeds(struct page *page)
{
	size_t shown = 0, all = 0;

	array_each(pair, &page->ledger->pairs)
		all += pair->feed_findings.count;
	if (!all)
		return;
	html_put(page, "<h3>About the feeds</h3>\n<ul class=\"beside\">\n");
	array_each(pair, &page->ledger->pairs)
		array_each(one, &pair->feed_findings) {
			if (shown == FINDINGS_MOST)
				break;
			html_put(page, "<li class=\"%s\"><code>%s</code>: %s %s</li>\n",
				 level_name[one->level],
				 html_name(page, one->source ? one->source : pair->feed),
				 html_text(page, one->finding.text),
				 html_rule(page, one->finding.id));
			shown++;
		}
	if (shown < all)
		html_put(page, "<li>and %zu more</li>\n", all - shown);
	html_put(page, "</ul>\n");
}

/* With one pair the bar below the numbers says the same. */
static bool has_pairs(const struct page *page)
{
	return page->ledger->pairs.count > 1;
}

bool html_has_charts(const struct page *page)
{
	array_each(pair, &page->ledger->pairs)
		if (pair->feed_findings.count)
			return true;
	return has_pairs(page) || ledger_has_baseline(page->ledger) ||
	       page->ledger->sums.verdict[VERDICT_UNPROVEN] > 0;
}

void html_charts(struct page *page)
{
	const struct ledger_sums *sums = &page->ledger->sums;

	if (!html_has_charts(page))
		return;
	html_part(page, HTML_CHARTS);
	html_put(page, "<section id=\"charts\"><h2>Charts</h2>\n");
	if (has_pairs(page))
		verdicts(page);
	unproven(page);
	if (ledger_has_baseline(page->ledger)) {
		size_t most = sums->baseline_new;

		most = sums->baseline_unchanged > most ? sums->baseline_unchanged : most;
		most = sums->baseline_fixed > most ? sums->baseline_fixed : most;
		html_put(page, "<h3>Findings against the baseline</h3>\n<ul class=\"bars\">\n");
		html_bar_row(page, "unsafe", "new", sums->baseline_new, most);
		html_bar_row(page, "installed", "unchanged", sums->baseline_unchanged, most);
		html_bar_row(page, "safe", "fixed", sums->baseline_fixed, most);
		html_put(page, "</ul>\n");
	}
	feeds(page);
	html_put(page, "</section>\n");
}
