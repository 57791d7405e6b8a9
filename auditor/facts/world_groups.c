#include "facts/world_parts.h"

#include <string.h>

static bool triple_same(const struct this_module *a, const struct this_module *b)
{
	return a->size == b->size && a->init == b->init && a->exit == b->exit;
}

static void triple_count(struct arena *arena, const struct this_module *value, struct triples *triples)
{
	/* a module without init or exit shows only part of it */
	if (!value->known || !value->has_init || !value->has_exit)
		return;
	array_each(triple, triples)
		if (triple_same(&triple->value, value)) {
			triple->count++;
			return;
		}
	*array_add(arena, triples) = (struct triple){*value, 1};
}

/* One version of one kernel abi was built once, so it has one code. */
static bool same_version(const struct world *world, const struct package *package)
{
	const struct dependency own = {.name = package->name};
	const struct package *installed = world_installed(world, &own, true);

	return installed && installed->version && package->version && strcmp(installed->name, package->name) == 0 &&
	       strcmp(installed->version, package->version) == 0;
}

static void twin_count(struct world *world, struct side *side, const struct package *package,
		       const struct module *module)
{
	const struct module *twin = module->problem ? NULL : world_twin(world, module);

	/* configs.ko is the config itself: of course it differs with it */
	if (!twin || twin->problem || strcmp(module->name, "configs") == 0)
		return;
	side->twins.count++;
	if (!sha256_equal(&twin->sections, &module->sections)) {
		*array_add(world->arena, &side->twins.differing) = module->name;
		if (same_version(world, package))
			*array_add(world->arena, &side->twins.contradicting) = module->name;
		return;
	}
	side->twins.equal++;
	array_each(import, &module->imports)
		map_put(&side->covered, world->arena, import->name, 1);
}

static void member_count(struct world *world, struct side *side, const struct package *package)
{
	if (package->abi.version && !side->abi)
		side->abi = &package->abi;
	if (!side->release)
		side->release = package->releases.count > 0 ? package->releases.list[0] : package->abi.release;
	if (package->config && !side->config)
		side->config = package->config;
	array_each(module, &package->modules) {
		*array_add(world->arena, &side->modules) = module->name;
		if (module->problem)
			continue;
		if (module->modinfo.intree)
			*array_add(world->arena, &side->intree) = module->name;
		if (!side->vermagic)
			side->vermagic = module->modinfo.vermagic;
		if (!side->machine.elf)
			side->machine = module->machine;
		twin_count(world, side, package, module);
		triple_count(world->arena, &module->this_module, &side->triples);
	}
}

void world_group(struct world *world)
{
	world->side_count = GROUP_NONE + 1;
	array_each(member, &world->members)
		if (member->group >= world->side_count)
			world->side_count = member->group + 1;
	world->sides = arena_get(world->arena, world->side_count * sizeof *world->sides);
	array_each(member, &world->members)
		member_count(world, &world->sides[member->group], member->package);
	for (uint32_t i = 0; i < world->side_count; i++) {
		strings_unique(&world->sides[i].twins.differing);
		strings_unique(&world->sides[i].twins.contradicting);
		strings_unique(&world->sides[i].modules);
		strings_unique(&world->sides[i].intree);
		if (world->feed_config)
			world->sides[i].config = world->feed_config;
	}
}

const struct side *world_side(const struct world *world, const struct package *package)
{
	return &world->sides[world->members.list[world_index(world, package)].group];
}

const struct twins *world_twins(const struct world *world, const struct package *package)
{
	return &world_side(world, package)->twins;
}

bool world_twins_import(const struct world *world, const struct package *package, const char *symbol)
{
	return map_get(&world_side(world, package)->covered, symbol) != MAP_NONE;
}

const struct config *world_config(const struct world *world, const struct package *package)
{
	return world_side(world, package)->config;
}

bool world_this_module(const struct world *world, const struct package *package, struct this_module *ret,
		       size_t *ret_agree, size_t *ret_all)
{
	const struct triples *triples = &world_side(world, package)->triples;
	const struct triple *best = NULL;

	*ret_all = 0;
	array_each(triple, triples) {
		*ret_all += triple->count;
		if (!best || triple->count > best->count)
			best = triple;
	}
	/* half and half tells nothing */
	if (!best || best->count * 2 <= *ret_all)
		return false;
	*ret = best->value;
	*ret_agree = best->count;
	return true;
}
