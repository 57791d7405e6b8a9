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

static bool is_compiler(const char *option)
{
	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++)
		if (strcmp(option, compilers[i]) == 0)
			return true;
	return false;
}

/* True if OPTION cannot change a module: no header that modules include mentions it,
 * it changes no compiler flag, and it is an option of the sources that the rules
 * were made from. */
static bool harmless(const struct layout_choice *layout, const char *option)
{
	return layout->rules && layout->exact && !build_option_find(layout->build, option) &&
	       layout_option(layout->rules, option) == OPTION_KNOWN &&
	       !layout_option_seen(layout_rules_reach(layout->rules), option);
}

void comparison_add(struct arena *arena, struct comparison *comparison,
		    const struct option_change *change, bool core)
{
	if ((comparison->layout.ignored &&
	     globs_fit(comparison->layout.ignored, option_bare(change->name))) ||
	    is_compiler(change->name))
		return;
	if (core) {
		*array_add(arena, &comparison->core) = *change;
		if (!harmless(&comparison->layout, change->name))
			*array_add(arena, &comparison->reaching) = *change;
		if (build_option_find(comparison->layout.build, change->name))
			*array_add(arena, &comparison->unseen) = change->name;
	} else if (comparison->layout.exact &&
		   layout_option(comparison->layout.rules, change->name) == OPTION_FOREIGN) {
		*array_add(arena, &comparison->foreign) = change->name;
	}
	if (!comparison->layout.rules)
		return;

	struct private_structs found =
		layout_private(arena, layout_rules_reach(comparison->layout.rules), change->name);

	array_each(entry, &found)
		*array_add(arena, &comparison->privates) = *entry;
	layout_changes(arena, comparison->layout.rules, change->name, change->before, change->after,
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

	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
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

/* The tristate that can have turned on an option: the first of BY that is =m on
 * one side only. */
static const char *dragger(const struct comparison *comparison, const struct strings *by)
{
	const struct option_changes *modules = &comparison->difference.modules_added;

	array_each(change, modules)
		if (strings_have(by, option_bare(change->name)))
			return change->name;
	return NULL;
}

struct draggeds comparison_dragged(struct arena *arena, const struct comparison *comparison)
{
	struct draggeds draggeds = {0};

	if (!comparison->layout.rules)
		return draggeds;
	array_each(change, &comparison->difference.core_added) {
		const struct strings *by =
			layout_dragged_by(comparison->layout.rules, change->name);
		const char *option = by ? dragger(comparison, by) : NULL;

		if (option)
			*array_add(arena, &draggeds) = (struct dragged){change->name, option};
	}
	return draggeds;
}
