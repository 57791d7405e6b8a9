/* SPDX-License-Identifier: ISC */
/* Determines which feed packages the package manager can choose at all
 * (libopkg/pkg_hash.c, pkg_hash_check_unresolved; apk-tools src/solver.c). */
#include "checks/state/state_parts.h"

#include <stdlib.h>
#include <string.h>

/* Finds which packages of the feeds a package manager can choose at all: those with an
 * accepted Architecture, whose dependencies are all satisfied by installed packages or
 * by others that can be chosen (opkg since 2020-11: libopkg/pkg_hash.c,
 * pkg_hash_check_unresolved; apk: src/solver.c). All packages are candidates at first;
 * when one is rejected, those that depend on it are examined again. */
struct waiting {
	/* the package that depends on another, and the number of its formula */
	uint32_t index, formula;
	uint32_t next; /* the next entry for the same package; MAP_NONE: the last one */
};

struct waitings {
	struct waiting *list;
	size_t count, room;
};

struct resolving {
	struct states *states;
	struct arena scratch;
	struct waitings waitings;
	uint32_t *first; /* by package: its first entry in waitings */
	/* by package and formula: the number of candidates that can still satisfy it */
	uint32_t **left;
	uint32_t *queue;
	size_t queued;
};

struct asked asked_collect(const struct world *world, const struct package *package)
{
	struct asked asked = {.list = {(uint32_t)world_index(world, package)}, .count = 1};

	for (size_t i = 0; i < asked.count; i++) {
		struct span_indexes needs = world_needed(world, asked.list[i]);

		for (size_t j = 0; j < needs.count && asked.count < ASKED_MOST; j++)
			if (!array_any(one, &asked, *one == needs.list[j]))
				asked.list[asked.count++] = needs.list[j];
	}
	return asked;
}

bool manager_may_choose(const struct world *world, const struct package *other,
			const struct dependency *need, const struct package *wanted)
{
	if (!world_offered(world, other) || world_ignored(world, other) ||
	    !package_satisfies(other, need))
		return false;
	if (!other->apk || strcmp(other->name, need->name) == 0 || other->priority > 0)
		return true;
	/* apk does not choose a package that only provides the name, without a version, unless
	 * something requires it by its own name (src/solver.c, is_provider_auto_selectable) */
	array_each(formula, &other->provides)
		array_each(provided, formula)
			if (strcmp(provided->name, need->name) == 0 && provided->version)
				return true;
	if (!wanted)
		return false;

	struct asked asked = asked_collect(world, wanted);
	array_each(index, &asked)
		array_each(formula, &world_package(world, *index)->depends)
			if (array_any(one, formula, strcmp(one->name, other->name) == 0))
				return true;
	return false;
}

static void reject(struct resolving *resolving, uint32_t index, uint32_t lack)
{
	if (resolving->states->lacks[index])
		return;
	resolving->states->lacks[index] = lack;
	resolving->queue[resolving->queued++] = index;
}

static void formula_resolve(struct resolving *resolving, uint32_t index, uint32_t number)
{
	const struct world *world = resolving->states->world;
	const struct formula *formula = &world_package(world, index)->depends.list[number];

	if (formula->optional || states_have(resolving->states, formula))
		return;
	array_each(need, formula) {
		uint32_t at = 0;
		size_t other;

		for (size_t i = 0; i < NAMINGS_MOST && world_named(world, need->name, &at, &other);
		     i++) {
			if (replacer_of(resolving->states, world_package(world, other)) ||
			    !manager_may_choose(world, world_package(world, other), need,
						world_package(world, index)))
				continue;

			uint32_t next = resolving->first[other];
			resolving->first[other] = (uint32_t)resolving->waitings.count;
			*array_add(&resolving->scratch, &resolving->waitings) =
				(struct waiting){index, number, next};
			resolving->left[index][number]++;
		}
	}
	if (resolving->left[index][number] == 0)
		reject(resolving, index, number + 1);
}

/* True if the image's opkg splits lists with strtok(), since 2017-02: OpenWrt 17.01, which has
 * Linux 4.4, and later. The one before reads an empty list as none. */
static bool is_splitting(const struct image *image)
{
	const char *release = image->distribution_release.value, *kernel = image->release.value;
	long year = release ? strtol(release, NULL, 10) : 0;
	char *rest;
	long major = kernel ? strtol(kernel, &rest, 10) : 5;

	if (year > 0)
		return year >= 17;
	return major > 4 || (major == 4 && *rest == '.' && strtol(rest + 1, NULL, 10) >= 4);
}

static void package_resolve(struct resolving *resolving, uint32_t index)
{
	const struct package *package = world_package(resolving->states->world, index);

	resolving->left[index] = arena_get(&resolving->scratch,
					   (package->depends.count + 1) * sizeof **resolving->left);
	bool crash = package->crash && is_splitting(world_image(resolving->states->world));

	if (crash && (package->listed || package->origin == PACKAGE_INDEX_ROW))
		resolving->states->crash = package;
	if (package->problem)
		reject(resolving, index, LACKS_FILE);
	else if (crash)
		reject(resolving, index, LACKS_SENSE);
	else if (world_ignored(resolving->states->world, package))
		reject(resolving, index, LACKS_ARCHITECTURE);
	for (uint32_t i = 0; i < package->depends.count; i++)
		formula_resolve(resolving, index, i);
}

void states_resolve(struct states *states)
{
	uint32_t count = (uint32_t)world_count(states->world);
	struct resolving resolving = {.states = states};

	states->lacks = arena_get(states->arena, (count + 1) * sizeof *states->lacks);
	resolving.first = arena_get(&resolving.scratch, (count + 1) * sizeof *resolving.first);
	resolving.left = arena_get(&resolving.scratch, (count + 1) * sizeof *resolving.left);
	resolving.queue = arena_get(&resolving.scratch, (count + 1) * sizeof *resolving.queue);
	for (uint32_t i = 0; i < count; i++)
		resolving.first[i] = MAP_NONE;
	for (uint32_t i = 0; i < count; i++)
		package_resolve(&resolving, i);
	while (resolving.queued > 0) {
		uint32_t gone = resolving.queue[--resolving.queued];

		for (uint32_t at = resolving.first[gone]; at != MAP_NONE;
		     at = resolving.waitings.list[at].next) {
			const struct waiting *waiting = &resolving.waitings.list[at];

			if (--resolving.left[waiting->index][waiting->formula] == 0)
				reject(&resolving, waiting->index, waiting->formula + 1);
		}
	}
	arena_free(&resolving.scratch);
}
