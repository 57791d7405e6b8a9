/* SPDX-License-Identifier: ISC */
/* Prints the waivers, and the text of every rule, to which the findings link. */
#include "report/html/html.h"

#include "base/text.h"

static void waiver_row(struct page *page, const struct waiver *waiver)
{
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

void html_waivers(struct page *page)
{
	const struct waivers *waivers = &page->ledger->waivers;
	size_t shown = 0;

	if (!waivers->source)
		return;
	html_put(page, "<section id=\"waivers\"><h2>Waivers</h2>\n");
	html_put(page, "<p class=\"intro\">From <code>%s</code>.</p>\n",
		 html_name(page, waivers->source));
	html_put(page, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		       "aria-label=\"Waivers\"><table>\n<thead><tr><th scope=\"col\">Waiver</th>"
		       "<th scope=\"col\">Rule</th><th scope=\"col\">Owner</th>"
		       "<th scope=\"col\">Until</th><th scope=\"col\">Reason</th>"
		       "<th scope=\"col\">State</th><th scope=\"col\">Findings</th></tr></thead>\n"
		       "<tbody>\n");
	while (shown < waivers->count && html_fits(page))
		waiver_row(page, &waivers->list[shown++]);
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

void html_rules(struct page *page)
{
	html_put(page, "<section id=\"rules\"><h2>Rules</h2>\n<p class=\"intro\">What is checked, "
		       "why, and what to do.</p>\n");
	array_each(rule, page->ledger->rules) {
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
	html_put(page, "</section>\n");
}
