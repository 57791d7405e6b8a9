/* SPDX-License-Identifier: ISC */
/* Prints how the kernel configs of image and feed differ, as two columns,
 * with the structs that each option changes. Equal differences of several
 * pairs are printed once. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { DIFFERENCES_MOST = 20, STRUCTS_MOST = 6 };

/* How much an option matters. */
enum weight { WEIGHT_STRUCTS, WEIGHT_CORE, WEIGHT_HARMLESS, WEIGHTS };

static enum weight weight_of(const struct ledger_option *option)
{
	if (option->structs.count)
		return WEIGHT_STRUCTS;
	return option->core ? WEIGHT_CORE : WEIGHT_HARMLESS;
}

static bool same_options(const struct ledger_options *a, const struct ledger_options *b)
{
	if (a->count != b->count || a->more != b->more || !text_same(a->places, b->places))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!text_same(a->list[i].option, b->list[i].option) ||
		    !text_same(a->list[i].before, b->list[i].before) ||
		    !text_same(a->list[i].after, b->list[i].after) ||
		    !strings_same(&a->list[i].structs, &b->list[i].structs))
			return false;
	return true;
}

static const char *setting(struct page *page, const char *option, const char *value)
{
	return value ? arena_format(page->arena, "<code>%s=%s</code>", html_name(page, option),
				    html_name(page, value))
		     : "<span class=\"soft\">not set</span>";
}

/* An option that changes structs lists them, each with its place on a line of its own. */
static void option_row(struct page *page, const struct ledger_option *option)
{
	const struct strings *structs = &option->structs;

	html_put(page, "<tr><td>%s</td>", setting(page, option->option, option->before));
	html_put(page, "<td>%s</td><td>", setting(page, option->option, option->after));
	if (structs->count) {
		html_put(page, "<ul class=\"structs\">");
		for (size_t i = 0; i < structs->count && i < STRUCTS_MOST; i++) {
			const char *text = structs->list[i], *place = strstr(text, LEDGER_PLACE);
			size_t size = place ? (size_t)(place - text) : strlen(text);

			html_put(page, "<li><code>%s</code>",
				 html_text(page, arena_string(page->arena, span_from(text, size))));
			if (place)
				html_put(page, "<p class=\"place\">In the image %s</p>",
					 html_text(page, place + strlen(LEDGER_PLACE)));
			html_put(page, "</li>");
		}
		if (structs->count > STRUCTS_MOST)
			html_put(page, "<li>and %zu more</li>", structs->count - STRUCTS_MOST);
		html_put(page, "</ul>");
	} else {
		html_put(page, "%s", option->core ? "code of the kernel" : "a module more or less");
	}
	if (option->by)
		html_put(page, "<p class=\"place\">Turned on by <code>%s</code></p>",
			 html_name(page, option->by));
	html_put(page, "</td></tr>\n");
}

static void part(struct page *page, const struct ledger_options *options, enum weight weight)
{
	static const char *const words[WEIGHTS] = {
		[WEIGHT_STRUCTS] = "Change the layout of structs",
		[WEIGHT_CORE] = "Change other code of the kernel",
		[WEIGHT_HARMLESS] = "Only add or remove a module",
	};
	size_t count = array_count(option, options, weight_of(option) == weight);

	if (!count)
		return;
	html_put(page, "<details class=\"more\"%s><summary>%s: %s</summary>\n",
		 weight == WEIGHT_STRUCTS ? " open" : "", words[weight],
		 text_count(page->arena, count, "option"));
	html_put(page, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		       "aria-label=\"Options that differ\"><table class=\"options\">\n<thead><tr>"
		       "<th scope=\"col\">Image</th><th scope=\"col\">Build of the feed</th>"
		       "<th scope=\"col\">What it changes</th></tr></thead>\n<tbody>\n");
	array_each(option, options)
		if (weight_of(option) == weight && html_fits(page))
			option_row(page, option);
	html_put(page, "</tbody></table></div>\n");
	if (weight == WEIGHT_HARMLESS && options->more)
		html_put(page, "<p>and %zu more options without a known struct</p>\n",
			 options->more);
	html_put(page, "</details>\n");
}

static void difference(struct page *page, const struct ledger_pairs *pairs, size_t first)
{
	const struct ledger_options *options = &pairs->list[first].options;
	struct strings images = {0}, feeds = {0};

	for (size_t i = first; i < pairs->count; i++) {
		if (!pairs->list[i].options.compared ||
		    !same_options(options, &pairs->list[i].options))
			continue;
		*array_add(page->arena, &images) = pairs->list[i].image;
		*array_add(page->arena, &feeds) = pairs->list[i].feed;
	}
	strings_unique(&images);
	strings_unique(&feeds);
	html_put(page, "<h3>%s and %s</h3>\n", html_names(page, &images, STRUCTS_MOST),
		 html_names(page, &feeds, STRUCTS_MOST));
	if (!options->count)
		html_put(page, "<p>No option differs.</p>\n");
	else if (options->series)
		html_put(page,
			 "<p class=\"intro\">Structs by the layout rules for Linux %s. Sizes and "
			 "offsets %s.</p>\n",
			 html_name(page, options->series),
			 options->places ? arena_format(page->arena,
							"are those of the image, in bytes, "
							"from <code>%s</code>",
							html_name(page, options->places))
					 : "are not known: the image's kernel has no BTF");
	else
		html_put(page, "<p class=\"intro\">No layout rules for this kernel: which structs "
			       "an option changes is not known.</p>\n");
	for (enum weight weight = WEIGHT_STRUCTS; weight < WEIGHTS; weight++)
		part(page, options, weight);
}

/* FreeBSD's kernels have no config that could be compared. */
bool html_has_options(const struct page *page)
{
	return array_any(pair, &page->ledger->pairs, !pair->card.system && pair->status != 3);
}

void html_options(struct page *page)
{
	const struct ledger_pairs *pairs = &page->ledger->pairs;
	size_t shown = 0, omitted = 0;

	if (!html_has_options(page))
		return;

	html_part(page, HTML_OPTIONS);
	html_put(page, "<section id=\"options\"><h2>Kernel config</h2>\n");
	for (size_t i = 0; i < pairs->count; i++) {
		const struct ledger_options *options = &pairs->list[i].options;
		const struct ledger_pairs before = {pairs->list, i, i};

		if (!options->compared)
			continue;
		if (shown == DIFFERENCES_MOST || !html_fits(page)) {
			omitted++;
		} else if (!array_any(pair, &before,
				      pair->options.compared &&
					      same_options(&pair->options, options))) {
			difference(page, pairs, i);
			shown++;
		}
	}
	if (omitted)
		html_put(page, "<p>Omitted for lack of space: %zu pairs.</p>\n", omitted);
	if (!shown && !omitted)
		html_put(page,
			 "<p class=\"intro\">The configs were not compared, because those of "
			 "the image and of the feed's build are not both known: give them "
			 "with %s.</p>\n",
			 page->ledger->plan
				 ? "the keys <code>config</code> of the image and of the "
				   "feed in the plan"
				 : "<code>--image-config</code> and "
				   "<code>--feed-config</code>");
	html_put(page, "</section>\n");
}
