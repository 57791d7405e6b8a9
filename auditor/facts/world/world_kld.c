/* SPDX-License-Identifier: ISC */
/* Finds which files the kernel linker of a FreeBSD image sees for a package, and who
 * provides what a module needs there: named, versioned interfaces first, then symbols
 * of direct dependencies. */
#include "facts/world/world_kld.h"
#include "facts/world/world_parts.h"

#include "base/text.h"

#include <string.h>

/* What a package sees. */
struct seeing {
	const struct world *world;
	const struct package *package; /* NULL: only the image */
	struct company company; /* of PACKAGE; empty without one */
	bool alone; /* packages that PACKAGE does not depend on are not installed */
};

static enum sight sight(const void *context, const struct linker_file *file)
{
	const struct seeing *seeing = context;

	if (file->who == WHO_IMAGE)
		return SIGHT_THERE;
	if (!seeing->package)
		return SIGHT_NONE;
	if (company_has(&seeing->company, file->who))
		return SIGHT_THERE;
	return !seeing->alone && !seeing->world->members.list[file->who].superseded &&
			       world_sees(seeing->world, seeing->package, file->who)
		       ? SIGHT_OFFERED
		       : SIGHT_NONE;
}

const struct linker *world_linker(const struct world *world)
{
	return world->linker;
}

/* OWNER: the package that MODULE is in, or NULL. */
static const struct linker_trial *file_try(struct arena *arena, const struct world *world,
					   const struct package *package,
					   const struct module *module, const struct package *owner)
{
	struct seeing seeing = {.world = world, .package = package, .alone = package != owner};
	const struct linker_view view = {sight, &seeing};
	const struct linker *linker = world->linker;
	const struct linker_file *files;
	size_t count, at = 0;

	if (!linker)
		return NULL;
	files = linker_based(linker, linker_directory(&linker->path, module, owner),
			     path_last(text_or_empty(module->path)), &count);
	while (at < count && files[at].module != module)
		at++;
	if (at == count)
		return NULL;
	if (package)
		world_company(world, package, &seeing.company);
	return linker_try(arena, linker, &view, &files[at]);
}

const struct linker_trial *world_try(struct arena *arena, const struct world *world,
				     const struct package *package, const struct module *module)
{
	return file_try(arena, world, package, module, package);
}

const struct linker_trial *world_try_installed(struct arena *arena, const struct world *world,
					       const struct package *package,
					       const struct module *module)
{
	return file_try(arena, world, package, module, NULL);
}

/* If the symbol table of the kernel is not known, the modules that it loads show some
 * of its symbols. */
static void taken_collect(struct world *world)
{
	int32_t own = world->image->boot ? world->image->boot->osreldate : 0;

	array_each(module, &world->image->modules) {
		_cleanup_arena_ struct arena scratch = {0};
		const struct kld_depend *depend =
			module->kld ? kld_needs(module->kld, "kernel") : NULL;
		bool native = depend && own && depend->preferred == own;
		const struct linker_trial *trial;

		if (module->problem || !native)
			continue;
		trial = world_try(&scratch, world, NULL, module);
		if (!trial || trial->fails || trial->unsure)
			continue;
		/* what it imports and no module defines, its kernel must */
		array_each(import, &trial->file->module->imports)
			if (linker_symbol(world->linker, trial, import) != SYMBOL_THERE)
				map_put(&world->taken, world->arena, import->name, 1);
	}
}

const char *interface_text(struct arena *arena, const struct kld_version *version)
{
	return arena_format(arena, "%s.%d", version->name, version->version);
}

static void names_add(struct world *world, uint32_t who, const struct module *module)
{
	if (!module->kld || module->kld->set != KLD_SET_FOUND)
		return;
	array_each(version, &module->kld->versions)
		chains_add(&world->interfaces, world->arena, interface_text(world->arena, version),
			   who, module);
	array_each(own, &module->kld->modules)
		if (own->name)
			chains_add(&world->registered, world->arena, own->name, who, module);
}

void world_link(struct world *world)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct linker_files files = {0};
	const struct kernel *kernel = world->image->kernel;

	if (world->image->loader != LOADER_FREEBSD)
		return;
	array_each(module, &world->image->modules)
		*array_add(&scratch, &files) =
			(struct linker_file){.module = module, .who = WHO_IMAGE};
	for (uint32_t who = 0; who < world->members.count; who++) {
		const struct package *package = world->members.list[who].package;

		array_each(module, &package->modules)
			if (module->problem || module->loader == LOADER_FREEBSD) {
				*array_add(&scratch, &files) =
					(struct linker_file){module, package, who, 0, NULL};
				names_add(world, who, module);
			}
	}
	world->linker = linker_new(world->arena, world->image, &files);
	if (!kernel || !kernel->exports.complete)
		taken_collect(world);
}

void kld_suppliers(struct arena *arena, const struct world *world, const struct package *package,
		   const struct module *module, struct suppliers *ret)
{
	const struct linker_trial *trial = world_try(arena, world, package, module);

	if (!trial)
		return;
	array_each(answer, &trial->answers)
		if (answer->file)
			*array_add(arena, ret) = (struct provider){
				.module = answer->file->module, .package = answer->file->package};
}

bool world_taken(const struct world *world, const char *name)
{
	return map_get(&world->taken, name) != MAP_NONE;
}

const struct module *world_definer(const struct world *world, const struct package *package,
				   const char *name)
{
	for (const struct link *link = chains_first(&world->symbols, name); link;
	     link = chains_next(&world->symbols, link))
		if (world_sees_link(world, package, link))
			return ((const struct provider *)link->what)->module;
	return NULL;
}
