/* SPDX-License-Identifier: ISC */
/* Prints the top of the page: the answer, its numbers, and the identity of
 * a single image. */
#include "report/html/html.h"

#include "base/text.h"

#include <string.h>

enum { NAMES_MOST = 8 };

static void number(struct page *page, const char *class, const char *sign, const char *label,
		   size_t count)
{
	html_put(page,
		 "<div class=\"number %s%s\"><dt><span aria-hidden=\"true\">%s</span> %s</dt>"
		 "<dd>%zu</dd></div>\n",
		 class, count ? "" : " none", sign, label, count);
}

static void scope(struct page *page)
{
	const struct ledger *ledger = page->ledger;

	if (ledger->plan) {
		html_put(page, "<p class=\"scope\">Plan <code>%s</code>: %s, ",
			 html_name(page, ledger->plan),
			 text_count(page->arena, page->images.count, "image"));
		html_put(page, "%s, %s. ", text_count(page->arena, ledger->feeds.count, "feed"),
			 text_count(page->arena, ledger->pairs.count, "pair"));
		if (ledger->shards)
			html_put(page, "Shard %u of %u: %zu of %zu pairs. ", ledger->shard,
				 ledger->shards, ledger->pairs.count, ledger->planned);
		html_put(page, "A package counts once for each image. ");
	} else if (ledger->pairs.count) {
		const struct ledger_pair *pair = ledger->pairs.list;

		html_put(
			page,
			"<p class=\"scope\">Image <code>%s</code>, packages from <code>%s</code>. ",
			html_name(page, pair->image), html_text(page, pair->feed));
	}
	html_put(page, "Policy <code>%s</code>.</p>\n", html_name(page, ledger->rules->policy));
}

/* The pair of the only image of the page; NULL: there are several, or it could not be
 * read. */
static const struct ledger_pair *only_image(const struct page *page)
{
	const struct ledger_pairs *pairs = &page->ledger->pairs;

	return page->images.count == 1 && pairs->list[0].status != 3 ? &pairs->list[0] : NULL;
}

static void navigation(struct page *page)
{
	const struct {
		const char *id, *words;
		bool absent;
	} parts[] = {{"causes", "Causes", false},
		     {"packages", "Packages", false},
		     {"charts", "Charts", !html_has_charts(page)},
		     {"images", "Images", only_image(page) != NULL},
		     {"options", "Config", !html_has_options(page)},
		     {"symbols", "Symbols", !html_has_symbols(page)},
		     {"waivers", "Waivers", !page->ledger->waivers.source},
		     {"rules", "Rules", false}};

	html_put(page, "<nav aria-label=\"Parts of the page\"><ul>\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!parts[i].absent)
			html_put(page, "<li><a href=\"#%s\">%s</a></li>\n", parts[i].id,
				 parts[i].words);
	html_put(page, "</ul></nav>\n");
}

/* ---- the images ---- */

static void card_line(struct page *page, const char *label, const char *value, bool code)
{
	html_put(page, "<div><dt>%s</dt><dd>%s%s%s</dd></div>\n", label, code ? "<code>" : "",
		 html_text(page, value), code ? "</code>" : "");
}

static void card(struct page *page, const struct ledger_pair *pair)
{
#define AT(member) offsetof(struct ledger_card, member)
	/* LINUX, FREEBSD: whether an image of that system has the line; CODE: it
	 * is a literal */
	static const struct {
		size_t offset;
		const char *label;
		bool linux_has, freebsd_has, code;
	} lines[] = {
		{AT(distribution), "Distribution", true, true, false},
		{AT(target), "Target", true, false, true},
		{AT(revision), "Revision", true, false, true},
		{AT(system), "System", false, true, false},
		{AT(release), "Kernel release", true, true, true},
		{AT(osreldate), "osreldate", false, true, true},
		{AT(ident), "Kernel ident", false, true, true},
		{AT(architecture), "Architecture", true, true, true},
		{AT(vermagic), "Vermagic", true, false, true},
		{AT(abi), "Kernel abi", true, false, true},
		{AT(build), "Whose build", true, false, false},
		{AT(interfaces), "Interfaces", false, true, false},
		{AT(exports), "Exports", true, true, false},
		{AT(config), "Kernel config", true, false, true},
		{AT(modules), "Modules", true, true, true},
		{AT(packages), "Installed packages", true, true, true},
		{AT(sha256), "SHA-256", true, true, true},
	};
#undef AT
	bool freebsd = pair->card.system != NULL;
	struct strings absent = {0};

	html_put(page, "<dl class=\"card\">\n");
	if (!text_same(pair->source, pair->image))
		card_line(page, "File", pair->source, true);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const char *value =
			*(const char *const *)((const char *)&pair->card + lines[i].offset);

		if (!(freebsd ? lines[i].freebsd_has : lines[i].linux_has))
			continue;
		if (value)
			card_line(page, lines[i].label, value, lines[i].code);
		else
			*array_add(page->arena, &absent) = lines[i].label;
	}
	if (absent.count)
		html_put(page, "<div class=\"absent\"><dt>Not known</dt><dd>%s</dd></div>\n",
			 strings_join(page->arena, &absent, absent.count));
	html_put(page, "</dl>\n");
}

static void findings(struct page *page, const struct ledger_findings *list)
{
	if (!list->count)
		return;
	html_put(page, "<ul class=\"beside\">\n");
	for (size_t i = 0; i < list->count && i < NAMES_MOST; i++) {
		const struct ledger_finding *one = &list->list[i];

		html_put(page, "<li class=\"%s\">%s %s</li>\n", level_name[one->level],
			 html_text(page, one->finding.text), html_rule(page, one->finding.id));
	}
	if (list->count > NAMES_MOST)
		html_put(page, "<li>and %zu more</li>\n", list->count - NAMES_MOST);
	html_put(page, "</ul>\n");
}

static void image(struct page *page, const struct ledger_pair *pair, bool open)
{
	html_put(page, "<details class=\"image\"%s><summary><code>%s</code>", open ? " open" : "",
		 html_name(page, pair->image));
	if (pair->card.release)
		html_put(page, " <span class=\"soft\">%s %s</span>",
			 pair->card.system ? html_name(page, pair->card.system) : "Linux",
			 html_name(page, pair->card.release));
	html_put(page, "</summary>\n");
	if (pair->status == 3)
		html_put(page, "<p>No answer: it could not be read.</p>\n");
	else
		card(page, pair);
	findings(page, &pair->image_findings);
	html_put(page, "</details>\n");
}

void html_answer(struct page *page)
{
	static const char *const words[GATE_COUNT] = {
		[GATE_PASS] = "Pass", [GATE_WARN] = "Pass, with warnings", [GATE_FAIL] = "Fail"};
	const struct ledger_sums *sums = &page->ledger->sums;
	const struct ledger_pair *only = only_image(page);
	enum gate gate = page->ledger->gate;

	html_put(page, "<header class=\"answer %s\">\n<p class=\"kind\">kmodaudit %s</p>\n",
		 gate_name[gate], page->ledger->plan ? "gate" : "audit");
	html_headline(page, words[gate], ledger_headline(page->arena, page->ledger));
	scope(page);
	html_put(page, "<dl class=\"numbers\">\n");
	for (size_t i = VERDICT_COUNT; i-- > 0;)
		number(page, verdict_name[i], html_sign[i], verdict_name[i], sums->verdict[i]);
	if (sums->waived)
		number(page, "passed", "", "waived", sums->waived);
	if (sums->known)
		number(page, "passed", "", "known", sums->known);
	html_put(page, "</dl>\n");
	html_bar(page, sums->verdict);
	if (only) {
		html_put(page, "<section id=\"image\" aria-label=\"The image\">\n");
		card(page, only);
		findings(page, &only->image_findings);
		html_put(page, "</section>\n");
	}
	navigation(page);
	html_put(page, "</header>\n");
}

void html_images(struct page *page)
{
	struct map seen = {0};
	size_t shown = 0;

	if (only_image(page))
		return;
	html_part(page, HTML_IMAGES);
	html_put(page, "<section id=\"images\"><h2>Images</h2>\n"
		       "<p class=\"intro\">What identifies each image, as read from its "
		       "bytes.</p>\n");
	array_each(pair, &page->ledger->pairs) {
		size_t before = seen.count;

		map_put(&seen, page->arena, pair->image, 0);
		if (seen.count == before || !html_fits(page))
			continue;
		shown++;
		image(page, pair, page->images.count <= 2);
	}
	if (shown < page->images.count)
		html_put(page, "<p>Omitted for lack of space: %zu images.</p>\n",
			 page->images.count - shown);
	html_put(page, "</section>\n");
}
