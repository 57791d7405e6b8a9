/* SPDX-License-Identifier: ISC */
/* Writes the findings about one state: clashes between packages, symbols and modules
 * that remaining modules lose, and dependencies of installed packages that break. */
#include "checks/package/manager.h"
#include "checks/state/state_taken.h"
#include "checks/checks.h"
#include "facts/world/world_providers.h"

#include <inttypes.h>

/* The state that is checked, and where findings go. */
struct judging {
	struct arena *arena;
	struct state *state;
	struct findings *findings;
	/* the number of findings, and the index of the one that counts
	 * those beyond FOLD_MOST */
	size_t met, last;
};

/* Adds a finding that rule ID is violated. After FOLD_MOST of them it only counts and
 * returns NULL. */
static struct finding *finding_folded(struct judging *judging, const char *id, enum outcome outcome,
				      const char *subject, const struct package *by)
{
	struct finding *finding;

	if (judging->met++ >= FOLD_MOST) {
		judging->findings->list[judging->last].more++;
		return NULL;
	}
	judging->last = judging->findings->count;
	finding = finding_add(judging->arena, judging->findings, id, outcome, NULL, subject);
	finding->witness[1] = by->witness;
	return finding;
}

static const char *const clash_ids[] = {
	[CLASH_NAME] = "package-depends",	[CLASH_FILE] = "file-conflict",
	[CLASH_SYMBOL] = "symbol-duplicate",	[CLASH_INTERFACE] = "kld-interface",
	[CLASH_MODULE] = "symbol-duplicate",	[CLASH_CONFLICT] = "package-conflicts",
	[CLASH_REGISTERED] = "kld-module",	[CLASH_ALIAS] = "modules-directory",
	[CLASH_PROVIDES] = "package-conflicts",
};

static void clash_report(struct judging *judging, size_t index, const struct clash *clash)
{
	const struct world *world = judging->state->states->world;
	const struct package *other = world_package(world, clash->with);
	struct finding *finding = finding_folded(judging, clash_ids[clash->kind], OUTCOME_FAILS,
						 clash->subject ? clash->subject : other->name,
						 world_package(world, index));

	if (!finding)
		return;
	finding->witness[0] = other->witness;
	finding->text = arena_format(judging->arena,
				     "cannot be installed together with its dependencies: %s",
				     clash_text(judging->arena, world, index, clash));
}

/* What the loader reports, as the end of a sentence "the image's module
 * NAME then ...". */
static const char *loss_text(struct arena *arena, const struct lost *lost)
{
	if (!lost->import)
		return arena_format(arena, "finds no module %s, which it names in depends",
				    lost->from->name);
	if (!lost->now)
		return arena_format(arena, "finds no symbol %s", lost->import->name);
	switch (lost->refusal) {
	case REFUSAL_GPL:
		return arena_format(
			arena,
			"does not get %s, which is now exported to GPL-compatible modules only",
			lost->import->name);
	case REFUSAL_NAMESPACE:
		return arena_format(
			arena,
			"does not get %s, which is now in namespace %s, and does not import it",
			lost->import->name, lost->now->name_space);
	case REFUSAL_CRC:
	case REFUSAL_NONE:
		break;
	}
	return arena_format(arena, "disagrees about version of symbol %s", lost->import->name);
}

/* What takes the place of what, as in "kmod-a 2 would replace the installed 1". */
static const char *exchange_text(struct arena *arena, const struct states *states, size_t index,
				 const struct lost *lost)
{
	const struct package *package = world_package(states->world, index),
			     *old = states->replaced[index];

	if (old)
		return arena_format(arena, "%s %s would replace the installed %s", package->name,
				    package->version ? package->version : "",
				    old->version ? old->version : "one");
	return arena_format(
		arena,
		lost->sure ? "%s would replace the image's %s"
			   : "module loaders may find %s before the image's %s",
		package->origin == PACKAGE_BARE_MODULE
			? "this module"
			: arena_format(arena, "module %s of %s", lost->from->name, package->name),
		lost->from->path);
}

static void loss_report(struct judging *judging, size_t index, const struct lost *lost)
{
	const struct states *states = judging->state->states;
	const struct package *package = world_package(states->world, index);
	struct finding *finding = finding_folded(
		judging, "state-breaks", lost->sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
		lost->import ? lost->import->name : lost->from->name, package);

	if (!finding)
		return;
	finding->module = lost->user->name;
	finding->witness[0] = lost->user->witness;
	if (lost->refusal == REFUSAL_CRC) {
		const struct image *image = world_image(states->world);
		struct crc crc = import_crc(lost->import, image_versions(image, lost->user));

		finding_show(finding, arena_format(judging->arena, "0x%08" PRIx32, crc.value),
			     lost->user->witness,
			     arena_format(judging->arena, "0x%08" PRIx32, lost->now->crc),
			     package->witness);
	}
	finding->text = arena_format(judging->arena, "%s, and the image's module %s then %s",
				     exchange_text(judging->arena, states, index, lost),
				     lost->user->name, loss_text(judging->arena, lost));
	if (!lost->sure)
		finding->settle = "no input can: which of two files of one name depmod takes is "
				  "not defined; leave one of them out";
}

static void losses_check(struct judging *judging, size_t index)
{
	const struct state *state = judging->state;
	const struct world *world = state->states->world;

	array_each(lost, &state->states->losses[index]) {
		const struct module *user = lost->user;
		const struct package *owner =
			user->path ? world_installed_owner(world, user->path) : NULL;

		/* if the user or its package is replaced as well, its new modules are checked
		 * separately */
		if ((owner && state_named(state, owner->name)) ||
		    array_any(in, state,
			      module_overridden(world_image(world), world_package(world, *in),
						user) == OVERRIDE_SURE))
			continue;

		bool found = lost->import ? state_exports(state, user, lost->import)
					  : array_any(in, state,
						      package_module(world_package(world, *in),
								     lost->from->name));
		if (!found)
			loss_report(judging, index, lost);
	}
}

static void version_report(struct judging *judging, size_t index, const struct package *who,
			   const struct formula *formula)
{
	const struct package *package = world_package(judging->state->states->world, index);
	struct finding *finding =
		finding_folded(judging, "state-breaks", OUTCOME_FAILS, who->name, package);

	if (!finding)
		return;
	finding->witness[0] = who->witness;
	finding->expected = formula->text;
	finding->found = package->version;
	finding->text = arena_format(
		judging->arena, "%s %s would replace the installed %s, but %s needs %s",
		package->name, package->version ? package->version : "",
		judging->state->states->replaced[index]->version, who->name, formula->text);
}

/* Checks the dependencies of WHO, which is in the state, on versions that are replaced
 * in it. The check of WHO alone found the installed version. */
static void needs_check(struct judging *judging, const struct package *who)
{
	array_each(formula, &who->depends)
		array_each(need, formula) {
			uint32_t index = need->relation == RELATION_ANY
						 ? MAP_NONE
						 : exchange_of(judging->state, need->name);

			if (index == MAP_NONE || formula_met(judging->state, formula))
				continue;
			version_report(judging, index, who, formula);
			break;
		}
}

/* Reports what package INDEX loses because another one of the state replaces a module. */
static void taken_check(struct judging *judging, size_t index)
{
	const struct world *world = judging->state->states->world;
	struct finding *finding;
	struct robbed robbed;

	if (!taken_from(judging->state, index, &robbed) || robbed.user != index)
		return;
	finding = finding_folded(judging, "state-breaks",
				 robbed.taken->sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
				 robbed.use->import->name, world_package(world, robbed.taker));
	if (!finding)
		return;
	finding->module = robbed.use->module->name;
	finding->witness[0] = robbed.use->module->witness;
	finding->text = robbed_text(judging->arena, world, &robbed);
	if (!robbed.taken->sure)
		finding->settle = "no input can: which of two files of one name depmod takes is "
				  "not defined; leave one of them out";
}

/* Reports an installed package that apk can neither keep nor remove beside package INDEX. */
static void rows_check(struct judging *judging, size_t index)
{
	const struct states *states = judging->state->states;
	const struct package *package = world_package(states->world, index);
	const struct package *row = apk_row_in_way(judging->arena, states, package);
	struct finding *finding = row ? finding_folded(judging, "package-conflicts", OUTCOME_FAILS,
						       row->name, package)
				      : NULL;

	if (!finding)
		return;
	finding->witness[0] = row->witness;
	finding->text =
		row == package
			? arena_format(judging->arena, "%s provides its own name: apk refuses it",
				       package->name)
			: arena_format(judging->arena,
				       "%s and the installed %s both have the name "
				       "%s, one of them in a version: apk refuses it",
				       package->name, row->name, provided_twice(package, row));
}

void state_check(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 struct findings *findings)
{
	struct judging judging = {.arena = arena, .state = state, .findings = findings};
	struct clash clash;

	state_begin(state);
	for (size_t i = 0; i < count; i++) {
		if (state_clashes(state, list[i], &clash))
			clash_report(&judging, list[i], &clash);
		state_put(state, list[i]);
	}
	bool exchanges = false;
	for (size_t i = 0; i < count; i++) {
		losses_check(&judging, list[i]);
		taken_check(&judging, list[i]);
		rows_check(&judging, list[i]);
		if (!is_exchange(state->states, list[i]))
			continue;
		exchanges = true;

		/* installed packages that ask for the version that this one replaces */
		const struct states *states = state->states;
		const char *name = world_package(states->world, list[i])->name;
		const struct link *link = chains_first(&states->dependents, name);
		for (size_t j = 0; link && j < NAMINGS_MOST;
		     j++, link = chains_next(&states->dependents, link)) {
			const struct package *who = &states->installed->list[link->who];

			if (!state_named(state, who->name) && !formula_met(state, link->what))
				version_report(&judging, list[i], who, link->what);
		}
	}
	for (size_t i = 0; exchanges && i < count; i++)
		needs_check(&judging, world_package(state->states->world, list[i]));
}
