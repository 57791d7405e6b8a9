/* SPDX-License-Identifier: ISC */
/* Prints the waivers, and the text of every rule, to which the findings link. */
#include "report/html/html.h"

#include "base/text.h"

void html_waivers(struct page *page)
{
	const struct waivers *waivers = &page->ledger->waivers;
	size_t shown = 0;

	if (!waivers->source)
		return;
	html_part(page, HTML_WAIVERS);
	html_put(page, "<section id=\"waivers\"><h2>Waivers</h2>\n");
	html_put(page, "<p class=\"intro\">From <code>%s</code>.</p>\n",
		 html_name(page, waivers->source));
	html_put(page, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		       "aria-label=\"Waivers\"><table>\n<thead><tr><th scope=\"col\">Waiver</th>"
		       "<th scope=\"col\">Rule</th><th scope=\"col\">Owner</th>"
		       "<th scope=\"col\">Until</th><th scope=\"col\">Reason</th>"
		       "<th scope=\"col\">State</th><th scope=\"col\">Findings</th></tr></thead>\n"
		       "<tbody>\n");
	for (; shown < waivers->count && html_fits(page); shown++) {
		const struct waiver *waiver = &waivers->list[shown];

		html_put(page, "<tr><th scope=\"row\"><code>%s</code></th><td>%s</td>",
			 html_name(page, waiver->witness), html_rule(page, waiver->rule));
		html_put(page, "<td>%s</td><td>%s</td><td>%s</td>", html_name(page, waiver->owner),
			 html_name(page, waiver->expires), html_text(page, waiver->reason));
		html_put(page, "<td>%s</td><td class=\"count\">%zu</td></tr>\n",
			 waiver->refused   ? "refused"
			 : waiver->expired ? "expired"
			 : waiver->used	   ? "active"
					   : "unused",
			 waiver->used);
	}
	html_put(page, "</tbody></table></div>\n");
	if (shown < waivers->count)
		html_put(page, "<p>Omitted for lack of space: %zu waivers.</p>\n",
			 waivers->count - shown);
	html_put(page, "</section>\n");
}

static void paragraph(struct page *page, const char *label, const char *text)
{
	if (text && *text)
		html_put(page, "<div><dt>%s</dt><dd>%s</dd></div>\n", label, html_text(page, text));
}

static void findings_note(struct page *page, struct map *used, const struct ledger_findings *list)
{
	array_each(one, list)
		map_put(used, page->arena, one->finding.id, 0);
}

/* Prints the rules that are in USED, or those that are not. Returns how many. */
static size_t rules_put(struct page *page, const struct map *used, bool wanted, bool print)
{
	size_t count = 0;

	array_each(rule, page->ledger->rules) {
		if ((map_get(used, rule->id) != MAP_NONE) != wanted)
			continue;
		count++;
		if (!print)
			continue;

		const char *id = html_name(page, rule->id);

		html_put(page,
			 "<details class=\"text\" id=\"rule-%s\"><summary><code>%s</code> %s "
			 "<span class=\"soft\">%s</span></summary>\n<dl>\n",
			 id, id, html_text(page, rule->title), level_name[rule->level]);
		paragraph(page, "Why", rule->why);
		paragraph(page, "What to do", rule->remedy);
		paragraph(page, "Source", rule->source);
		html_put(page, "</dl></details>\n");
	}
	return count;
}

void html_rules(struct page *page)
{
	struct map used = {0}; /* ids of the rules to which something on the page leads */

	array_each(waiver, &page->ledger->waivers)
		map_put(&used, page->arena, waiver->rule, 0);
	array_each(pair, &page->ledger->pairs) {
		findings_note(page, &used, &pair->image_findings);
		findings_note(page, &used, &pair->feed_findings);
		array_each(cell, &pair->cells) {
			findings_note(page, &used, &cell->findings);
			findings_note(page, &used, &cell->notes);
			map_put(&used, page->arena, cell->proof ? cell->proof : "", 0);
		}
	}

	size_t others = rules_put(page, &used, false, false);

	html_put(page, "<section id=\"rules\"><h2>Rules</h2>\n<p class=\"intro\">What is checked, "
		       "why, and what to do: first the rules with a finding or a proof on this "
		       "page.</p>\n");
	rules_put(page, &used, true, true);
	if (others) {
		html_put(page, "<details class=\"more\"><summary>%zu other rules</summary>\n",
			 others);
		rules_put(page, &used, false, true);
		html_put(page, "</details>\n");
	}
	html_put(page, "</section>\n");
}
