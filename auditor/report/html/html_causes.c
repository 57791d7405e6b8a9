/* SPDX-License-Identifier: ISC */
/* Prints the causes: each reason once, with all packages and images that it concerns,
 * what would settle it and what to do. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum {
	CAUSES_OPEN = 5, /* causes that are not folded */
	CAUSES_MOST = 60,
	SENTENCES_OPEN = 2, /* sentences of a cause that are not folded */
	SENTENCES_MOST = 12,
	NAMES_MOST = 12,
};

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

static void sentences_from(struct page *page, const struct remark *list, size_t from, size_t to)
{
	html_put(page, "<ul class=\"sentences\">\n");
	for (size_t i = from; i < to; i++) {
		html_put(page, "<li>");
		html_reason(page, list[i].text);
		html_put(page, "<p class=\"who\">%s</p></li>\n", about(page, &list[i]));
	}
	html_put(page, "</ul>\n");
}

/* The first sentences; the others are folded. */
static void sentences(struct page *page, const struct remark *list, size_t count)
{
	size_t most = count < SENTENCES_MOST ? count : SENTENCES_MOST;

	if (count <= SENTENCES_OPEN + 1) {
		sentences_from(page, list, 0, count);
		return;
	}
	sentences_from(page, list, 0, SENTENCES_OPEN);
	html_put(page, "<details class=\"fold\"><summary>%zu more of this rule</summary>\n",
		 count - SENTENCES_OPEN);
	sentences_from(page, list, SENTENCES_OPEN, most);
	if (count > most)
		html_put(page, "<p>and %zu more; filter the packages by this rule</p>\n",
			 count - most);
	html_put(page, "</details>\n");
}

static void advice(struct page *page, const struct remark *list, size_t count)
{
	const struct rule *rule = rules_find(page->ledger->rules, list->id);
	const char *passes = remark_passes(page->arena, list);
	struct strings settles = {0};

	/* the same input may settle several remarks of a rule: it is printed once */
	for (size_t i = 0; i < count && settles.count < SENTENCES_OPEN; i++)
		if (list[i].settle && !strings_have(&settles, list[i].settle))
			*array_add(page->arena, &settles) = list[i].settle;
	array_each(settle, &settles)
		html_put(page, "<p class=\"do\"><b>To settle it</b> %s</p>\n",
			 html_text(page, *settle));
	if (!settles.count && rule && rule->remedy && list->weight > GATE_PASS)
		html_put(page, "<p class=\"do\"><b>What to do</b> %s</p>\n",
			 html_text(page, rule->remedy));
	if (passes)
		html_put(page, "<p class=\"do\"><b>Does not count</b> %s</p>\n",
			 html_text(page, passes));
}

/* Links to the packages, and images, of COUNT remarks of one rule. */
static void scope_link(struct page *page, struct remark *list, size_t count)
{
	struct remarks remarks = {list, count, count};
	struct remarks one = remarks_by_rule(page->arena, &remarks, count > 1 ? 1 : count);
	size_t packages = one.list->packages.count;

	html_put(page, "<a class=\"which\" href=\"#packages\" data-rule=\"%s\">%s</a>",
		 html_name(page, list->id),
		 packages && page->images.count == 1 ? text_count(page->arena, packages, "package")
						     : remark_scope(page->arena, one.list));
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
	scope_link(page, list, count);
	html_put(page, "</p>\n");
	sentences(page, list, count);
	advice(page, list, count);
	html_put(page, "</article>\n");
}

static bool is_consequence(const struct remark *remark)
{
	return strcmp(remark->id, "needs") == 0;
}

/* The number of remarks from I on that have the same rule and weigh the same. */
static size_t same_rule(const struct remarks *remarks, size_t i)
{
	const struct remark *first = &remarks->list[i], *next = first + 1;

	while (next < remarks->list + remarks->count && next->weight == first->weight &&
	       next->level == first->level && next->waiver == first->waiver &&
	       next->known == first->known && strcmp(next->id, first->id) == 0)
		next++;
	return (size_t)(next - first);
}

/* The number of causes with weight WEIGHT; OWN: without consequences. */
static size_t causes_of(const struct page *page, enum gate weight, bool own)
{
	size_t count = 0;

	for (size_t i = 0; i < page->remarks.count; i += same_rule(&page->remarks, i))
		count += page->remarks.list[i].weight == weight &&
			 !(own && is_consequence(&page->remarks.list[i]));
	return count;
}

/* Packages that need one with a cause of its own: the cause is told there. */
static void consequences(struct page *page, enum gate weight)
{
	for (size_t i = 0, same; i < page->remarks.count; i += same) {
		struct remark *first = &page->remarks.list[i];

		same = same_rule(&page->remarks, i);
		if (first->weight != weight || !is_consequence(first) || !html_fits(page))
			continue;
		html_put(page, "<details class=\"more\"><summary>Consequences: packages that need "
			       "one of these</summary>\n<p>");
		scope_link(page, first, same);
		html_put(page, "</p>\n");
		sentences(page, first, same);
		html_put(page, "</details>\n");
	}
}

/* Prints the causes with weight WEIGHT, of which the first OPEN are not folded. */
static void causes(struct page *page, enum gate weight, size_t open)
{
	/* where there are only consequences, what they follow from is not
	 * in this report */
	bool apart = causes_of(page, weight, true) > 0;
	size_t shown = 0, all = causes_of(page, weight, apart);

	for (size_t i = 0, same; i < page->remarks.count; i += same) {
		same = same_rule(&page->remarks, i);
		if (page->remarks.list[i].weight != weight || shown == CAUSES_MOST ||
		    (apart && is_consequence(&page->remarks.list[i])) || !html_fits(page))
			continue;
		if (shown++ == open)
			html_put(page, "<details class=\"more\"><summary>%zu more</summary>\n",
				 all - open);
		cause(page, &page->remarks.list[i], same);
	}
	if (shown > open)
		html_put(page, "</details>\n");
	if (shown < all)
		html_put(page, "<p>Omitted for lack of space: %zu causes.</p>\n", all - shown);
	if (apart)
		consequences(page, weight);
}

void html_causes(struct page *page)
{
	static const struct {
		enum gate weight;
		const char *words;
	} folded[] = {
		{GATE_WARN, "Warnings"},
		{GATE_PASS, "What does not count: waived, in the baseline, or allowed by the "
			    "policy"},
	};

	html_part(page, HTML_CAUSES);
	html_put(page, "<section id=\"causes\"><h2>Causes</h2>\n");
	if (!causes_of(page, GATE_FAIL, false))
		html_put(page, "<p class=\"intro\">Nothing fails.</p>\n");
	causes(page, GATE_FAIL, CAUSES_OPEN);
	for (size_t i = 0; i < sizeof folded / sizeof *folded; i++) {
		if (!causes_of(page, folded[i].weight, false))
			continue;
		html_put(page, "<details class=\"more\"><summary>%s</summary>\n", folded[i].words);
		causes(page, folded[i].weight, CAUSES_MOST);
		html_put(page, "</details>\n");
	}
	html_put(page, "</section>\n");
}
