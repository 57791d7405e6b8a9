/* SPDX-License-Identifier: ISC */
/* Prints the symbols whose CRCs differ, each pair of CRCs once, with the packages
 * that import them. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { SYMBOLS_MOST = 200, NAMES_MOST = 4, SHARED_MOST = 8, RELEASES_MOST = 8 };

struct symbol {
	const char *name, *image, *package;
	const char *release; /* of the first image's kernel, or NULL */
	struct strings packages, images;
	struct strings handled; /* structs in its declaration, as far as known */
};

struct symbols {
	struct symbol *list;
	size_t count, room;
	struct map places;
	size_t more; /* symbols that the findings only count */
};

static void symbol_add(struct page *page, struct symbols *symbols, const struct ledger_pair *pair,
		       const struct ledger_cell *cell, const struct finding *finding)
{
	const char *key = arena_format(page->arena, "%s\n%s\n%s", text_or_empty(finding->subject),
				       finding->expected, finding->found);
	uint32_t next = (uint32_t)symbols->count;
	uint32_t place = map_put(&symbols->places, page->arena, key, next);

	if (place == next) {
		struct symbol *symbol = array_add(page->arena, symbols);

		symbol->name = finding->subject;
		symbol->release = pair->card.release;
		symbol->image = finding->expected;
		symbol->package = finding->found;
	}
	*array_add(page->arena, &symbols->list[place].packages) = cell->name;
	*array_add(page->arena, &symbols->list[place].images) = pair->image;
	symbols->more += finding->more;
}

static int symbol_order(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;
	int order = strcmp(text_or_empty(a->name), text_or_empty(b->name));

	if (a->packages.count != b->packages.count)
		return a->packages.count > b->packages.count ? -1 : 1;
	if (!order)
		order = strcmp(a->image, b->image);
	return order ? order : strcmp(a->package, b->package);
}

static bool is_crc(const struct finding *finding)
{
	return strcmp(finding->id, "symbol-crc") == 0 && finding->expected && finding->found;
}

bool html_has_symbols(const struct page *page)
{
	array_each(pair, &page->ledger->pairs)
		array_each(cell, &pair->cells)
			array_each(one, &cell->findings)
				if (is_crc(&one->finding))
					return true;
	return false;
}

static struct symbols symbols_of(struct page *page)
{
	struct symbols symbols = {0};

	array_each(pair, &page->ledger->pairs)
		array_each(cell, &pair->cells)
			array_each(one, &cell->findings)
				if (is_crc(&one->finding))
					symbol_add(page, &symbols, pair, cell, &one->finding);
	array_each(symbol, &symbols) {
		strings_unique(&symbol->packages);
		strings_unique(&symbol->images);
	}
	array_sort(&symbols, symbol_order);
	return symbols;
}

/* ---- which structs they share ---- */

/* Finds the structs that each symbol uses, by the layout rules, if there are some for
 * exactly the kernel's series. Reads the rules of each release once, of the first
 * RELEASES_MOST. */
static void handled_fill(struct page *page, struct symbols *symbols)
{
	const struct layout_reach *reaches[RELEASES_MOST];
	struct map places = {0};

	array_each(symbol, symbols) {
		uint32_t next = (uint32_t)places.count, place;

		if (!symbol->release || !symbol->name)
			continue;
		place = map_put(&places, page->arena, symbol->release, next);
		if (place >= RELEASES_MOST)
			continue;
		if (place == next) {
			struct layout_choice choice;
			struct error error;
			bool exact =
				layout_choose(page->arena, symbol->release, page->ledger->rules,
					      LAYOUT_ALL, &choice, &error) &&
				choice.rules && choice.exact;

			reaches[place] = exact ? layout_rules_reach(choice.rules) : NULL;
		}
		if (reaches[place])
			symbol->handled = layout_handled(page->arena, reaches[place], symbol->name);
	}
}

/* One struct that changed changes the CRCs of all symbols that have it
 * in their declarations. */
static void shared_structs(struct page *page, const struct symbols *symbols)
{
	struct tally shared = {0};

	array_each(symbol, symbols)
		array_each(name, &symbol->handled)
			tally_add(page, &shared, *name);
	tally_sort(&shared);

	if (!shared.count)
		return;
	html_put(page,
		 "<h3>Structs that they share</h3>\n<p class=\"intro\">By the layout rules of the "
		 "kernel's series: how many of these symbols have the struct in their "
		 "declarations. When a struct changes, all these CRCs change.</p>\n"
		 "<ul class=\"bars\">\n");
	for (size_t i = 0; i < shared.count && i < SHARED_MOST; i++)
		html_bar_row(page, "unsafe",
			     arena_format(page->arena, "struct %s", shared.list[i].name),
			     shared.list[i].count, symbols->count);
	html_put(page, "</ul>\n");
	if (shared.count > SHARED_MOST)
		html_put(page, "<p>and %zu more structs</p>\n", shared.count - SHARED_MOST);
}

static void symbol_row(struct page *page, const struct symbol *symbol, bool handled)
{
	html_put(page, "<tr><th scope=\"row\"><code>%s</code></th><td><code>%s</code></td>",
		 html_name(page, symbol->name), html_name(page, symbol->image));
	html_put(page, "<td><code>%s</code></td>", html_name(page, symbol->package));
	if (handled)
		html_put(page, "<td>%s</td>",
			 symbol->handled.count ? html_names(page, &symbol->handled, NAMES_MOST)
					       : "<span class=\"soft\">not known</span>");
	html_put(page, "<td>%s%s%s</td></tr>\n", html_names(page, &symbol->packages, NAMES_MOST),
		 page->images.count > 1 ? " on " : "",
		 page->images.count > 1 ? html_names(page, &symbol->images, NAMES_MOST) : "");
}

/* The structs that the configs give another layout; such structs change CRCs. */
static void structs(struct page *page)
{
	struct strings names = {0};

	array_each(pair, &page->ledger->pairs)
		array_each(option, &pair->options)
			array_each(text, &option->structs) {
				const char *place = strstr(*text, LEDGER_PLACE);
				struct span name = span_from(*text, place ? (size_t)(place - *text)
									  : strlen(*text));

				*array_add(page->arena, &names) = arena_string(page->arena, name);
			}
	strings_unique(&names);
	if (names.count)
		html_put(page,
			 "<p>A CRC covers every struct that the types of a symbol lead to. By the "
			 "<a href=\"#options\">kernel configs</a> these differ: %s.</p>\n",
			 html_names(page, &names, NAMES_MOST * 3));
	else
		html_put(page, "<p class=\"intro\">A CRC covers every struct that the types of a "
			       "symbol lead to. With both kernel configs the page also names the "
			       "structs that differ.</p>\n");
}

void html_symbols(struct page *page)
{
	struct symbols symbols = symbols_of(page);
	size_t shown = 0;

	if (!symbols.count)
		return;
	handled_fill(page, &symbols);

	bool handled = array_any(symbol, &symbols, symbol->handled.count > 0);

	html_part(page, HTML_SYMBOLS);
	html_put(page, "<section id=\"symbols\"><h2>Symbols whose CRCs differ</h2>\n");
	structs(page);
	shared_structs(page, &symbols);
	html_put(page, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		       "aria-label=\"Symbols whose CRCs differ\"><table class=\"symbols\">\n"
		       "<thead><tr><th scope=\"col\">Symbol</th><th scope=\"col\">Image</th>"
		       "<th scope=\"col\">Package</th>");
	if (handled)
		html_put(page, "<th scope=\"col\">Structs</th>");
	html_put(page, "<th scope=\"col\">Imported by</th></tr></thead>\n<tbody>\n");
	while (shown < symbols.count && shown < SYMBOLS_MOST && html_fits(page))
		symbol_row(page, &symbols.list[shown++], handled);
	html_put(page, "</tbody></table></div>\n");
	if (symbols.count - shown + symbols.more)
		html_put(page, "<p>Not listed: %zu more.</p>\n",
			 symbols.count - shown + symbols.more);
	html_put(page, "</section>\n");
}
