/* SPDX-License-Identifier: ISC */
/* Prints the causes: each reason once, with all packages and images that it concerns, what
 * would settle it and what to do. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { CAUSES_MOST = 60, SENTENCES_MOST = 6, NAMES_MOST = 12 };

static bool of_rule(const struct remark *a, const struct remark *b)
{
	return a->weight == b->weight && a->level == b->level && a->waiver == b->waiver &&
	       a->known == b->known && strcmp(a->id, b->id) == 0;
}

/* What a remark is about, such as "kmod-a, kmod-b on router". */
static const char *about(struct page *page, const struct remark *remark)
{
	const char *images = html_names(page, &remark->images, NAMES_MOST);

	if (remark->packages.count && page->images.count > 1)
		return arena_format(page->arena, "%s on %s",
				    html_names(page, &remark->packages, NAMES_MOST), images);
	if (remark->packages.count)
		return html_names(page, &remark->packages, NAMES_MOST);
	if (remark->images.count)
		return images;
	if (remark->line)
		return arena_format(page->arena, "<code>%s</code>, line %zu",
				    html_name(page, remark->file), remark->line);
	return html_names(page, &remark->feeds, NAMES_MOST);
}

/* The same input may settle several remarks of a rule: it is told once. */
static bool settle_is_new(const struct remark *list, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (text_same(list[j].settle, list[i].settle))
			return false;
	return list[i].settle != NULL;
}

static void sentences(struct page *page, const struct remark *list, size_t count)
{
	html_put(page, "<ul class=\"sentences\">\n");
	for (size_t i = 0; i < count && i < SENTENCES_MOST; i++)
		html_put(page, "<li><p>%s</p><p class=\"who\">%s</p></li>\n",
			 html_text(page, list[i].text), about(page, &list[i]));
	if (count > SENTENCES_MOST)
		html_put(page, "<li>and %zu more; filter the packages by this rule</li>\n",
			 count - SENTENCES_MOST);
	html_put(page, "</ul>\n");
}

static void advice(struct page *page, const struct remark *list, size_t count)
{
	const struct rule *rule = rules_find(page->ledger->rules, list->id);
	const char *passes = remark_passes(page->arena, list);
	size_t settled = 0;

	for (size_t i = 0; i < count && i < SENTENCES_MOST; i++) {
		if (!settle_is_new(list, i))
			continue;
		html_put(page, "<p class=\"do\"><b>To settle it</b> %s</p>\n",
			 html_text(page, list[i].settle));
		settled++;
	}
	if (!settled && rule && rule->remedy && list->weight > GATE_PASS)
		html_put(page, "<p class=\"do\"><b>What to do</b> %s</p>\n",
			 html_text(page, rule->remedy));
	if (passes)
		html_put(page, "<p class=\"do\"><b>Does not count</b> %s</p>\n",
			 html_text(page, passes));
}

/* Packages, and images, of COUNT remarks of one rule. */
static const char *scope(struct page *page, struct remark *list, size_t count)
{
	struct remarks remarks = {list, count, count};
	struct remarks one = remarks_by_rule(page->arena, &remarks, count > 1 ? 1 : count);

	return remark_scope(page->arena, one.list);
}

static void cause(struct page *page, struct remark *list, size_t count)
{
	static const char *const words[LEVEL_COUNT] = {[LEVEL_NOTE] = "note",
						       [LEVEL_WARNING] = "warning",
						       [LEVEL_UNKNOWN] = "unproven",
						       [LEVEL_ERROR] = "unsafe"};
	const struct rule *rule = rules_find(page->ledger->rules, list->id);
	enum level level = list->level;

	html_put(page, "<article class=\"cause %s\">\n", words[level]);
	html_put(page, "<h3><span class=\"tag %s\">%s</span> %s</h3>\n", words[level], words[level],
		 html_rule(page, list->id));
	html_put(page, "<p class=\"soft\">");
	if (rule)
		html_put(page, "Checked: %s. ", html_text(page, rule->title));
	html_put(page, "<a class=\"filter\" href=\"#packages\" data-rule=\"%s\">%s</a></p>\n",
		 html_name(page, list->id), scope(page, list, count));
	sentences(page, list, count);
	advice(page, list, count);
	html_put(page, "</article>\n");
}

/* Prints the causes with weights from LEAST to MOST; returns how many there are. */
static size_t causes(struct page *page, enum gate least, enum gate most)
{
	size_t shown = 0, all = 0;

	for (size_t i = 0, same; i < page->remarks.count; i += same) {
		struct remark *first = &page->remarks.list[i];

		for (same = 1; i + same < page->remarks.count && of_rule(first, first + same);
		     same++)
			;
		if (first->weight < least || first->weight > most)
			continue;
		all++;
		if (shown == CAUSES_MOST || !html_fits(page))
			continue;
		shown++;
		cause(page, first, same);
	}
	if (shown < all)
		html_put(page, "<p>Omitted for lack of space: %zu causes.</p>\n", all - shown);
	return all;
}

static size_t count_of(const struct page *page, enum gate least, enum gate most)
{
	size_t count = 0;

	array_each(remark, &page->remarks)
		count += remark->weight >= least && remark->weight <= most;
	return count;
}

void html_causes(struct page *page)
{
	html_put(page, "<section id=\"causes\"><h2>Causes</h2>\n");
	if (!causes(page, GATE_FAIL, GATE_FAIL))
		html_put(page, "<p class=\"intro\">Nothing fails.</p>\n");
	if (count_of(page, GATE_WARN, GATE_WARN)) {
		html_put(page, "<h3 class=\"part\">Warnings</h3>\n");
		causes(page, GATE_WARN, GATE_WARN);
	}
	if (count_of(page, GATE_PASS, GATE_PASS)) {
		html_put(page, "<details class=\"more\"><summary>What does not count: "
			       "waived, in the baseline, or allowed by the policy</summary>\n");
		causes(page, GATE_PASS, GATE_PASS);
		html_put(page, "</details>\n");
	}
	html_put(page, "</section>\n");
}
