/* SPDX-License-Identifier: ISC */
/* Prints what to do about packages that are missing: which to get, from where, and the
 * command to repeat. */
#include "report/text/text_parts.h"

#include "base/text.h"

#include <string.h>

enum { FEEDS_SHOWN = 3 };

/* The feeds that the user gave, as in " files/one.ipk packages/"; " FEED..." if
 * there are many. */
static const char *feeds_words(const struct text *text)
{
	const struct feeds *feeds = world_feeds(text->verdicts->world);
	const char *words = "";

	if (!feeds->count || feeds->count > FEEDS_SHOWN)
		return " FEED...";
	array_each(feed, feeds)
		words = arena_format(text->arena, "%s %s", words, feed->source);
	return words;
}

/* True if the image's feed lists contain at least one feed. */
static bool image_names_feeds(struct arena *arena, const struct image *image)
{
	struct strings feeds = {0};
	struct error error = {0};

	array_each(list, &image->feed_lists)
		if (!feed_list_read(arena, list->witness, list->text, &feeds, &error))
			return false;
	return feeds.count > 0;
}

void text_missing(const struct text *text, const struct strings *missing, const char *indent)
{
	const struct package *package =
		text->about ? text->about : text->verdicts->results.list[0].package;
	const struct image *image = world_image(text->verdicts->world);
	const char *feeds = feeds_words(text), *rest = arena_format(text->arena, "%s    ", indent);
	const char *kernel = "", *files = "";

	/* packages with modules are published per kernel */
	if (image->abi.version && strncmp(missing->list[0], "kmod-", strlen("kmod-")) == 0)
		kernel = arena_format(text->arena, " for kernel %s,",
				      abi_text(text->arena, &image->abi));
	/* "kmod-mii (>= 1)", "kmod-mii>1" and "kmod-mii | b" name kmod-mii */
	array_each(dependency, missing)
		files = arena_format(text->arena, "%s %.*s.%s", files,
				     (int)strcspn(*dependency, " (<>=~|,"), *dependency,
				     package_ending(package));

	text_say(text, arena_format(text->arena, "%sto settle it: ", indent), rest,
		 "get %s%s from where %s came from, then type:",
		 strings_join(text->arena, missing, missing->count), kernel, package->name);
	text_command(text, rest,
		     quote(text->arena, arena_format(text->arena, "kmodaudit audit %s%s%s",
						     image->source, feeds, files)));
	/* a saved report does not contain the image's feed lists, and its text must
	 * equal that of the audit */
	if (!text->about || !image_names_feeds(text->arena, image))
		return;
	text_line(text, indent, rest, "or use the feeds that the image names:");
	text_command(text, rest,
		     quote(text->arena,
			   arena_format(text->arena, "kmodaudit audit --feeds-from-image %s%s",
					image->source, feeds)));
}
