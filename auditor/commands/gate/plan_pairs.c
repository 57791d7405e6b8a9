/* SPDX-License-Identifier: ISC */
/* Reads the list of pairs of a plan, with globs over image and feed names, and names
 * the report file of each pair. */
#include "commands/gate/plan.h"

#include "base/map.h"
#include "base/yaml.h"
#include "report/ledger/ledger_read.h"

#include <fnmatch.h>
#include <string.h>

static bool fits(const char *glob, const char *name)
{
	return fnmatch(glob, name, 0) == 0;
}

/* Sets CHOSEN, which has a flag for each possible pair, for the pairs
 * that ENTRY selects. */
static bool pair_choose(const struct yaml *entry, const struct plan *plan, bool *chosen,
			struct error *error)
{
	static const char *const keys[] = {"image", "feed", NULL};
	const char *image = yaml_text(entry, "image"), *feed = yaml_text(entry, "feed");
	size_t found = 0;

	if (entry->kind != YAML_MAP || !image || !feed)
		return fail(error, "%s: line %zu: a pair must be {image: GLOB, feed: GLOB}",
			    plan->path, entry->line);
	if (!yaml_only(plan->path, entry, keys, error))
		return false;
	for (size_t i = 0; i < plan->images.count; i++)
		for (size_t j = 0; fits(image, plan->images.list[i].name) && j < plan->feeds.count;
		     j++)
			if (fits(feed, plan->feeds.list[j].name)) {
				chosen[i * plan->feeds.count + j] = true;
				found++;
			}
	return found > 0 || fail(error, "%s: line %zu: no image matches %s, or no feed matches %s",
				 plan->path, entry->line, image, feed);
}

bool plan_pairs_read(struct arena *arena, const struct yaml *pairs, struct plan *plan,
		     struct error *error)
{
	size_t all = plan->images.count * plan->feeds.count;
	struct map files = {0};

	if (all > PAIRS_MOST)
		return fail(error, "%s: line %zu: %zu images and %zu feeds make too many pairs",
			    plan->path, plan->feeds.list[0].line, plan->images.count,
			    plan->feeds.count);

	bool *chosen = arena_get(arena, all);
	if (!pairs) {
		memset(chosen, true, all);
	} else if (pairs->kind != YAML_LIST || !pairs->count) {
		return fail(error, "%s: line %zu: pairs must be a list", plan->path, pairs->line);
	}
	yaml_each(entry, pairs)
		if (!pair_choose(entry, plan, chosen, error))
			return false;
	for (size_t i = 0; i < all; i++)
		if (chosen[i])
			*array_add(arena, &plan->pairs) =
				(struct plan_pair){i / plan->feeds.count, i % plan->feeds.count};
	/* two pairs would have the same file name, such as "a--b" with "c" and "a" with
	 * "b--c" */
	for (uint32_t i = 0; i < plan->pairs.count; i++) {
		const char *file = plan_report(arena, plan, &plan->pairs.list[i]);

		if (map_put(&files, arena, file, i) != i)
			return fail(error,
				    "%s: line %zu: two pairs would write %s: give their images or "
				    "feeds other names",
				    plan->path, plan->images.list[plan->pairs.list[i].image].line,
				    file);
	}
	return true;
}

const char *plan_report(struct arena *arena, const struct plan *plan, const struct plan_pair *pair)
{
	return arena_format(arena, "%s--%s.yaml", plan->images.list[pair->image].name,
			    plan->feeds.list[pair->feed].name);
}
