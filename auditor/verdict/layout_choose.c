/* SPDX-License-Identifier: ISC */
/* Chooses the layout rules (kernel/SERIES.yaml) for a kernel release: those of its
 * series, else of the nearest. */
#include "verdict/rule_files.h"

#include "base/embed.h"
#include "facts/module/series.h"
#include "unpack/file.h"

#include <string.h>

/* The files below kernel/ are named after a series: "6.1.yaml". */
static bool series_of(const char *text, unsigned *ret)
{
	struct series series = series_read(text);

	*ret = series.major * (SERIES_MOST + 1) + series.minor;
	return series.known;
}

/* the file of the series nearest to WANTED that is not in TRIED; NULL if
 * none is left */
static const char *nearest(const struct strings *names, unsigned wanted,
			   const struct strings *tried, unsigned *ret)
{
	const char *best = NULL;
	unsigned least = 0, series;

	for (size_t i = 0; i < names->count; i++) {
		if (!series_of(names->list[i] + 7, &series) || strings_have(tried, names->list[i]))
			continue;
		unsigned distance = series > wanted ? series - wanted : wanted - series;

		if (!best || distance < least) {
			best = names->list[i];
			least = distance;
			*ret = series;
		}
	}
	return best;
}

static bool modules_read(struct arena *arena, const struct rules *rules,
			 const struct module_options **ret, struct error *error)
{
	struct module_options *options = arena_new(arena, struct module_options);
	const char *path;
	struct span text;

	*ret = options;
	return rules_text(arena, rules->dir, "kernel/module-options.yaml", &path, &text, error) &&
	       module_options_read(arena, path, text, options, error) &&
	       rules_text(arena, rules->dir, "kernel/outside-modules.yaml", &path, &text, error) &&
	       outside_modules_read(arena, path, text, options, error);
}

bool layout_choose(struct arena *arena, const char *release, const struct rules *rules,
		   enum layout_part part, struct layout_choice *ret, struct error *error)
{
	bool whole = part == LAYOUT_ALL || rules->dir;
	struct strings names = {0}, tried = {0};
	unsigned wanted, series;

	*ret = (struct layout_choice){.build = &rules->build, .ignored = &rules->ignored};
	if (whole && !modules_read(arena, rules, &ret->modules, error))
		return false;
	if (!release || !series_of(release, &wanted))
		return true;
	for (const struct embedded *file = embedded_rules; file->name; file++)
		if (strncmp(file->name, "kernel/", 7) == 0)
			*array_add(arena, &names) = file->name;

	_cleanup_directory_ DIR *folder =
		rules->dir ? opendir(arena_format(arena, "%s/kernel", rules->dir)) : NULL;

	for (const struct dirent *entry; folder && (entry = readdir(folder));)
		*array_add(arena, &names) = arena_format(arena, "kernel/%s", entry->d_name);
	strings_unique(&names);
	for (const char *name; !ret->graded && (name = nearest(&names, wanted, &tried, &series));) {
		const struct layout_rules *found = NULL;
		const char *path;
		struct span text;

		if (!rules_text(arena, rules->dir, name, &path, &text, error) ||
		    !(whole ? layout_rules_read : layout_effects_read)(arena, path, text, &found,
								       error))
			return false;
		*array_add(arena, &tried) = name;
		if (!ret->rules) {
			ret->rules = found;
			ret->exact = series == wanted;
		}
		if (!whole)
			break;
		if (layout_rules_graded(found))
			ret->graded = found;
	}
	return true;
}

bool kconfig_choose(struct arena *arena, const char *release, const struct rules *rules,
		    struct layout_choice *ret, struct error *error)
{
	struct series series = series_read(release ? release : "");
	const char *path, *name;
	struct error missing;
	struct span text;

	if (!series.known)
		return true;
	name = arena_format(arena, "kernel/kconfig/%u.%u.txt", series.major, series.minor);
	if (!rules_text(arena, rules->dir, name, &path, &text, &missing))
		return true;
	return kconfig_read(arena, path, text, &ret->kconfig, error);
}
