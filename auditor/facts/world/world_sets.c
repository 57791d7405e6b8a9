/* SPDX-License-Identifier: ISC */
/* Compares the sets behind the abi hashes of the image and of each build, and looks for
 * what contradicts them in the binaries. */
#include "facts/world/world_sets.h"
#include "facts/compare/set_compare.h"
#include "facts/world/world_parts.h"

#include <elf.h>
#include <string.h>

struct strings world_image_names(struct world *world, bool intree)
{
	struct strings names = {0};

	array_each(module, &world->image->modules)
		if (!intree || module->modinfo.intree)
			*array_add(world->arena, &names) = module->name;
	strings_unique(&names);
	return names;
}

struct strings world_hashes(const struct world *world, struct arena *arena)
{
	const char *own = world->image->abi.hash;
	struct strings hashes = {0};

	for (uint32_t i = 1; i < world->side_count; i++) {
		const struct side *side = &world->sides[i];

		if (own && side->abi && side->abi->hash && side->bearing &&
		    strcmp(side->abi->hash, own) != 0)
			*array_add(arena, &hashes) = side->abi->hash;
	}
	if (hashes.count > 0)
		*array_add(arena, &hashes) = own;
	strings_unique(&hashes);
	return hashes;
}

struct strings world_hash_packages(const struct world *world, struct arena *arena, const char *hash)
{
	struct strings names = {0};

	array_each(member, &world->members) {
		const struct abi *abi = world->sides[member->build].abi;

		if (abi && abi->hash && strcmp(abi->hash, hash) == 0)
			*array_add(arena, &names) = member->package->name;
	}
	strings_unique(&names);
	return names;
}

void world_sets_add(struct world *world, const struct known_sets *sets)
{
	world->sets = sets;
}

const struct known_sets *world_known_sets(const struct world *world)
{
	return world->sets;
}

const struct known_set *world_set(const struct world *world, const char *hash)
{
	if (!hash || !world->sets)
		return NULL;
	array_each(set, world->sets)
		if (strcmp(set->hash, hash) == 0)
			return set;
	return NULL;
}

/* As the kernel calls the folder of the architecture. */
static const char *folder_of(struct machine machine)
{
	enum { ARC_COMPACT2 = 195, LOONGARCH = 258 };
	static const struct {
		uint16_t elf;
		const char *folder;
	} folders[] = {{EM_MIPS, "mips"},	{EM_ARM, "arm"},     {EM_AARCH64, "arm64"},
		       {EM_386, "x86"},		{EM_X86_64, "x86"},  {EM_PPC, "powerpc"},
		       {EM_PPC64, "powerpc"},	{EM_RISCV, "riscv"}, {ARC_COMPACT2, "arc"},
		       {LOONGARCH, "loongarch"}};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (folders[i].elf == machine.elf)
			return folders[i].folder;
	return NULL;
}

static struct set_side set_side_of(struct world *world, const struct known_set *set)
{
	return (struct set_side){.lines = set->lines,
				 .witness = set->who,
				 .release = world->image->release.value,
				 .resolved = kconfig_resolve(world->arena, world->layout.kconfig,
							     set->lines,
							     folder_of(world->image->machine))};
}

static void image_check(struct world *world, const struct set_side *side)
{
	const struct image *image = world->image;
	struct strings modules = world_image_names(world, false),
		       intree = world_image_names(world, true);
	const struct config_side known = {
		.vermagic = image->vermagic.value,
		.machine = image->machine,
		.exports = image->kernel ? &image->kernel->exports : NULL,
		.modules = &modules,
		.intree = &intree,
		.builtin = &image->builtin,
		.rules = world->layout.exact ? world->layout.rules : NULL,
		.options = world->layout.modules,
	};

	config_contradictions(world->arena, set_config(world->arena, world->layout.kconfig, side),
			      &known, &world->image_set_against);
}

/* Why the sets of SIDE and the image cannot be compared; NULL: they can. */
static const char *sets_why(struct world *world, const struct known_set *image,
			    const struct known_set *feed)
{
	const struct known_set *missing = !image || !image->lines ? image : feed;

	if (!image || !feed)
		return "the lines behind the two hashes were not looked up";
	if (!missing->lines)
		return arena_format(
			world->arena, "the lines behind the hash %.8s of the %s are not known: %s",
			missing->hash, missing == image ? "image" : "package", missing->how);
	if (world->layout.kconfig)
		return NULL;
	return arena_format(world->arena,
			    "the Kconfig of kernel %s is not known, so what the lines behind the "
			    "hashes turn on is not",
			    world->image->release.value ? world->image->release.value
							: "(release not known)");
}

static void side_compare(struct world *world, uint32_t build, const struct known_set *image,
			 const struct set_side *own)
{
	struct side *side = &world->sides[build];
	const struct known_set *feed = world_set(world, side->abi->hash);
	const struct config_side known = world_side_known(world, side);
	struct comparison *comparison;
	const char *impossible;
	struct set_side other;

	side->set_why = sets_why(world, image, feed);
	if (side->set_why)
		return;
	other = set_side_of(world, feed);
	side->set_config = set_config(world->arena, world->layout.kconfig, &other);
	config_contradictions(world->arena, side->set_config, &known, &side->set_against);
	impossible = known.rules ? world_import_impossible(world, build, side->set_config) : NULL;
	if (impossible)
		*array_add(world->arena, &side->set_against) = impossible;
	comparison = arena_new(world->arena, struct comparison);
	*comparison = sets_compare(world->arena, own, &other, &world->layout);
	comparison_place(world->arena, comparison, world->image->kernel);
	side->by_sets = comparison;
}

void world_sets_compare(struct world *world)
{
	const char *hash = world->image->abi.hash;
	const struct known_set *image = world_set(world, hash);
	struct set_side own = {0};

	if (!hash || !world->sets)
		return;
	if (image && image->lines && world->layout.kconfig) {
		own = set_side_of(world, image);
		image_check(world, &own);
	}
	for (uint32_t i = 1; i < world->side_count; i++) {
		const struct abi *abi = world->sides[i].abi;

		if (abi && abi->hash && strcmp(abi->hash, hash) != 0)
			side_compare(world, i, image, &own);
	}
}

const struct comparison *world_set_comparison(const struct world *world,
					      const struct package *package, const char **why)
{
	const struct side *side = world_side(world, package);

	*why = side->set_why ? side->set_why : "the lines behind the two hashes were not compared";
	return side->by_sets;
}

const struct strings *world_image_set_against(const struct world *world)
{
	return &world->image_set_against;
}

const struct strings *world_set_against(const struct world *world, const struct package *package)
{
	return &world_side(world, package)->set_against;
}

const char *world_set_lacks(struct arena *arena, const struct world *world,
			    const struct package *package)
{
	const struct config *config = world_side(world, package)->set_config;
	const struct layout_choice *layout = &world->layout;

	if (!config || !layout->exact)
		return NULL;
	array_each(module, &package->modules) {
		struct module_option option =
			module_option_get(arena, layout->modules, config, module->name);

		if (option.value && strcmp(option.value, "n") == 0 &&
		    layout_option(layout->rules, option.option) == OPTION_KNOWN &&
		    !option_outside(layout->modules, option.option))
			return arena_format(
				arena,
				"%s is off in the lines behind its hash, but the package "
				"contains module %s",
				option.option, module->name);
	}
	return NULL;
}
