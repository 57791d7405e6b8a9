#include "facts/world_parts.h"

#include <string.h>

static struct strings module_names(struct arena *arena, const struct modules *modules)
{
	struct strings names = {0};

	array_each(module, modules)
		*array_add(arena, &names) = module->name;
	strings_unique(&names);
	return names;
}

static void image_check(struct world *world)
{
	const struct image *image = world->image;
	struct strings modules = module_names(world->arena, &image->modules);
	const struct config_side side = {
		.release = image->release.value,
		.vermagic = image->vermagic.value,
		.abi = &image->abi,
		.machine = image->machine,
		.exports = image->kernel ? &image->kernel->exports : NULL,
		.modules = &modules,
		.builtin = &image->builtin,
		.rules = world->layout.exact ? world->layout.rules : NULL,
	};

	if (image->config)
		config_contradictions(world->arena, image->config, &side, &world->image_against);
}

static void side_check(struct world *world, struct side *side)
{
	const struct config_side known = {
		.release = side->release,
		.vermagic = side->vermagic,
		.abi = side->abi,
		.machine = side->machine,
		.modules = &side->modules,
		.intree = &side->intree,
	};

	if (side->config && side->modules.count > 0)
		config_contradictions(world->arena, side->config, &known, &side->against);
}

/* why there is nothing to compare; NULL when there is */
static const char *side_why(struct world *world, const struct side *side)
{
	bool image = world->image->config != NULL;

	if (!image || !side->config)
		return !image && !side->config ? "the kernel config of neither side is known"
		       : image		       ? "the feed's kernel config is not known"
					       : "the image's kernel config is not known";
	if (world->image_against.count > 0)
		return arena_format(world->arena, "the image's kernel config is not of this kernel: %s",
				    world->image_against.list[0]);
	if (side->against.count > 0)
		return arena_format(world->arena, "the feed's kernel config is not of these modules: %s",
				    side->against.list[0]);
	return NULL;
}

/* A symbol that a module of the build wants of the kernel proper, which has it not; NULL when all is there or nothing is sure. */
static const char *import_lacking(const struct world *world, uint32_t group)
{
	const struct kernel *kernel = world->image->kernel;
	struct provider provider;

	if (!kernel || !kernel->exports.complete || kernel->exports.table.count < EXPORTS_WHOLE)
		return NULL;
	array_each(member, &world->members) {
		if (member->group != group)
			continue;
		array_each(module, &member->package->modules) {
			if (module->problem || !world_depends_there(world, member->package, module))
				continue;
			array_each(import, &module->imports)
				if (!import->weak && !world_export(world, member->package, import->name, &provider))
					return import->name;
		}
	}
	return NULL;
}

/* Configs without a difference make one kernel: what shows two of them shows that a config is not of its side. */
static const char *equal_contradicted(struct world *world, uint32_t group, const struct comparison *comparison)
{
	const struct config_difference *difference = &comparison->difference;
	const struct abi *image = &world->image->abi, *feed = world->sides[group].abi;

	if (difference->core_added.count + difference->core_removed.count + difference->core_changed.count +
		    difference->modules_added.count + difference->modules_removed.count >
	    0)
		return NULL;
	if (feed && feed->hash && image->hash && strcmp(feed->hash, image->hash) != 0)
		return "the configs are equal, but the kernel abis differ: one of the configs is of another build";

	const char *symbol = import_lacking(world, group);
	return symbol ? arena_format(
				world->arena,
				"the configs are equal, but modules of the feed want %s, which the kernel does not "
				"export: one of the configs is of another build",
				symbol)
		      : NULL;
}

void world_compare(struct world *world, const struct layout_choice *layout)
{
	world->layout = *layout;
	image_check(world);
	for (uint32_t i = 0; i < world->side_count; i++) {
		struct side *side = &world->sides[i];

		side_check(world, side);
		side->why = side_why(world, side);
		if (side->why)
			continue;

		struct comparison *comparison = arena_new(world->arena, struct comparison);
		*comparison = configs_compare(world->arena, world->image->config, side->config, layout);
		side->why = equal_contradicted(world, i, comparison);
		if (!side->why)
			side->comparison = comparison;
	}
}

const struct layout_choice *world_layout(const struct world *world)
{
	return &world->layout;
}

void world_give_config(struct world *world, size_t feed, const struct config *config)
{
	array_each(member, &world->members) {
		struct side *side = &world->sides[member->group];

		if (member->package->feed == feed && !side->config)
			side->config = config;
	}
}

enum hash_agreement world_config_hash(const struct world *world, const struct package *package)
{
	const struct side *side = world_side(world, package);

	return side->config ? config_hash(side->config, side->abi) : HASH_UNKNOWN;
}

const struct comparison *world_comparison(const struct world *world, const struct package *package, const char **why)
{
	const struct side *side = world_side(world, package);

	*why = side->why ? side->why : "the configs were not compared";
	return side->comparison;
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
	return &world_side(world, package)->against;
}
