/* SPDX-License-Identifier: ISC */
/* Compares the kernel configs of image and feed by the layout rules: which options and
 * structs differ, and whether both name the same compiler. */
#include "facts/compare/comparison_parts.h"

#include "base/text.h"

#include <string.h>

static const char *const compilers[] = {"CONFIG_CC_VERSION_TEXT", "CONFIG_GCC_VERSION",
					"CONFIG_CLANG_VERSION",	  "CONFIG_AS_VERSION",
					"CONFIG_LD_VERSION",	  "CONFIG_LLD_VERSION",
					"CONFIG_RUSTC_VERSION",	  "CONFIG_PAHOLE_VERSION"};
enum { COMPILERS_AND_TOOLS = sizeof compilers / sizeof *compilers };

void comparison_add(struct arena *arena, struct comparison *comparison,
		    const struct option_change *change, bool core)
{
	const struct layout_choice *layout = &comparison->layout;

	if ((layout->ignored && globs_fit(layout->ignored, option_bare(change->name))) ||
	    text_index(change->name, compilers, COMPILERS_AND_TOOLS) < COMPILERS_AND_TOOLS)
		return;
	if (core) {
		bool unseen = build_option_find(layout->build, change->name);
		/* no header that modules include mentions it, it changes no compiler flag, and
		 * it is an option of the sources that the rules were made from */
		bool harmless =
			layout->rules && layout->exact && !unseen &&
			layout_option(layout->rules, change->name) == OPTION_KNOWN &&
			!layout_option_seen(layout_rules_reach(layout->rules), change->name);

		*array_add(arena, &comparison->core) = *change;
		if (!harmless)
			*array_add(arena, &comparison->reaching) = *change;
		if (unseen)
			*array_add(arena, &comparison->unseen) = change->name;
	} else if (layout->exact && layout_option(layout->rules, change->name) == OPTION_FOREIGN) {
		*array_add(arena, &comparison->foreign) = change->name;
	}
	if (!layout->rules)
		return;

	struct private_structs found =
		layout_private(arena, layout_rules_reach(layout->rules), change->name);

	array_each(entry, &found)
		*array_add(arena, &comparison->privates) = *entry;
	layout_changes(arena, layout->rules, change->name, change->before, change->after,
		       &comparison->structs);
}

static void changes_add(struct arena *arena, struct comparison *comparison,
			const struct option_changes *changes, bool core)
{
	array_each(change, changes)
		comparison_add(arena, comparison, change, core);
}

static int struct_compare(const void *a, const void *b)
{
	const struct struct_change *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->option, y->option);
}

static int change_compare(const void *a, const void *b)
{
	return strcmp(((const struct option_change *)a)->name,
		      ((const struct option_change *)b)->name);
}

void comparison_settle(struct comparison *comparison)
{
	strings_unique(&comparison->unseen);
	strings_unique(&comparison->foreign);
	array_sort(&comparison->core, change_compare);
	array_sort(&comparison->reaching, change_compare);
	array_sort(&comparison->structs, struct_compare);
}

static const char *same_compiler(const struct config *a, const struct config *b)
{
	const char *name = NULL;

	for (size_t i = 0; i < COMPILERS_AND_TOOLS; i++) {
		const char *x = config_get(a, compilers[i]), *y = config_get(b, compilers[i]);

		if (!x != !y || (x && strcmp(x, y) != 0))
			return NULL;
		if (i == 0)
			name = x;
	}
	return name;
}

/* The option by which the two configs name different compilers; NULL if they do not. */
static const char *other_compiler(const struct config *a, const struct config *b)
{
	enum { COMPILERS = 3 }; /* compilers are at the start of the list; the others are tools */

	for (size_t i = 0; i < COMPILERS; i++) {
		const char *x = config_get(a, compilers[i]), *y = config_get(b, compilers[i]);

		if (x && y && strcmp(x, y) != 0)
			return compilers[i];
	}
	return NULL;
}

static const char *unusable(struct arena *arena, const struct config *image,
			    const struct config *feed)
{
	if (!image->resolved || !feed->resolved)
		return arena_format(
			arena,
			"%s is not a complete config: it lacks the options that its options select",
			image->resolved ? feed->witness : image->witness);
	if (!image->release || !feed->release || strcmp(image->release, feed->release) != 0)
		return arena_format(arena, "the configs are of kernels %s and %s",
				    image->release ? image->release : "not known",
				    feed->release ? feed->release : "not known");
	return NULL;
}

struct comparison configs_compare(struct arena *arena, const struct config *image,
				  const struct config *feed, const struct layout_choice *layout)
{
	struct comparison comparison = {
		.image = image,
		.feed = feed,
		.difference = config_compare(arena, image, feed),
		.layout = *layout,
		.unusable = unusable(arena, image, feed),
		.seed = build_options_seed(layout->build, image),
		.compiler = same_compiler(image, feed),
		.other_compiler = other_compiler(image, feed),
	};
	const struct config_difference *difference = &comparison.difference;

	if (!comparison.seed)
		comparison.seed = build_options_seed(layout->build, feed);
	changes_add(arena, &comparison, &difference->core_added, true);
	changes_add(arena, &comparison, &difference->core_removed, true);
	changes_add(arena, &comparison, &difference->core_changed, true);
	changes_add(arena, &comparison, &difference->values, true);
	changes_add(arena, &comparison, &difference->modules_added, false);
	changes_add(arena, &comparison, &difference->modules_removed, false);
	comparison_settle(&comparison);
	return comparison;
}

struct draggeds comparison_dragged(struct arena *arena, const struct comparison *comparison)
{
	struct draggeds draggeds = {0};

	if (!comparison->layout.rules)
		return draggeds;
	array_each(change, &comparison->difference.core_added) {
		const struct strings *by =
			layout_dragged_by(comparison->layout.rules, change->name);
		/* the tristate that can have turned it on: =m on one side only */
		const struct option_change *dragger =
			by ? array_find(module, &comparison->difference.modules_added,
					strings_have(by, option_bare(module->name)))
			   : NULL;

		if (dragger)
			*array_add(arena, &draggeds) =
				(struct dragged){change->name, dragger->name};
	}
	return draggeds;
}
