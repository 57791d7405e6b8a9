/* SPDX-License-Identifier: ISC */
/* Builds a state, the image with packages put in and their predecessors taken out, and
 * finds packages that clash in it. */
#include "checks/package/manager.h"

#include <string.h>

static void replacers_add(struct states *states, const struct package *package)
{
	if (package->apk)
		return;
	array_each(formula, &package->replaces)
		array_each(one, formula)
			if (strcmp(one->name, package->name) != 0 &&
			    names_package(&package->conflicts, one->name))
				chains_add(&states->replacers, states->arena, one->name, 0,
					   package);
}

const struct package *replacer_of(const struct states *states, const struct package *package)
{
	const struct link *link =
		package->apk ? NULL : chains_first(&states->replacers, package->name);

	return link ? link->what : NULL;
}

bool states_have(const struct states *states, const struct formula *formula)
{
	bool replaced = false;

	array_each(need, formula) {
		const struct package *row = world_installed(states->world, need, false);

		if (row && !replacer_of(states, row))
			return true;
		replaced |= row != NULL;
	}
	return !replaced && world_has(states->world, formula);
}

/* Adds the formulas of PACKAGE that require a version. */
static void askers_add(struct states *states, struct chains *askers, const struct package *package,
		       size_t number)
{
	array_each(formula, &package->depends)
		array_each(need, formula)
			if (need->relation != RELATION_ANY && !formula->optional)
				chains_add(askers, states->arena, need->name, (uint32_t)number,
					   formula);
}

static struct states *states_of(struct arena *arena, const struct world *world)
{
	struct states *states = arena_new(arena, struct states);
	const struct image *image = world_image(world);
	uint32_t next = 0;

	states->world = world;
	states->arena = arena;
	states->installed = image->database_known ? &image->packages : &image->manifest;
	states->shared = world_shared(arena, world);
	for (size_t i = 0; i < world_count(world); i++) {
		const struct package *package = world_package(world, i);

		next += map_put(&states->names, arena, package->name, next) == next;
		replacers_add(states, package);
		array_each(formula, &package->conflicts)
			array_each(against, formula)
				chains_add(&states->conflicts, arena, against->name, (uint32_t)i,
					   against);
		if (package->install_if.count > 0 && package->install_if.count <= CONDITIONS_MOST)
			*array_add(arena, &states->triggers) = (uint32_t)i;
		askers_add(states, &states->askers, package, i);
	}
	for (size_t i = 0; i < states->installed->count; i++) {
		const struct package *row = &states->installed->list[i];

		map_put(&states->rows, arena, row->name, (uint32_t)i);
		replacers_add(states, row);
		askers_add(states, &states->dependents, row, i);
	}
	states_replace(states);
	states_resolve(states);
	return states;
}

struct states *states_new(struct arena *arena, const struct world *world)
{
	struct states *states = states_of(arena, world);
	struct feeds *listed = arena_new(arena, struct feeds);

	if (feeds_listed(arena, world_feeds(world), listed))
		states->listed =
			states_of(arena, world_new(arena, world_image(world), listed, NULL, NULL));
	return states;
}

struct state state_new(struct arena *arena, const struct states *states)
{
	size_t packages = world_count(states->world) + 1, things = states->shared.count + 1;
	struct state state = {.states = states};

	state.in = arena_get(arena, packages * sizeof *state.in);
	state.list = arena_get(arena, packages * sizeof *state.list);
	state.named = arena_get(arena, packages * sizeof *state.named);
	state.name_stamp = arena_get(arena, packages * sizeof *state.name_stamp);
	state.holder = arena_get(arena, things * sizeof *state.holder);
	state.held = arena_get(arena, things * sizeof *state.held);
	state.module = arena_get(arena, things * sizeof *state.module);
	return state;
}

void state_begin(struct state *state)
{
	state->stamp++;
	state->count = 0;
}

bool state_has(const struct state *state, size_t index)
{
	return state->in[index] == state->stamp;
}

const struct package *state_named(const struct state *state, const char *name)
{
	uint32_t number = map_get(&state->states->names, name);

	return number != MAP_NONE && state->name_stamp[number] == state->stamp
		       ? world_package(state->states->world, state->named[number])
		       : NULL;
}

bool package_replaces(const struct package *a, const struct package *b)
{
	array_each(formula, &a->replaces)
		array_each(one, formula)
			if (a->apk ? package_is(b, one)
				   : strcmp(one->name, b->name) == 0 ||
					     names_package(&b->provides, one->name))
				return true;
	return false;
}

bool package_removes(const struct package *package, const struct package *row)
{
	if (strcmp(package->name, row->name) == 0)
		return true;
	if (!package->apk)
		return names_package(&package->conflicts, row->name) &&
		       names_package(&package->replaces, row->name);
	/* if ROW provides its name, apk keeps ROW */
	return !names_package(&row->provides, package->name) && provided_twice(package, row);
}

bool files_permitted(const struct package *a, const struct package *b)
{
	if (package_replaces(a, b) || package_replaces(b, a))
		return true;
	return a->apk && b->apk && a->origin_name && b->origin_name &&
	       strcmp(a->origin_name, b->origin_name) == 0;
}

/* True if a package in the state also has the shared thing SHARE of package INDEX, and
 * the two exclude each other. */
static bool share_clashes(const struct state *state, size_t index, const struct share *share,
			  struct clash *ret)
{
	const struct states *states = state->states;
	const struct shared *shared = &states->shared.list[share->number];
	const struct module *other = state->module[share->number];
	size_t holder = state->holder[share->number];

	if (state->held[share->number] != state->stamp || holder == index)
		return false;
	*ret = (struct clash){.with = holder, .subject = shared->what};
	switch (shared->kind) {
	case SHARED_FILE:
		ret->kind = CLASH_FILE;
		return !files_permitted(world_package(states->world, index),
					world_package(states->world, holder));
	case SHARED_SYMBOL:
		ret->kind = CLASH_SYMBOL;
		return strcmp(share->module->name, other->name) != 0;
	case SHARED_INTERFACE:
	case SHARED_REGISTERED:
		ret->kind = shared->kind == SHARED_INTERFACE ? CLASH_INTERFACE : CLASH_REGISTERED;
		return share->module->path && other->path &&
		       strcmp(share->module->path, other->path) != 0;
	case SHARED_ALIAS:
		ret->kind = CLASH_ALIAS;
		/* kmodloader finds one of the two under the other's name */
		return image_kmodloader_alone(world_image(states->world)) && share->module->path &&
		       other->path &&
		       (module_name_taken(share->module, other->path) ||
			module_name_taken(other, share->module->path));
	case SHARED_MODULE:
		ret->kind = CLASH_MODULE;
		return strcmp(share->module->path ? share->module->path : "",
			      other->path ? other->path : "") != 0;
	}
	return false;
}

bool conflict_concerns(const struct package *package, const struct dependency *against,
		       const struct package *other)
{
	if (against->apk)
		return package_satisfies(other, against);
	/* a row that is only unpacked counts if it is also wanted (pkg_hash_fetch_conflicts) */
	if (other->status && strstr(other->status, "unpacked") &&
	    strncmp(other->status, "install ", 8) != 0)
		return false;
	return package_is(other, against) && !names_package(&package->replaces, other->name);
}

/* True if package INDEX conflicts with a package in the state. */
static bool names_conflict(const struct state *state, size_t index, struct clash *ret)
{
	const struct world *world = state->states->world;
	const struct package *package = world_package(world, index);

	array_each(formula, &package->conflicts)
		array_each(against, formula) {
			uint32_t at = 0;
			size_t other;

			for (size_t i = 0;
			     i < NAMINGS_MOST && world_named(world, against->name, &at, &other);
			     i++)
				if (other != index && state_has(state, other) &&
				    conflict_concerns(package, against,
						      world_package(world, other))) {
					*ret = (struct clash){CLASH_CONFLICT, other, formula->text};
					return true;
				}
		}
	return false;
}

static bool name_conflicts(const struct state *state, size_t index, const char *name,
			   struct clash *ret)
{
	const struct states *states = state->states;
	const struct link *link = chains_first(&states->conflicts, name);

	for (size_t i = 0; link && i < NAMINGS_MOST;
	     i++, link = chains_next(&states->conflicts, link))
		if (link->who != index && state_has(state, link->who) &&
		    conflict_concerns(world_package(states->world, link->who), link->what,
				      world_package(states->world, index))) {
			*ret = (struct clash){CLASH_CONFLICT, link->who, name};
			return true;
		}
	return false;
}

bool state_clashes(const struct state *state, size_t index, struct clash *ret)
{
	const struct states *states = state->states;
	const struct package *package = world_package(states->world, index);
	uint32_t name = map_get(&states->names, package->name);

	if (state->name_stamp[name] == state->stamp && state->named[name] != index) {
		*ret = (struct clash){.kind = CLASH_NAME, .with = state->named[name]};
		return true;
	}
	array_each(share, &states->shared.of[index])
		if (share_clashes(state, index, share, ret))
			return true;
	if (names_conflict(state, index, ret) || name_conflicts(state, index, package->name, ret))
		return true;
	/* with apk a conflict may also be with a provided name */
	if (package->apk)
		array_each(formula, &package->provides)
			array_each(provided, formula)
				if (name_conflicts(state, index, provided->name, ret))
					return true;
	return provides_clash(state, index, ret);
}

void state_put(struct state *state, size_t index)
{
	const struct states *states = state->states;
	uint32_t name = map_get(&states->names, world_package(states->world, index)->name);

	if (state_has(state, index))
		return;
	state->in[index] = state->stamp;
	state->list[state->count++] = (uint32_t)index;
	state->named[name] = (uint32_t)index;
	state->name_stamp[name] = state->stamp;
	array_each(share, &states->shared.of[index]) {
		if (state->held[share->number] == state->stamp)
			continue;
		state->held[share->number] = state->stamp;
		state->holder[share->number] = (uint32_t)index;
		state->module[share->number] = share->module;
	}
}

const char *clash_text(struct arena *arena, const struct world *world, size_t index,
		       const struct clash *clash)
{
	const struct package *package = world_package(world, index),
			     *other = world_package(world, clash->with);

	switch (clash->kind) {
	case CLASH_NAME:
		return arena_format(arena, "%s is needed in version %s and in version %s",
				    package->name, package->version ? package->version : "-",
				    other->version ? other->version : "-");
	case CLASH_FILE:
		return arena_format(arena, "%s and %s both contain %s", other->name, package->name,
				    clash->subject);
	case CLASH_SYMBOL:
		return arena_format(arena,
				    "%s and %s both have a module that exports %s: the second is "
				    "refused (exports duplicate symbol %s)",
				    other->name, package->name, clash->subject, clash->subject);
	case CLASH_INTERFACE:
		return arena_format(arena,
				    "%s and %s both have a module that provides the interface %s: "
				    "the second is refused (already present in the KLD)",
				    other->name, package->name, clash->subject);
	case CLASH_REGISTERED:
		return arena_format(arena,
				    "%s and %s both have a file that registers the module %s: the "
				    "second is refused (module_register: already loaded)",
				    other->name, package->name, clash->subject);
	case CLASH_MODULE:
		return arena_format(arena,
				    "%s and %s both have a module %s: only one of them can be "
				    "loaded (File exists)",
				    other->name, package->name, clash->subject);
	case CLASH_ALIAS:
		return arena_format(arena,
				    "%s and %s each have a module that is called %s, one of them "
				    "by an alias: kmodloader never loads the file of that name",
				    other->name, package->name, clash->subject);
	case CLASH_PROVIDES:
		return arena_format(arena,
				    "%s and %s both have the name %s, which apk gives to several "
				    "packages only if all of them provide it without a version",
				    other->name, package->name, clash->subject);
	case CLASH_CONFLICT:
		break;
	}
	return arena_format(arena, "%s and %s conflict: conflicts: %s", other->name, package->name,
			    clash->subject);
}
