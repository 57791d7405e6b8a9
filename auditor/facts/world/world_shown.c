/* SPDX-License-Identifier: ISC */
/* Collects what the packages of each build show: twins of modules of the image, layouts
 * of struct module, vermagics, releases and names of modules. */
#include "facts/world/world_parts.h"

#include <string.h>

static void triple_count(struct arena *arena, const struct this_module *value,
			 struct triples *triples)
{
	/* modules without init or exit show only a part of it */
	if (!value->known || !value->has_init || !value->has_exit)
		return;
	array_each(triple, triples)
		if (triple->value.size == value->size && triple->value.init == value->init &&
		    triple->value.exit == value->exit) {
			triple->count++;
			return;
		}
	*array_add(arena, triples) = (struct triple){*value, 1};
}

static void imports_note(struct arena *arena, struct map *map, const struct module *module)
{
	array_each(import, &module->imports)
		map_put(map, arena, import->name, 1);
}

static void twin_count(struct world *world, struct side *side, const struct package *package,
		       const struct module *module)
{
	const struct module *twin = module->problem ? NULL : world_twin(world, module);

	/* configs.ko contains the config itself, so it differs whenever
	 * the config does */
	if (!twin || twin->problem || strcmp(module->name, "configs") == 0)
		return;
	side->twins.count++;
	if (sha256_equal(&twin->sections, &module->sections)) {
		side->twins.equal++;
		imports_note(world->arena, &side->covered, module);
		return;
	}
	*array_add(world->arena, &side->twins.differing) = module->name;
	*array_add(world->arena, &side->twins.differ) =
		(struct provider){.module = module, .package = package};
	imports_note(world->arena, &side->doubted, module);

	/* one version for one kernel abi is built only once, so the modules must be
	 * equal */
	const struct dependency own = {.name = package->name};
	const struct package *installed = world_installed(world, &own, true);

	if (installed && installed->version && package->version &&
	    strcmp(installed->name, package->name) == 0 &&
	    strcmp(installed->version, package->version) == 0)
		*array_add(world->arena, &side->twins.contradicting) = module->name;
}

/* True if two modules with the same name can be from one build. Stripping changes the
 * file; another build changes the imports or the code. */
static bool module_same(const struct module *a, const struct module *b)
{
	if (a->digested && b->digested && !sha256_equal(&a->sections, &b->sections))
		return false;
	if (a->imports.count != b->imports.count)
		return false;
	for (size_t i = 0; i < a->imports.count; i++) {
		const struct import *x = &a->imports.list[i], *y = &b->imports.list[i];

		if (strcmp(x->name, y->name) != 0 || x->has_crc != y->has_crc ||
		    (x->has_crc && x->crc != y->crc))
			return false;
	}
	return true;
}

struct firsts {
	struct map numbers; /* build and name -> index in LIST */
	const struct module **list;
	size_t count, room;
};

static void module_count(struct world *world, struct side *side, const struct package *package,
			 const struct module *module, struct firsts *firsts)
{
	*array_add(world->arena, &side->modules) = module->name;
	if (module->problem)
		return;
	if (module->modinfo.intree)
		*array_add(world->arena, &side->intree) = module->name;
	if (module->modinfo.vermagic)
		*array_add(world->arena, &side->vermagics) = module->modinfo.vermagic;
	if (!side->vermagic)
		side->vermagic = module->modinfo.vermagic;
	if (!side->machine.elf)
		side->machine = module->machine;
	twin_count(world, side, package, module);
	triple_count(world->arena, &module->this_module, &side->triples);
	if (side->hashed)
		return;

	const char *key =
		arena_format(world->arena, "%zu %s", (size_t)(side - world->sides), module->name);
	uint32_t at = map_put(&firsts->numbers, world->arena, key, (uint32_t)firsts->count);

	if (at == firsts->count)
		*array_add(world->arena, firsts) = module;
	else if (!side->doubled && !module_same(firsts->list[at], module))
		side->doubled = module->name;
}

void world_shown(struct world *world)
{
	struct firsts firsts = {0};

	array_each(member, &world->members) {
		struct side *side = &world->sides[member->build];
		const struct package *package = member->package;

		side->bearing |= package->modules.count > 0 || package->abi.version;
		if (package->abi.version && !side->abi)
			side->abi = &package->abi;
		if (!side->release)
			side->release = package->releases.count > 0 ? package->releases.list[0]
								    : package->abi.release;
		array_append(world->arena, &side->releases, &package->releases);
		array_each(module, &package->modules)
			module_count(world, side, package, module, &firsts);
	}
	for (uint32_t i = 0; i < world->side_count; i++) {
		struct side *side = &world->sides[i];

		strings_unique(&side->twins.differing);
		strings_unique(&side->twins.contradicting);
		strings_unique(&side->modules);
		strings_unique(&side->intree);
		strings_unique(&side->vermagics);
		strings_unique(&side->releases);
	}
}

const struct side *world_side(const struct world *world, const struct package *package)
{
	return &world->sides[world->members.list[world_index(world, package)].build];
}

const struct twins *world_twins(const struct world *world, const struct package *package)
{
	return &world_side(world, package)->twins;
}

bool world_twins_import(const struct world *world, const struct package *package,
			const char *symbol)
{
	return map_get(&world_side(world, package)->covered, symbol) != MAP_NONE;
}

bool world_twins_doubt(const struct world *world, const struct package *package, const char *symbol)
{
	return map_get(&world_side(world, package)->doubted, symbol) != MAP_NONE;
}

const struct tie *world_tie(const struct world *world, const struct package *package)
{
	return &world_side(world, package)->tie;
}

const char *world_build_name(const struct world *world, const struct package *package)
{
	return world_side(world, package)->name;
}

const struct config *world_config(const struct world *world, const struct package *package)
{
	return world_side(world, package)->tie.config;
}

bool world_this_module(const struct world *world, const struct package *package,
		       struct this_module *ret, size_t *ret_agree, size_t *ret_all)
{
	const struct triples *triples = &world_side(world, package)->triples;
	const struct triple *best = NULL;

	*ret_all = 0;
	array_each(triple, triples) {
		*ret_all += triple->count;
		if (!best || triple->count > best->count)
			best = triple;
	}
	/* half of the modules is not a majority */
	if (!best || best->count * 2 <= *ret_all)
		return false;
	*ret = best->value;
	*ret_agree = best->count;
	return true;
}
