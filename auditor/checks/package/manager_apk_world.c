/* SPDX-License-Identifier: ISC */
/* Reads the constraints of etc/apk/world for the simulation in manager_apk.c, and checks
 * them (apk-tools src/package.c, apk_blob_pull_dep; src/solver.c; apk-world(5)). */
#include "checks/package/manager.h"

#include <string.h>

/* A line of etc/apk/world is a dependency: "name", "name=1", "!name" or "name@tag". A tag is
 * that of a repository, and apk ends before it changes anything if there is none with it. The
 * request takes the place of the line with its name. */
static bool tag_known(const struct image *image, struct span tag)
{
	array_each(list, &image->feed_lists) {
		struct span rest = list->text, line, token;

		while (span_line(&rest, &line))
			while (span_token(&line, &token) && token.data[0] != '#')
				if (span_equal(token, tag))
					return true;
	}
	return false;
}

/* Adds FORMULA, a line of world, to TO, without its tag. */
static bool line_add(struct playing *playing, const struct formula *formula, struct formulas *to)
{
	struct dependency *need = &formula->list[0];
	const char *at = strchr(need->name, '@');

	if (at)
		need->name = arena_string(playing->arena,
					  span_from(need->name, (size_t)(at - need->name)));
	if (strcmp(need->name, playing->package->name) == 0)
		return true;
	if (at && !tag_known(world_image(playing->states->world), span_text(at)))
		return play_end(playing, ANSWER_REFUSES,
				arena_format(playing->arena,
					     "etc/apk/world has %s, and no repository of the "
					     "image has the tag %s",
					     formula->text, at));
	*array_add(playing->arena, to) = *formula;
	return true;
}

bool apk_world_read(struct playing *playing)
{
	array_each(line, &world_image(playing->states->world)->apk_world) {
		struct formulas against = {0};
		struct formulas asks = apk_dependencies(playing->arena, span_text(*line), &against);

		array_each(formula, &asks)
			if (!line_add(playing, formula, &playing->asks))
				return false;
		array_each(formula, &against)
			if (!line_add(playing, formula, &playing->against))
				return false;
	}
	return true;
}

const struct formula *apk_world_bars(const struct playing *playing, const struct package *package)
{
	array_each(formula, &playing->against)
		if (package_satisfies(package, &formula->list[0]))
			return formula;
	array_each(formula, &playing->asks) {
		const struct dependency *need = &formula->list[0];

		if ((strcmp(need->name, package->name) == 0 ||
		     names_package(&package->provides, need->name)) &&
		    !package_satisfies(package, need))
			return formula;
	}
	return NULL;
}

bool apk_world_allows(struct playing *playing, const bool *wanted)
{
	const struct packages *rows = playing->states->installed;

	for (size_t i = 0; i < playing->count; i++) {
		const struct package *package = play_member(playing, i);
		const struct formula *line = apk_world_bars(playing, package);

		if (!line)
			continue;
		playing->ret.kernel = i > 0 && strcmp(package->name, "kernel") == 0;
		return play_end(playing, ANSWER_REFUSES,
				i == 0 ? arena_format(playing->arena,
						      "etc/apk/world has %s, which excludes it",
						      line->text)
				       : arena_format(playing->arena,
						      "%s is needed in version %s, but "
						      "etc/apk/world has %s",
						      package->name, package->version, line->text));
	}
	array_each(row, rows)
		array_each(line, &playing->against)
			if (wanted[row - rows->list] && !play_exchanges(playing, row) &&
			    !strings_have(&playing->gone, row->name) &&
			    package_satisfies(row, &line->list[0]))
				return play_end(playing, ANSWER_REFUSES,
						arena_format(playing->arena,
							     "etc/apk/world has %s, but %s is "
							     "installed and needed",
							     line->text, row->name));
	return true;
}
