/* SPDX-License-Identifier: ISC */
/* Checks the config of the image and of each build for contradictions and compares each
 * build's config with the image's. */
#include "facts/world/world_parts.h"

#include <string.h>

static void image_check(struct world *world)
{
	const struct image *image = world->image;
	const struct config *own = image->own_config, *rival = image->config_rival;
	struct strings modules = world_image_names(world, false);
	const struct config_side side = {
		.release = image->release.value,
		.vermagic = image->vermagic.value,
		.banner = image->kernel ? image->kernel->banner.value : NULL,
		.abi = &image->abi,
		.machine = image->machine,
		.exports = image->kernel ? &image->kernel->exports : NULL,
		.modules = &modules,
		.builtin = &image->builtin,
		.rules = world->layout.exact ? world->layout.rules : NULL,
		.options = world->layout.modules,
	};
	const char *option = NULL;

	if (!image->config)
		return;
	config_contradictions(world->arena, image->config, &side, &world->image_against);

	/* another config was given than the image's kernel itself contains */
	if (own && own != image->config)
		option = config_first_difference(world->arena, own, image->config);
	if (option)
		*array_add(world->arena, &world->image_against) = arena_format(
			world->arena,
			"the image contains its own config (%s), and they differ in %s",
			own->witness, option);
	/* two configs in the image are of its kernel's release: one is of another
	 * kernel */
	option = rival ? config_first_difference(world->arena, image->config, rival) : NULL;
	if (option)
		*array_add(world->arena, &world->image_against) = arena_format(
			world->arena,
			"%s is of the same release, and they differ in %s: nothing shows which of "
			"them is this kernel's",
			rival->witness, option);
}

struct config_side world_side_known(const struct world *world, const struct side *side)
{
	const struct layout_rules *rules = world->layout.exact ? world->layout.rules : NULL;
	const char *release = side->release ? side->release : side->vermagic;

	return (struct config_side){
		.vermagic = side->vermagic,
		.machine = side->machine,
		.modules = &side->modules,
		.intree = &side->intree,
		.rules = rules && layout_rules_of(rules, release) ? rules : NULL,
		.options = world->layout.modules,
	};
}

/* Describes an import that only a kernel with some option exports, although CONFIG does
 * not set the option; NULL if there is none. */
const char *world_import_impossible(struct world *world, uint32_t build,
				    const struct config *config)
{
	struct effects effects = layout_effects(world->arena, world->layout.rules);
	struct map options = {0};
	struct provider provider;

	if (config->release && !layout_rules_of(world->layout.rules, config->release))
		return NULL;
	for (size_t i = 0; i < effects.count; i++)
		map_put(&options, world->arena, effects.list[i].symbol, (uint32_t)i);
	array_each(member, &world->members) {
		if (member->build != build)
			continue;
		array_each(module, &member->package->modules)
			array_each(import, &module->imports) {
				uint32_t at = map_get(&options, import->name);
				const char *value =
					at == MAP_NONE
						? NULL
						: config_get(config, effects.list[at].option);

				if (at == MAP_NONE || import->weak ||
				    (value ? strcmp(value, "n") != 0 : config->partial) ||
				    (world_export(world, member->package, import->name,
						  &provider) &&
				     provider.module))
					continue;
				return arena_format(world->arena,
						    "%s is not set, but module %s imports %s, "
						    "which only that option adds",
						    effects.list[at].option, module->name,
						    import->name);
			}
	}
	return NULL;
}

/* Why a config that was given for both sides is only one piece of evidence; NULL if it
 * is not. Two copies of a file count twice only if something else ties the config to a
 * side: the feed's hash, tree or package, or the config in the image itself. */
static const char *given_twice(const struct world *world, const struct tie *tie)
{
	const struct image *image = world->image;

	if (tie->by != TIED_GIVEN)
		return NULL;
	if (config_same_file(image->config, tie->config))
		return "the same file is given for the image and for the feed, so it cannot show "
		       "that they agree";
	if (!image->config_given || image->own_config ||
	    !sha256_equal(&image->config->text, &tie->config->text))
		return NULL;
	return "the files that are given for the image and for the feed have the same bytes, and "
	       "nothing else shows that the config is the feed's: put it into the feed's own "
	       "directory if it is";
}

static void side_check(struct world *world, uint32_t build)
{
	struct side *side = &world->sides[build];
	struct config_side known = world_side_known(world, side);
	const struct config *config = side->tie.config, *image = world->image->config;
	const char *impossible;

	if (!config || side->modules.count == 0)
		return;
	known.release = side->release;
	known.abi = side->abi;
	config_contradictions(world->arena, config, &known, &side->tie.against);
	impossible = known.rules && config->resolved ? world_import_impossible(world, build, config)
						     : NULL;
	if (impossible)
		*array_add(world->arena, &side->tie.against) = impossible;
	const char *repeated = image ? given_twice(world, &side->tie) : NULL;
	if (repeated)
		*array_add(world->arena, &side->tie.against) = repeated;
}

/* Why the configs cannot be compared; NULL if they can. */
static const char *side_why(struct world *world, const struct side *side)
{
	bool image = world->image->config != NULL;

	if (side->tie.how && !side->tie.config)
		return side->tie.how;
	if (!image || !side->tie.config)
		return !image && !side->tie.config ? "the kernel config of neither side is known"
		       : image			   ? "the feed's kernel config is not known"
						   : "the image's kernel config is not known";
	if (world->image_against.count > 0)
		return arena_format(world->arena,
				    "the image's kernel config is not taken for this kernel's: %s",
				    world->image_against.list[0]);
	if (side->tie.against.count > 0)
		return arena_format(
			world->arena,
			"the feed's kernel config is not taken for that of these modules: %s",
			side->tie.against.list[0]);
	return NULL;
}

/* A symbol that a module of the build needs from the kernel and that the kernel does
 * not export. NULL if there is none, or if nothing is certain. */
static const char *import_lacking(const struct world *world, uint32_t build)
{
	const struct kernel *kernel = world->image->kernel;
	struct provider provider;

	if (!kernel || !kernel->exports.complete || kernel->exports.table.count < EXPORTS_WHOLE)
		return NULL;
	array_each(member, &world->members) {
		if (member->build != build)
			continue;
		array_each(module, &member->package->modules) {
			if (module->problem || !world_depends_there(world, member->package, module))
				continue;
			array_each(import, &module->imports)
				if (!import->weak && !world_import(world, member->package, module,
								   import->name, &provider))
					return import->name;
		}
	}
	return NULL;
}

/* Equal configs build equal kernels, so evidence of two different kernels shows that
 * one of the configs belongs to another build. Returns that evidence, or NULL. */
static const char *equal_contradicted(struct world *world, uint32_t build,
				      const struct comparison *comparison)
{
	const struct config_difference *difference = &comparison->difference;
	const struct abi *image = &world->image->abi, *feed = world->sides[build].abi;

	if (difference->core_added.count + difference->core_removed.count +
		    difference->core_changed.count + difference->modules_added.count +
		    difference->modules_removed.count >
	    0)
		return NULL;
	if (feed && feed->hash && image->hash && strcmp(feed->hash, image->hash) != 0)
		return "the configs are equal, but the kernel abis differ: one of the configs is "
		       "from another build";

	const char *symbol = import_lacking(world, build);
	return symbol ? arena_format(world->arena,
				     "the configs are equal, but modules of the feed import %s, "
				     "which the kernel does not export: one of the configs is from "
				     "another build",
				     symbol)
		      : NULL;
}

static const struct comparison *compared(struct world *world, const struct config *config)
{
	struct comparison *comparison = arena_new(world->arena, struct comparison);

	*comparison = configs_compare(world->arena, world->image->config, config, &world->layout);
	comparison_place(world->arena, comparison, world->image->kernel);
	return comparison;
}

static void side_compare(struct world *world, uint32_t build)
{
	struct side *side = &world->sides[build];
	/* a config that was only claimed may not be used against packages that depend
	 * on the image's own kernel abi */
	bool native = side->abi && abi_equal(side->abi, &world->image->abi);

	side_check(world, build);
	side->why = side_why(world, side);
	if (side->tie.claim && !side->tie.config && world->image->config &&
	    world->image_against.count == 0 && !native)
		side->claimed = compared(world, side->tie.claim);
	if (side->why && side->tie.config && world->image->config)
		side->disputed = compared(world, side->tie.config);
	if (side->why)
		return;

	const struct comparison *comparison = compared(world, side->tie.config);
	side->why = equal_contradicted(world, build, comparison);
	if (!side->why)
		side->comparison = side->claimed = comparison;
}

void world_compare(struct world *world, const struct layout_choice *layout)
{
	world->layout = *layout;
	image_check(world);
	world_ties(world);
	for (uint32_t i = 1; i < world->side_count; i++)
		side_compare(world, i);
	world_relatives(world);
	world_sets_compare(world);
}

const struct layout_choice *world_layout(const struct world *world)
{
	return &world->layout;
}

void world_config_add(struct world *world, size_t feed, const struct config *config)
{
	world->tree_configs[feed] = config;
}

enum hash_agreement world_config_hash(const struct world *world, const struct package *package)
{
	const struct side *side = world_side(world, package);

	return side->tie.config ? config_hash(side->tie.config, side->abi) : HASH_UNKNOWN;
}

const struct comparison *world_comparison(const struct world *world, const struct package *package,
					  const char **why)
{
	const struct side *side = world_side(world, package);

	*why = side->why ? side->why : "the configs were not compared";
	return side->comparison;
}

const struct comparison *world_claimed_comparison(const struct world *world,
						  const struct package *package)
{
	return world_side(world, package)->claimed;
}

const struct comparison *world_disputed_comparison(const struct world *world,
						   const struct package *package)
{
	return world_side(world, package)->disputed;
}

const struct comparison *world_any_comparison(const struct world *world)
{
	for (uint32_t i = 0; i < world->side_count; i++)
		if (world->sides[i].comparison)
			return world->sides[i].comparison;
	return NULL;
}

const struct strings *world_image_config_against(const struct world *world)
{
	return &world->image_against;
}

const struct strings *world_config_against(const struct world *world, const struct package *package)
{
	return &world_side(world, package)->tie.against;
}
