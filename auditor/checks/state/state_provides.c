/* SPDX-License-Identifier: ISC */
/* Finds packages that apk cannot have beside each other because of a name that one of them
 * provides, and installed packages that are in the way of a new one for that reason. */
#include "checks/package/manager.h"

#include <string.h>

const char *provided_name(const struct package *a, const struct package *b)
{
	array_each(formula, &a->provides)
		array_each(provided, formula) {
			if (strcmp(provided->name, b->name) == 0)
				return provided->name;
			array_each(other_formula, &b->provides)
				array_each(other, other_formula)
					if ((provided->version || other->version) &&
					    strcmp(other->name, provided->name) == 0)
						return provided->name;
		}
	return NULL;
}

const char *provided_twice(const struct package *a, const struct package *b)
{
	const char *name;

	/* a row of a manifest does not say which manager it is for */
	if (!a->apk || !(b->apk || b->origin == PACKAGE_INSTALLED))
		return NULL;
	name = provided_name(a, b);
	return name ? name : provided_name(b, a);
}

/* A package that has or provides NAME and cannot be beside package INDEX; of those in STATE,
 * or of all (NULL). MAP_NONE if there is none. */
static uint32_t excluded_under(const struct states *states, const struct state *state, size_t index,
			       const char *name)
{
	const struct package *package = world_package(states->world, index);
	uint32_t at = 0;
	size_t other;

	for (size_t i = 0; i < NAMINGS_MOST && world_named(states->world, name, &at, &other); i++)
		if (other != index && (!state || state_has(state, other)) &&
		    provided_twice(package, world_package(states->world, other)))
			return (uint32_t)other;
	return MAP_NONE;
}

static uint32_t excluded_by(const struct states *states, const struct state *state, size_t index)
{
	const struct package *package = world_package(states->world, index);
	uint32_t found =
		package->apk ? excluded_under(states, state, index, package->name) : MAP_NONE;

	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (package->apk && found == MAP_NONE)
				found = excluded_under(states, state, index, provided->name);
	return found;
}

bool provides_clash(const struct state *state, size_t index, struct clash *ret)
{
	const struct states *states = state->states;
	uint32_t other = excluded_by(states, state, index);

	if (other == MAP_NONE)
		return false;
	*ret = (struct clash){CLASH_PROVIDES, other,
			      provided_twice(world_package(states->world, index),
					     world_package(states->world, other))};
	return true;
}

bool provides_matter(const struct states *states, size_t index)
{
	const struct package *package = world_package(states->world, index);

	if (!package->apk)
		return false;
	return names_package(&package->provides, package->name) ||
	       excluded_by(states, NULL, index) != MAP_NONE ||
	       array_any(row, states->installed,
			 strcmp(row->name, package->name) != 0 && provided_twice(package, row));
}
