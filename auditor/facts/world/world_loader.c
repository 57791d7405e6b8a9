/* SPDX-License-Identifier: ISC */
/* Finds who provides an import of a module: the kernel, a module reached through
 * depends=, one loaded at boot, or one that nothing loads (ubox kmodloader.c). */
#include "facts/world/world_parts.h"

#include <string.h>

/* The number of modules that are looked up through depends=,
 * directly and indirectly. */
enum { DEPENDS_MOST = 1024 };

struct search {
	const struct world *world;
	const char *name; /* of the symbol */
	unsigned left;
};

static bool module_exports(const struct provider *module, const char *name, struct provider *ret)
{
	const struct export *export = exports_find(&module->module->exports, name);

	if (export)
		*ret = (struct provider){
			.export = export, .module = module->module, .package = module->package};
	return export != NULL;
}

/* Searches the modules in depends= first, then theirs: modpost lists in depends= all
 * modules that a module imports from. */
static bool depends_export(struct search *search, const struct package *package,
			   const struct module *module, struct provider *ret)
{
	const struct strings *depends = &module->modinfo.depends;
	struct provider needed;

	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) &&
		    needed.module != module && module_exports(&needed, search->name, ret))
			return true;
	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) &&
		    needed.module != module &&
		    depends_export(search, needed.package ? needed.package : package, needed.module,
				   ret))
			return true;
	return false;
}

/* True if a module in AUTOLOADS, or in the depends= of one, exports the symbol. */
static bool autoload_export(struct search *search, const struct package *package,
			    const struct autoloads *autoloads, struct provider *ret)
{
	const struct image *image = search->world->image;
	size_t cost = image->loader_rules.count / 16;
	struct provider loaded;

	array_each(autoload, autoloads) {
		if (search->left == 0 ||
		    !world_module(search->world, package, autoload->module, &loaded))
			continue;
		search->left--;
		if (!module_exports(&loaded, search->name, ret) &&
		    !depends_export(search, loaded.package ? loaded.package : package,
				    loaded.module, ret))
			continue;
		/* the image's loader may leave it out at boot; patterns cost more than
		 * looking a module up */
		search->left -= (unsigned)(cost < search->left ? cost : search->left);
		if (!image_rule_of(image, &image->loader_rules, loaded.module, false))
			return true;
	}
	return false;
}

/* Searches the modules that are loaded at boot by the image, by PACKAGE or by a
 * package installed with it, whatever depends= says. Their order does not
 * matter, because kmodloader retries modules that failed after loading the
 * others (ubox kmodloader.c, load_modprobe). */
static bool boot_export(struct search *search, const struct package *package, struct provider *ret)
{
	const struct world *world = search->world;

	if (autoload_export(search, package, &package->autoload, ret) ||
	    autoload_export(search, package, &world->image->autoload, ret))
		return true;
	for (const struct link *link = chains_first(&world->symbols, search->name); link;
	     link = chains_next(&world->symbols, link)) {
		const struct package *other = ((const struct provider *)link->what)->package;

		if (other && other->autoload.count > 0 && world_sees_link(world, package, link) &&
		    world_comes_with(world, package, other) &&
		    autoload_export(search, package, &other->autoload, ret))
			return true;
	}
	return false;
}

bool world_import(const struct world *world, const struct package *package,
		  const struct module *module, const char *name, struct provider *ret)
{
	const struct link *first = chains_first(&world->symbols, name);
	struct search search = {world, name, DEPENDS_MOST};

	if (!first)
		return false;
	if (first->who == WHO_KERNEL) {
		*ret = *(const struct provider *)first->what;
		return true;
	}
	if (module && depends_export(&search, package, module, ret))
		return true;
	search.left = DEPENDS_MOST;
	if (boot_export(&search, package, ret))
		return true;
	if (!world_export(world, package, name, ret))
		return false;
	ret->loose = true;
	return true;
}

static void linux_suppliers(struct arena *arena, const struct world *world,
			    const struct package *package, const struct module *module,
			    struct suppliers *ret)
{
	struct provider provider;

	array_each(import, &module->imports)
		if (world_import(world, package, module, import->name, &provider) &&
		    !provider.loose)
			*array_add(arena, ret) = provider;
	for (size_t i = 0; i < module->modinfo.depends.count; i++)
		if (world_module(world, package, module->modinfo.depends.list[i], &provider))
			*array_add(arena, ret) = provider;
}

struct suppliers world_suppliers(struct arena *arena, const struct world *world,
				 const struct package *package, const struct module *module)
{
	static void (*const collect[LOADER_COUNT])(struct arena *, const struct world *,
						   const struct package *, const struct module *,
						   struct suppliers *) = {
		[LOADER_LINUX] = linux_suppliers, [LOADER_FREEBSD] = kld_suppliers};
	struct suppliers suppliers = {0};

	collect[world->image->loader](arena, world, package, module, &suppliers);
	return suppliers;
}

/* A module on the way from one module to those in its depends=, and theirs. */
struct step {
	const struct package *package;
	const struct module *module;
	size_t next; /* the number of the dependency that comes next */
	uint32_t number; /* in walk.places */
};

struct walk {
	struct world *world;
	struct arena scratch;
	struct map numbers; /* by witness: of modules that were met */
	struct {
		struct step *list;
		size_t count, room;
	} way;
	struct {
		size_t *list; /* by number: the place on the way, from 1; 0: not on it any more */
		size_t count, room;
	} places;
};

enum { CIRCLE_SHOWN = 8 };

static void circle_add(struct walk *walk, size_t first)
{
	struct world *world = walk->world;
	struct circle *circle = array_add(world->arena, &world->circles);
	const char *text = "";

	circle->symbols = true;
	for (size_t i = first; i < walk->way.count; i++) {
		const struct module *module = walk->way.list[i].module;
		const struct module *next =
			walk->way.list[i + 1 < walk->way.count ? i + 1 : first].module;

		circle->symbols &=
			array_any(import, &module->imports,
				  !import->weak && exports_find(&next->exports, import->name));
		if (i - first < CIRCLE_SHOWN)
			text = arena_format(world->arena, "%s%s -> ", text, module->name);
		map_put(&world->in_circle, world->arena, module->witness,
			(uint32_t)(world->circles.count - 1));
	}
	circle->text = arena_format(world->arena, "%s%s%s", text,
				    walk->way.count - first > CIRCLE_SHOWN ? "... -> " : "",
				    walk->way.list[first].module->name);
}

/* Goes to MODULE, unless it was met before. A module that is on the way
 * closes a circle. */
static void step_to(struct walk *walk, const struct package *package, const struct module *module)
{
	uint32_t count = (uint32_t)walk->places.count, number;

	if (module->modinfo.depends.count == 0 || !module->witness)
		return;
	number = map_put(&walk->numbers, &walk->scratch, module->witness, count);
	if (number < count) {
		if (walk->places.list[number] > 0)
			circle_add(walk, walk->places.list[number] - 1);
		return;
	}
	*array_add(&walk->scratch, &walk->way) = (struct step){package, module, 0, number};
	*array_add(&walk->scratch, &walk->places) = walk->way.count;
}

static void walk_from(struct walk *walk, const struct package *package, const struct module *module)
{
	struct provider needed;

	step_to(walk, package, module);
	while (walk->way.count > 0) {
		struct step *step = &walk->way.list[walk->way.count - 1];
		const struct strings *depends = &step->module->modinfo.depends;

		if (step->next == depends->count) {
			walk->places.list[step->number] = 0;
			walk->way.count--;
			continue;
		}
		if (world_module(walk->world, step->package, depends->list[step->next++], &needed))
			step_to(walk, needed.package ? needed.package : step->package,
				needed.module);
	}
}

void world_circles(struct world *world)
{
	struct walk walk = {.world = world};

	array_each(member, &world->members)
		array_each(module, &member->package->modules)
			if (!module->problem)
				walk_from(&walk, member->package, module);
	arena_free(&walk.scratch);
}

const struct circle *world_circle(const struct world *world, const struct module *module)
{
	uint32_t number = module->witness ? map_get(&world->in_circle, module->witness) : MAP_NONE;

	return number == MAP_NONE ? NULL : &world->circles.list[number];
}
