/* SPDX-License-Identifier: ISC */
/* Judges one image with its feeds: verifies signatures, finds configs, layout rules and
 * providers, makes the world and reaches the verdicts. audit and gate share it. */
#include "commands/gate/pair.h"
#include "commands/gate/pair_sets.h"

#include "commands/command.h"
#include "facts/world/world_providers.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

bool terms_read(struct arena *arena, const struct terms_wanted *wanted, struct rules *rules,
		struct waivers *waivers, struct error *error)
{
	if (!rules_read(arena, wanted->rules, rules, error) ||
	    (wanted->policy && !policy_read(arena, wanted->policy, rules, error)))
		return false;
	return !wanted->waivers ||
	       waivers_read(arena, wanted->waivers, wanted->today, rules, waivers, error);
}

bool feed_side_read(struct arena *arena, struct feed_side *side, struct error *error)
{
	struct span text;

	if (side->config_path && !config_open(arena, side->config_path, &side->config, error))
		return false;
	if (!side->symvers_path)
		return true;
	return file_read(arena, side->symvers_path, LIMIT_FILE, &text, error) &&
	       symvers_read(arena, side->symvers_path, text, true, &side->symvers, error);
}

bool feeds_trust(struct arena *arena, const struct image *image, const struct strings *paths,
		 struct feeds *feeds, struct error *error)
{
	struct keys keys = image->keys;

	array_each(path, paths)
		if (!keys_read(arena, *path, &keys, error))
			return false;
	feeds_verify(arena, &keys, feeds);
	return true;
}

/* Compares configs and sets, with as much of the layout rules as that, or a missing
 * symbol to explain, takes. */
static bool configs_load(const struct pair *pair, struct world *world,
			 const struct known_sets *sets, struct error *error)
{
	struct layouts_loaded *loaded = pair->layouts;
	struct layout_choice none = {.build = &pair->rules->build,
				     .ignored = &pair->rules->ignored};
	enum layout_part part = LAYOUT_NONE;

	if (world_image(world)->config || sets_comparable(sets))
		part = LAYOUT_ALL;
	else if (symbols_missing(world))
		part = world_feeds_configured(world) ? LAYOUT_ALL : LAYOUT_EFFECTS;
	if (part > loaded->part) {
		if (!layout_choose(loaded->arena, pair->image->release.value, pair->rules, part,
				   &loaded->choice, error))
			return false;
		loaded->part = part;
	}
	if (sets_comparable(sets) && !loaded->choice.kconfig &&
	    !kconfig_choose(loaded->arena, pair->image->release.value, pair->rules, &loaded->choice,
			    error))
		return false;
	world_compare(world, part ? &loaded->choice : &none);
	return true;
}

bool pair_judge(struct arena *arena, const struct pair *pair, struct verdicts *ret,
		struct error *error)
{
	const struct feed_side *side = pair->side;
	struct world *world = world_new(arena, pair->image, pair->feeds,
					side->symvers_path ? &side->symvers : NULL,
					side->config_path ? &side->config : NULL);
	struct providers *providers = arena_new(arena, struct providers);
	struct known_sets *sets = arena_new(arena, struct known_sets);

	/* a build tree or SDK that is given as a feed has its config */
	for (size_t i = 0; i < pair->feeds->count && !side->config_path; i++) {
		const struct config *config = config_of_tree(arena, pair->feeds->list[i].source,
							     pair->image->release.value, error);

		if (!config && *error->text)
			return false;
		if (config)
			world_config_add(world, i, config);
	}
	array_each(path, &pair->providers)
		if (!providers_read(arena, *path, providers, error))
			return false;
	world_declare(world, providers);
	pair_sets_find(arena, pair, world, sets);
	world_sets_add(world, sets);
	if (!configs_load(pair, world, sets, error))
		return false;
	*ret = verdict_reach(arena, world, pair->rules, &pair->terms, pair->only, pair->threads);
	return true;
}
