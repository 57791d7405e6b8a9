#include "facts/world_parts.h"

#include <string.h>

/* What the packages of one kernel abi, and so of one build, show together. */
struct triple {
	struct this_module value;
	size_t count;
};

struct triples {
	struct triple *list;
	size_t count, room;
};

struct side {
	struct twins twins;
	struct map covered; /* what equal twins import */
	const struct config *config;
	struct triples triples;
};

static bool triple_same(const struct this_module *a, const struct this_module *b)
{
	return a->size == b->size && a->init == b->init && a->exit == b->exit;
}

static void triple_count(struct arena *arena, const struct this_module *value, struct triples *triples)
{
	/* a module without init or exit shows only part of it */
	if (!value->known || !value->has_init || !value->has_exit)
		return;
	array_each (triple, triples)
		if (triple_same(&triple->value, value)) {
			triple->count++;
			return;
		}
	*array_add(arena, triples) = (struct triple){*value, 1};
}

static void twin_count(struct world *world, struct side *side, const struct module *module)
{
	const struct module *twin = module->problem ? NULL : world_twin(world, module);

	if (!twin || twin->problem)
		return;
	side->twins.count++;
	if (!sha256_equal(&twin->sections, &module->sections)) {
		*array_add(world->arena, &side->twins.differing) = module->name;
		return;
	}
	side->twins.equal++;
	array_each (import, &module->imports)
		map_put(&side->covered, world->arena, import->name, 1);
}

void world_group(struct world *world)
{
	uint32_t last = GROUP_NONE;

	array_each (member, &world->members)
		last = member->group > last ? member->group : last;
	world->sides = arena_get(world->arena, ((size_t)last + 1) * sizeof *world->sides);
	array_each (member, &world->members) {
		struct side *side = &world->sides[member->group];

		if (member->package->config && !side->config)
			side->config = member->package->config;
		array_each (module, &member->package->modules) {
			twin_count(world, side, module);
			if (!module->problem)
				triple_count(world->arena, &module->this_module, &side->triples);
		}
	}
	for (uint32_t i = 0; i <= last; i++)
		strings_unique(&world->sides[i].twins.differing);
}

static const struct side *side_of(const struct world *world, const struct package *package)
{
	return &world->sides[world->members.list[world_index(world, package)].group];
}

const struct twins *world_twins(const struct world *world, const struct package *package)
{
	return &side_of(world, package)->twins;
}

bool world_twins_import(const struct world *world, const struct package *package, const char *symbol)
{
	return map_get(&side_of(world, package)->covered, symbol) != MAP_NONE;
}

const struct config *world_config(const struct world *world, const struct package *package)
{
	return world->feed_config ? world->feed_config : side_of(world, package)->config;
}

bool world_this_module(const struct world *world, const struct package *package, struct this_module *ret,
		       size_t *ret_agree, size_t *ret_all)
{
	const struct triples *triples = &side_of(world, package)->triples;
	const struct triple *best = NULL;

	*ret_all = 0;
	array_each (triple, triples) {
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
