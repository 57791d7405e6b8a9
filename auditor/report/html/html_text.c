/* SPDX-License-Identifier: ISC */
/* Prints pieces of the HTML page and escapes text from inputs for it. */
#include "report/html/html.h"

#include "base/quote.h"

#include <stdarg.h>
#include <string.h>

/* Also in page.js. */
const char *const html_sign[VERDICT_COUNT] = {
	[VERDICT_INSTALLED] = "\xe2\x80\xa2", /* bullet */
	[VERDICT_SAFE] = "\xe2\x9c\x93", /* check mark */
	[VERDICT_UNPROVEN] = "?",
	[VERDICT_UNSAFE] = "\xe2\x9c\x95", /* multiplication x */
};

void html_put(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int size = vfprintf(page->out, format, args);
	va_end(args);
	page->size += size > 0 ? (size_t)size : 0;
}

static const char *escaped(struct arena *arena, const char *text)
{
	static const struct {
		char from;
		const char *to;
	} table[] = {
		{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"},
	};
	char *copy = arena_raw(arena, strlen(text) * strlen("&quot;") + 1), *to = copy;

	for (; *text; text++) {
		size_t i = 0;

		while (i < sizeof table / sizeof *table && table[i].from != *text)
			i++;
		if (i < sizeof table / sizeof *table)
			to = stpcpy(to, table[i].to);
		else
			*to++ = *text;
	}
	*to = '\0';
	return copy;
}

const char *html_text(struct page *page, const char *text)
{
	return text ? escaped(page->arena, quote_short(page->arena, text, HTML_TEXT)) : "";
}

const char *html_name(struct page *page, const char *name)
{
	return name ? escaped(page->arena, quote_short(page->arena, name, HTML_NAME)) : "";
}

const char *html_names(struct page *page, const struct strings *names, size_t most)
{
	struct strings codes = {0};

	for (size_t i = 0; i < names->count && i < most; i++)
		*array_add(page->arena, &codes) = arena_format(page->arena, "<code>%s</code>",
							       html_name(page, names->list[i]));

	const char *text = strings_join(page->arena, &codes, most);
	return names->count > most
		       ? arena_format(page->arena, "%s and %zu more", text, names->count - most)
		       : text;
}

const char *html_rule(struct page *page, const char *id)
{
	const char *name = html_name(page, id);

	return rules_find(page->ledger->rules, id)
		       ? arena_format(page->arena, "<a class=\"rule\" href=\"#rule-%s\">%s</a>",
				      name, name)
		       : arena_format(page->arena, "<span class=\"rule\">%s</span>", name);
}

/* True if TEXT begins with the name of a proof: "config-core: " or "twins
 * (not accepted): ". */
static bool is_clause(const char *text)
{
	static const char other[] = " (not accepted)";
	size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz-");

	if (size == 0)
		return false;
	if (strncmp(text + size, other, strlen(other)) == 0)
		size += strlen(other);
	return strncmp(text + size, ": ", 2) == 0;
}

void html_reason(struct page *page, const char *text)
{
	static const char start[] = "no accepted proof: ";
	const char *at = text ? text : "", *end;

	if (strncmp(at, start, strlen(start)) != 0 || !is_clause(at + strlen(start))) {
		html_put(page, "<p>%s</p>", html_text(page, text));
		return;
	}
	html_put(page, "<p>No accepted proof holds:</p><dl class=\"proofs\">");
	for (at += strlen(start); *at; at = *end ? end + 2 : end) {
		const char *colon = strchr(at, ':');

		for (end = strstr(at, "; "); end && !is_clause(end + 2);)
			end = strstr(end + 1, "; ");
		end = end ? end : at + strlen(at);
		html_put(page, "<div><dt>%s</dt>",
			 html_text(page,
				   arena_string(page->arena, span_from(at, (size_t)(colon - at)))));
		html_put(page, "<dd>%s</dd></div>",
			 html_text(page,
				   arena_string(page->arena,
						span_from(colon + 2, (size_t)(end - colon - 2)))));
	}
	html_put(page, "</dl>");
}

void html_headline(struct page *page, const char *word, const char *headline)
{
	const char *rest = strchr(headline, ':');

	html_put(page,
		 "<h1><span class=\"word\">%s</span> <span class=\"headline\">%s</span></h1>\n",
		 word, html_text(page, rest ? rest + 1 + strspn(rest + 1, " ") : headline));
}

void tally_add(struct page *page, struct tally *tally, const char *name)
{
	uint32_t place = map_put(&tally->places, page->arena, name, (uint32_t)tally->count);

	if (place == tally->count)
		array_add(page->arena, tally)->name = name;
	tally->list[place].count++;
}

static int tally_compare(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->name, b->name);
}

void tally_sort(struct tally *tally)
{
	array_sort(tally, tally_compare);
}

void html_bar(struct page *page, const size_t count[VERDICT_COUNT])
{
	size_t all = 0, before = 0;

	for (size_t i = 0; i < VERDICT_COUNT; i++)
		all += count[i];
	html_put(page, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		       "aria-hidden=\"true\">");
	for (size_t from_end = 1; all && from_end <= VERDICT_COUNT; from_end++) {
		size_t i = VERDICT_COUNT - from_end;

		if (count[i])
			html_put(page, "<rect class=\"%s\" x=\"%zu\" width=\"%zu\" height=\"10\"/>",
				 verdict_name[i], before * 1000 / all,
				 (before + count[i]) * 1000 / all - before * 1000 / all);
		before += count[i];
	}
	html_put(page, "</svg>");
}

void html_bar_row(struct page *page, const char *class, const char *words, size_t count,
		  size_t most)
{
	html_put(page,
		 "<li><span class=\"label\">%s</span> <span class=\"value\">%zu</span>"
		 "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		 "aria-hidden=\"true\"><rect class=\"%s\" width=\"%zu\" "
		 "height=\"10\"/></svg></li>\n",
		 html_text(page, words), count, class, most ? count * 1000 / most : 0);
}
