/* SPDX-License-Identifier: ISC */
/* Prints the result of diff as text or Markdown. */
#include "report/saved/diff.h"
#include "base/quote.h"
#include "base/text.h"
#include "report/ci/markdown.h"
#include "report/write/wrap.h"

/* Items that changed in the same way, with the same findings. */
struct diff_group {
	const struct diff_item *first;
	struct strings names; /* with versions; empty: image and feed */
};

struct diff_groups {
	struct diff_group *list;
	size_t count, room;
};

struct page {
	FILE *out;
	struct arena *arena;
	const struct diff *diff;
	bool markdown;
};

/* TEXT from an input, escaped. */
static const char *shown(const struct page *page, const char *text)
{
	return page->markdown ? markdown_code(page->arena, text, MARKDOWN_TEXT)
			      : quote(page->arena, text);
}

static void paragraph(const struct page *page, const char *first, const char *rest,
		      const char *text)
{
	if (page->markdown)
		fprintf(page->out, "%s%s\n", first, text);
	else
		wrap_print(page->out, wrap_width(page->out), first, rest, text);
}

static const char *version_words(const struct page *page, const struct diff_item *item)
{
	const char *old = item->old ? item->old->version : NULL,
		   *new = item->new ? item->new->version : NULL;

	if (item->old && item->new && !text_same(old, new))
		return arena_format(page->arena, " %s -> %s", shown(page, old ? old : "?"),
				    shown(page, new ? new : "?"));
	return new || old ? arena_format(page->arena, " %s", shown(page, new ? new : old)) : "";
}

static const char *verdict_words(const struct page *page, const struct diff_item *item)
{
	const char *old = item->old ? verdict_name[item->old->verdict] : NULL;
	const char *new = item->new ? verdict_name[item->new->verdict] : NULL;

	if (!old)
		return arena_format(page->arena, "%s", new);
	if (!new)
		return arena_format(page->arena, "was %s", old);
	return strcmp(old, new) != 0 ? arena_format(page->arena, "%s -> %s", old, new)
				     : arena_format(page->arena, "still %s", new);
}

static void findings_print(const struct page *page, const char *sign,
			   const struct diff_findings *findings)
{
	array_each(one, findings) {
		const struct finding *finding = &(*one)->finding;
		const char *text =
			arena_format(page->arena, "%s %s: %s", sign, level_name[(*one)->level],
				     shown(page, finding->text ? finding->text : finding->id));

		paragraph(page, page->markdown ? "  * " : "    ", "      ", text);
	}
}

static const char *where_words(const struct page *page, const struct diff_item *item)
{
	if (!page->diff->new->gate)
		return "";
	return arena_format(page->arena, " (%s with %s)", shown(page, item->pair->image),
			    shown(page, item->pair->feed));
}

static const char *findings_key(struct arena *arena, const struct diff_findings *findings)
{
	struct strings parts = {0};

	array_each(one, findings)
		*array_add(arena, &parts) = arena_format(arena, "%d %s", (int)(*one)->level,
							 (*one)->finding.text ? (*one)->finding.text
									      : (*one)->finding.id);
	return strings_join(arena, &parts, SIZE_MAX);
}

/* The items with CHANGE, those together that differ in the package only. */
static struct diff_groups groups_of_change(const struct page *page, enum diff_change change)
{
	struct diff_groups groups = {0};
	struct map places = {0};

	array_each(item, &page->diff->items) {
		const struct ledger_cell *named = item->new ? item->new : item->old;

		if (item->change != change)
			continue;

		const char *key = arena_format(
			page->arena, "%s\n%s\n%s\n%s", named ? verdict_words(page, item) : "",
			where_words(page, item), findings_key(page->arena, &item->appeared),
			findings_key(page->arena, &item->fixed));
		uint32_t next = (uint32_t)groups.count,
			 place = map_put(&places, page->arena, key, next);

		if (place == next)
			array_add(page->arena, &groups)->first = item;
		if (named)
			*array_add(page->arena, &groups.list[place].names) =
				arena_format(page->arena, "%s%s", shown(page, named->name),
					     version_words(page, item));
	}
	return groups;
}

static void change_print(const struct page *page, enum diff_change change)
{
	struct diff_groups groups = groups_of_change(page, change);

	if (groups.count)
		fprintf(page->out, page->markdown ? "\n### %s\n\n" : "\n%s:\n",
			diff_change_title[change]);
	array_each(group, &groups) {
		const struct diff_item *item = group->first;
		const char *where = where_words(page, item);
		const char *text =
			group->names.count
				? arena_format(page->arena, "%s: %s%s",
					       strings_join(page->arena, &group->names, SIZE_MAX),
					       verdict_words(page, item), where)
				: arena_format(page->arena, "image and feed%s", where);

		paragraph(page, page->markdown ? "- " : "  ", "    ", text);
		findings_print(page, "new", &item->appeared);
		findings_print(page, "gone", &item->fixed);
	}
}

bool diff_print_text(FILE *out, const struct diff *diff, bool markdown, struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	const struct page page = {out, &arena, diff, markdown};
	const struct saved *old = diff->old, *new = diff->new;
	const char *what = new->gate ? "the plan changed" : "the image changed";

	fprintf(out, markdown ? "## %s\n" : "%s\n", diff_headline(&arena, diff));
	paragraph(
		&page, markdown ? "\n" : "", "  ",
		arena_format(&arena, "%s -> %s", shown(&page, old->path), shown(&page, new->path)));
	if (diff->image_changed && new->gate)
		paragraph(&page, markdown ? "\n" : "  ", "  ", what);
	else if (diff->image_changed)
		paragraph(&page, markdown ? "\n" : "  ", "    ",
			  arena_format(&arena, "%s: %s -> %s", what,
				       shown(&page, old->ledger.pairs.list[0].source),
				       shown(&page, new->ledger.pairs.list[0].source)));
	for (size_t i = 0; i < DIFF_CHANGES; i++)
		change_print(&page, (enum diff_change)i);
	return !ferror(out) || fail(error, "cannot write");
}
