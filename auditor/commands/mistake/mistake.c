/* SPDX-License-Identifier: ISC */
/* Recognises inputs given in the wrong place, such as image and feed exchanged, and
 * builds the hint with the command line to type instead. */
#include "commands/mistake/mistake.h"

#include "facts/feed/feed.h"
#include "facts/feed/nature.h"

#include <errno.h>
#include <sys/stat.h>

enum { SHOWN_MOST = 4 }; /* feeds shown in a suggested command line */

/* The nature of PATH; unknown for a URL or stdin, which cannot be read twice. */
static struct nature looked_at(const char *path)
{
	if (strcmp(path, "-") == 0 || strstr(path, "://"))
		return (struct nature){NATURE_UNKNOWN, NULL};
	return nature_of(path);
}

/* The option of audit for such a file, if it is neither an image nor a feed. */
static const char *option_for(enum nature_kind kind)
{
	switch ((int)kind) {
	case NATURE_CONFIG:
		return "--image-config";
	case NATURE_SYMVERS:
		return "--image-symvers";
	case NATURE_MANIFEST:
		return "--image-manifest";
	default:
		return NULL;
	}
}

/* Operands such as " a.ipk b.ipk": IMAGE, unless NULL, and FEEDS without SWAPPED. */
static const char *others_text(struct arena *arena, const char *image, const struct strings *feeds,
			       const char *swapped)
{
	const char *text = image ? arena_format(arena, " %s", image) : "";
	size_t shown = 0;

	array_each(feed, feeds)
		if (*feed != swapped && shown++ < SHOWN_MOST)
			text = arena_format(arena, "%s %s", text,
					    shown < SHOWN_MOST ? *feed : "...");
	return *text ? text : " FEED...";
}

static const char *image_hint(struct arena *arena, const char *command, const char *image,
			      const struct strings *feeds)
{
	struct nature nature = looked_at(image);
	const char **first = array_find(feed, feeds, nature_is_image(looked_at(*feed)));
	const char *swapped = first ? *first : NULL;

	if (nature.kind == NATURE_ABSENT)
		return mistake_absent(arena, image);
	if (!nature.words || nature_is_image(nature))
		return "";
	if (swapped)
		return arena_format(
			arena, "; the image comes first, type: kmodaudit %s %s%s", command, swapped,
			others_text(arena, nature_is_feed(nature) ? image : NULL, feeds, swapped));
	if (nature.kind == NATURE_PLAN)
		return arena_format(arena, "; type: kmodaudit gate %s", image);
	if (option_for(nature.kind))
		return arena_format(arena, "; type: kmodaudit %s %s %s IMAGE FEED...", command,
				    option_for(nature.kind), image);
	return arena_format(arena, "; type: kmodaudit %s IMAGE %s", command,
			    nature_is_feed(nature) ? image : "FEED...");
}

static const char *feed_hint(struct arena *arena, const char *command, const char *image,
			     const struct strings *feeds)
{
	array_each(feed, feeds) {
		struct nature nature = looked_at(*feed);

		if (strcmp(*feed, "-") == 0)
			return "; only IMAGE can be read from standard input";
		if (nature.kind == NATURE_ABSENT) {
			const char *near = mistake_absent(arena, *feed);

			/* in `explain IMAGE PACKAGE` it may be a package's name */
			if (*near || strcmp(command, "explain") != 0 || feeds->count != 1 ||
			    strpbrk(*feed, "/.:"))
				return near;
			return arena_format(arena,
					    "; if that is the name of a package, type: kmodaudit "
					    "explain %s FEED... %s",
					    image, *feed);
		}
		if (!nature.words || nature_is_feed(nature) || nature.kind == NATURE_ROOT)
			continue;
		if (option_for(nature.kind))
			return arena_format(arena, "; type: kmodaudit %s %s %s %s FEED...", command,
					    option_for(nature.kind), *feed, image);
		return arena_format(arena, "; type: kmodaudit %s %s FEED...", command, image);
	}
	return "";
}

const char *mistake_hint(struct arena *arena, const char *command, const char *image,
			 const struct strings *feeds, bool image_failed)
{
	return (image_failed ? image_hint : feed_hint)(arena, command, image, feeds);
}

static bool is_pattern(const char *path)
{
	return path[strcspn(path, "*?[")] != '\0';
}

const char *mistake_plan(struct arena *arena, const char *path)
{
	struct nature nature = looked_at(path);

	if (nature.kind == NATURE_ABSENT)
		return arena_format(arena, "%s: %s%s", path, strerror(errno),
				    mistake_absent(arena, path));
	if (!nature.words || nature.kind == NATURE_PLAN || nature.kind == NATURE_TEXT)
		return NULL;
	if (nature_is_image(nature))
		return arena_format(arena,
				    "%s: is %s, but a plan is expected here; type: kmodaudit gate "
				    "--init %s FEED... >plan.yaml",
				    path, nature.words, path);
	return arena_format(arena,
			    "%s: is %s, but a plan is expected here; to write one, type: kmodaudit "
			    "gate --init IMAGE FEED... >plan.yaml",
			    path, nature.words);
}

bool mistake_report(struct arena *arena, const char *path, struct error *error)
{
	struct nature nature = looked_at(path);

	if (nature.kind == NATURE_ABSENT)
		return fail(error, "%s: %s%s", path, strerror(errno), mistake_absent(arena, path));
	if (!nature.words || nature.kind == NATURE_REPORT || nature.kind == NATURE_TEXT)
		return false;
	return fail(error, "%s: is %s, but a report of kmodaudit audit or gate is expected here",
		    path, nature.words);
}

const char *mistake_plans(struct arena *arena, const struct strings *operands)
{
	if (!operands->count)
		return "; to write one, type: kmodaudit gate --init IMAGE FEED... >plan.yaml";

	const char *first = operands->list[0];
	const struct strings rest = {operands->list + 1, operands->count - 1, operands->count - 1};
	struct nature nature = looked_at(first);

	if (nature_is_image(nature))
		return arena_format(arena,
				    "; to write one, type: kmodaudit gate --init %s%s >plan.yaml",
				    first, others_text(arena, NULL, &rest, NULL));
	return nature_is_feed(nature)
		       ? "; to write one, type: kmodaudit gate --init IMAGE FEED... >plan.yaml"
		       : "";
}

const char *mistake_alone(struct arena *arena, const char *path)
{
	if (nature_is_feed(looked_at(path)))
		return arena_format(arena,
				    "no IMAGE given; type: kmodaudit audit IMAGE %s (- as IMAGE "
				    "reads standard input)",
				    path);
	return arena_format(arena, "no FEED given; type: kmodaudit audit %s FEED...", path);
}

bool mistakes_none(struct arena *arena, const char *image, const struct strings *feeds,
		   struct error *error)
{
	if (strcmp(image, "-") == 0)
		return fail(error, "-: a plan names files, not standard input");

	struct nature nature = {NATURE_UNKNOWN, NULL};

	if (!is_pattern(image))
		nature = looked_at(image);
	if (nature.kind == NATURE_ABSENT)
		return fail(error, "%s: %s%s", image, strerror(errno),
			    mistake_absent(arena, image));
	if (nature.words && !nature_is_image(nature))
		return fail(error, "%s: is %s, but " IMAGE_EXPECTED "%s", image, nature.words,
			    image_hint(arena, "gate --init", image, feeds));
	array_each(feed, feeds) {
		if (is_pattern(*feed))
			continue;
		nature = looked_at(*feed);
		if (nature.kind == NATURE_ABSENT)
			return fail(error, "%s: %s%s", *feed, strerror(errno),
				    mistake_absent(arena, *feed));
		if (nature.kind == NATURE_IMAGE)
			return fail(error,
				    "%s: is a firmware image, and --init takes one; type: "
				    "kmodaudit gate --init %s FEED..., and add the others under "
				    "images: in the plan",
				    *feed, image);
		if (nature.words && !nature_is_feed(nature) && nature.kind != NATURE_ROOT)
			return fail(error,
				    "%s: is %s, but a feed is expected here: a directory of "
				    "packages, its index, or a package; type: kmodaudit gate "
				    "--init %s FEED...",
				    *feed, nature.words, image);
	}
	return true;
}
