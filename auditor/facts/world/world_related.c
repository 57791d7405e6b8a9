/* SPDX-License-Identifier: ISC */
/* Marks the packages that have to do with modules: those that carry modules and those
 * that need one that does, through any number of dependencies. */
#include "facts/package/package_file.h"
#include "facts/world/world_parts.h"

#include <string.h>

/* A dependency between two packages. Packages are numbered: members first, then
 * the installed ones. */
struct edge {
	uint32_t needed, by;
};

struct edges {
	struct edge *list;
	size_t count, room;
};

struct relating {
	struct world *world;
	struct arena arena;
	struct edges edges; /* sorted by needed */
	bool *related;
	uint32_t *queue;
	size_t waiting;
};

static int edge_compare(const void *a, const void *b)
{
	const struct edge *left = a, *right = b;

	if (left->needed != right->needed)
		return left->needed < right->needed ? -1 : 1;
	return left->by < right->by ? -1 : left->by > right->by;
}

static void mark(struct relating *relating, uint32_t node)
{
	if (relating->related[node])
		return;
	relating->related[node] = true;
	relating->queue[relating->waiting++] = node;
}

static bool is_module_package(const char *name)
{
	return strncmp(name, "kmod-", 5) == 0;
}

static void edge_add(struct relating *relating, const struct package *needed, uint32_t by)
{
	const struct world *world = relating->world;
	const struct packages *installed = &world->installed;
	bool is_installed = installed->count > 0 && needed >= installed->list &&
			    needed < installed->list + installed->count;
	size_t node = is_installed ? world->members.count + (size_t)(needed - installed->list)
				   : world_index(world, needed);

	*array_add(&relating->arena, &relating->edges) =
		(struct edge){.needed = (uint32_t)node, .by = by};
}

/* Records that NEEDED is chosen for a dependency of member NODE. */
static void need_add(struct world *world, uint32_t node, const struct package *needed)
{
	struct member *member = &world->members.list[node];
	uint32_t index = (uint32_t)world_index(world, needed);

	for (uint32_t i = 0; i < member->need_count; i++)
		if (world->needs.list[member->needs + i] == index)
			return;
	if (index == node)
		return;
	*array_add(world->arena, &world->needs) = index;
	member->need_count++;
}

static void member_edges(struct relating *relating, uint32_t node)
{
	struct world *world = relating->world;
	const struct package *package = world->members.list[node].package, *needed;

	/* it contains modules or may: it could not be read, it has a pin on a kernel,
	 * or it loads modules at boot */
	bool carries = package->modules.count > 0 || package->problem ||
		       package_names_kernel(package) || package->autoload.count > 0;

	world->members.list[node].needs = (uint32_t)world->needs.count;
	if (carries)
		mark(relating, node);
	array_each(formula, &package->depends) {
		enum satisfied satisfied = world_satisfies(world, package, formula, &needed);

		/* opkg leaves out what is recommended and for another architecture */
		if (formula->optional && needed && world_ignored(world, needed))
			continue;
		/* a package with modules counts by its name where it does not exist */
		if (satisfied == SATISFIED_NOT &&
		    array_any(need, formula, is_module_package(need->name)))
			mark(relating, node);
		if (satisfied == SATISFIED_FEED && strcmp(needed->name, "kernel") != 0)
			need_add(world, node, needed);
		if (needed)
			edge_add(relating, needed, node);
	}
}

static void installed_edges(struct relating *relating, uint32_t node)
{
	const struct world *world = relating->world;
	const struct package *package = &world->installed.list[node - world->members.count];

	/* in a manifest, and a database without file lists, only the name shows it */
	bool carries = is_module_package(package->name) ||
		       array_any(file, &package->files,
				 module_is_path(*file) && release_of_path(*file).size > 0);

	if (carries)
		mark(relating, node);
	array_each(formula, &package->depends)
		array_each(need, formula) {
			const struct package *needed = world_installed(world, need, false);

			if (needed)
				edge_add(relating, needed, node);
		}
}

void world_relate(struct world *world)
{
	struct relating relating = {.world = world};
	size_t members = world->members.count, nodes = members + world->installed.count;

	relating.related = arena_get(&relating.arena, nodes + 1);
	relating.queue = arena_get(&relating.arena, (nodes + 1) * sizeof *relating.queue);
	for (size_t i = 0; i < members; i++)
		member_edges(&relating, (uint32_t)i);
	for (size_t i = members; i < nodes; i++)
		installed_edges(&relating, (uint32_t)i);
	array_sort(&relating.edges, edge_compare);
	while (relating.edges.count > 0 && relating.waiting > 0) {
		uint32_t node = relating.queue[--relating.waiting];
		size_t at = array_lower(edge, &relating.edges, edge->needed < node);

		for (; at < relating.edges.count && relating.edges.list[at].needed == node; at++)
			mark(&relating, relating.edges.list[at].by);
	}
	for (size_t i = 0; i < members; i++)
		world->members.list[i].related = relating.related[i];
	arena_free(&relating.arena);
}

bool world_related(const struct world *world, const struct package *package)
{
	return world->members.list[world_index(world, package)].related;
}
