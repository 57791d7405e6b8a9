/* SPDX-License-Identifier: ISC */
/* Collects the files, exported symbols and modules that several feed packages have, and
 * looks packages up by name or exported symbol. */
#include "facts/world/world_shared.h"
#include "facts/world/world_parts.h"

/* State of the collection. The lists have, by the number of a chain's first link, the number of
 * the shared thing; 0 if it is not known yet; UNSHARED if only one package has it. */
enum { UNSHARED = UINT32_MAX };

struct sharing {
	struct arena *arena;
	const struct world *world;
	struct shareds ret;
	uint32_t *files, *symbols, *modules, *interfaces, *registered;
};

/* True if the chain contains two different packages of the feeds. */
static bool is_shared(const struct world *world, const struct chains *chains,
		      const struct link *first)
{
	uint32_t one = MAP_NONE;

	for (const struct link *link = first; link; link = chains_next(chains, link)) {
		if (link->who >= world->members.count)
			continue;
		if (one != MAP_NONE && link->who != one)
			return true;
		one = link->who;
	}
	return false;
}

static void share_add(struct sharing *sharing, size_t index, const struct chains *chains,
		      uint32_t *numbers, struct shared shared, const struct module *module)
{
	const struct link *first = chains_first(chains, shared.what);
	size_t head = first ? (size_t)(first - chains->list) : 0;

	if (!first || numbers[head] == UNSHARED)
		return;
	if (numbers[head] == 0 && !is_shared(sharing->world, chains, first)) {
		numbers[head] = UNSHARED;
		return;
	}
	if (numbers[head] == 0) {
		*array_add(sharing->arena, &sharing->ret) = shared;
		numbers[head] = (uint32_t)sharing->ret.count;
	}
	*array_add(sharing->arena, &sharing->ret.of[index]) =
		(struct share){numbers[head] - 1, module};
}

static void kld_share(struct sharing *sharing, size_t index, const struct module *module)
{
	const struct world *world = sharing->world;

	if (!module->kld || module->kld->set != KLD_SET_FOUND)
		return;
	array_each(version, &module->kld->versions)
		share_add(
			sharing, index, &world->interfaces, sharing->interfaces,
			(struct shared){SHARED_INTERFACE, interface_text(sharing->arena, version)},
			module);
	array_each(own, &module->kld->modules)
		if (own->name)
			share_add(sharing, index, &world->registered, sharing->registered,
				  (struct shared){SHARED_REGISTERED, own->name}, module);
}

/* The links of one name that are followed: more modules have one name only in
 * hostile feeds. */
enum { NAMESAKES_MOST = 64 };

/* For each alias of MODULE, adds a thing for the modules of other packages that have
 * its name. */
static void aliases_share(struct sharing *sharing, size_t index, const struct module *module)
{
	_cleanup_arena_ struct arena scratch = {0};
	const struct chains *names = &sharing->world->modules;

	array_each(alias, &module->modinfo.alias) {
		const struct link *link =
			chains_first(names, module_name_of_path(&scratch, *alias));
		uint32_t number = MAP_NONE;

		for (size_t i = 0; link && i < NAMESAKES_MOST;
		     i++, link = chains_next(names, link)) {
			const struct module *other = link->what;

			if (link->who >= sharing->world->members.count || link->who == index)
				continue;
			if (number == MAP_NONE) {
				number = (uint32_t)sharing->ret.count;
				*array_add(sharing->arena, &sharing->ret) =
					(struct shared){SHARED_ALIAS, other->name};
				*array_add(sharing->arena, &sharing->ret.of[index]) =
					(struct share){number, module};
			}
			*array_add(sharing->arena, &sharing->ret.of[link->who]) =
				(struct share){number, other};
		}
	}
}

static void member_share(struct sharing *sharing, size_t index)
{
	const struct world *world = sharing->world;
	const struct package *package = world->members.list[index].package;

	array_each(path, &package->files)
		share_add(sharing, index, &world->files, sharing->files,
			  (struct shared){SHARED_FILE, *path}, NULL);
	array_each(module, &package->modules) {
		if (module->problem)
			continue;
		share_add(sharing, index, &world->modules, sharing->modules,
			  (struct shared){SHARED_MODULE, module->name}, module);
		kld_share(sharing, index, module);
		if (world->image->loader == LOADER_LINUX)
			aliases_share(sharing, index, module);
		/* on FreeBSD any number of files may define one symbol */
		for (size_t i = 0;
		     world->image->loader == LOADER_LINUX && i < module->exports.count; i++)
			share_add(sharing, index, &world->symbols, sharing->symbols,
				  (struct shared){SHARED_SYMBOL, module->exports.list[i].name},
				  module);
	}
}

struct shareds world_shared(struct arena *arena, const struct world *world)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct sharing sharing = {.arena = arena, .world = world};

	sharing.files = arena_get(&scratch, (world->files.count + 1) * sizeof *sharing.files);
	sharing.symbols = arena_get(&scratch, (world->symbols.count + 1) * sizeof *sharing.symbols);
	sharing.modules = arena_get(&scratch, (world->modules.count + 1) * sizeof *sharing.modules);
	sharing.interfaces =
		arena_get(&scratch, (world->interfaces.count + 1) * sizeof *sharing.interfaces);
	sharing.registered =
		arena_get(&scratch, (world->registered.count + 1) * sizeof *sharing.registered);
	sharing.ret.of = arena_get(arena, (world->members.count + 1) * sizeof *sharing.ret.of);
	for (size_t i = 0; i < world->members.count; i++)
		member_share(&sharing, i);
	return sharing.ret;
}

/* AT is 0 at the start, then 1 + the index of the link to return next; MAP_NONE at the
 * end of the chain. */
static const struct link *link_step(const struct world *world, const struct chains *chains,
				    const char *name, uint32_t *at)
{
	while (*at != MAP_NONE) {
		const struct link *link =
			*at == 0 ? chains_first(chains, name) : &chains->list[*at - 1];

		if (!link)
			break;

		const struct link *next = chains_next(chains, link);
		*at = next ? (uint32_t)(next - chains->list) + 1 : MAP_NONE;
		if (link->who < world->members.count)
			return link;
	}
	return NULL;
}

bool world_named(const struct world *world, const char *name, uint32_t *at, size_t *ret_index)
{
	const struct link *link = link_step(world, &world->names, name, at);

	if (link)
		*ret_index = link->who;
	return link != NULL;
}

bool world_exporting(const struct world *world, const char *name, uint32_t *at, size_t *ret_index,
		     const struct export **ret)
{
	const struct link *link = link_step(world, &world->symbols, name, at);

	if (!link)
		return false;
	*ret_index = link->who;
	*ret = ((const struct provider *)link->what)->export;
	return true;
}
