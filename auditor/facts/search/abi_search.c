/* SPDX-License-Identifier: ISC */
/* Tries the sets of known builds with the packages that are known to be in the wanted
 * build, then the same with one or two choices changed. */
#include "facts/search/abi_search.h"

#include "facts/search/set_atoms.h"

static struct set_state *variant_add(struct abi_search *search, const struct set_base *base)
{
	struct variant *variant = array_add(search->arena, &search->variants);

	variant->base = base;
	variant->state = set_state_copy(search->arena, base->model, &base->official);
	return &variant->state;
}

/* Adds what the build may have if it is like BASE: the packages that are known to be in
 * it, and all that the official build selects. */
static void variants_add(struct abi_search *search, const struct set_base *base)
{
	const struct set_model *model = base->model;
	struct strings names = {0}; /* those on which a set can depend */
	struct set_state *state;

	array_each(name, &search->question->packages)
		if (map_get(&model->package_of, *name) != MAP_NONE)
			*array_add(search->arena, &names) = *name;
	strings_unique(&names);
	if (base->bare && names.count > 0) {
		/* the base's packages were read off its lines: those together with NAMES */
		state = variant_add(search, base);
		array_each(name, &names)
			state->package[map_get(&model->package_of, *name)] = 1;
	}
	/* NAMES with the options of a plain build, without and with those that only other
	 * packages turn on, then with the official ones */
	for (unsigned i = 0; i < 3 && !base->bare && names.count > 0; i++) {
		state = variant_add(search, base);
		set_state_select(model, state, &names);
		if (i < 2)
			set_options_plain(&base->options, state, i == 1);
	}
	if (!base->bare)
		set_options_plain(&base->options, variant_add(search, base), true);
	variant_add(search, base);
}

/* Tries VARIANT with DEPTH of its atoms turned, without the first SKIP of these sets:
 * at most TRIES sets, and no more than are left. */
static bool variant_try(struct abi_search *search, const struct variant *variant, unsigned depth,
			const struct strings *lines, uint64_t skip, uint64_t tries)
{
	struct arena arena _cleanup_arena_ = {0};
	uint64_t left = search->tries - search->tried;
	struct set_atoms atoms = {0};
	struct set_search trial = {.model = variant->base->model,
				   .base = &variant->state,
				   .atoms = &atoms,
				   .hash = search->question->hash,
				   .threads = search->threads,
				   .skip = skip};
	struct set_hit hit;

	if (search->found || left == 0)
		return search->found;
	if (depth > 0)
		atoms = set_atoms_of(&arena, &variant->base->options, &variant->state, lines,
				     variant->base->bare);
	hit = set_search(&trial, depth, tries < left ? tries : left);
	search->tried += hit.tried;
	if (!hit.found)
		return false;
	search->found = true;
	search->base = variant->base;
	search->state = set_state_copy(search->arena, variant->base->model, &variant->state);
	for (unsigned i = 0; i < depth; i++)
		set_state_turn(&search->state, &atoms.list[hit.atoms[i]].turns);
	return true;
}

enum { PAIRS_FIRST = 8000 }; /* all pairs of about 126 atoms, which are the options */

/* Tries one change of the nearest base, single lines among them; then likely pairs of
 * changes there, one change of the other bases, and the other pairs. COUNT: the
 * variants of the nearest base. */
static void near_run(struct abi_search *search, size_t count)
{
	const struct abi_question *question = search->question;
	const struct set_base *base = search->bases.list;
	const struct variants *variants = &search->variants;
	const struct strings *lines = &search->bases.lines, none = {0};
	bool same_kernel = question->kernel && base->build.kernel[0];
	/* How many variants of the nearest base are tried with two changes. They need a target,
	 * without which the nearest official base is only one of many, or a base that is not
	 * official and has the kernel of the build. Where only a set is known, that is its own
	 * packages with the known ones. */
	size_t pairs = base->bare && count > 1 ? 1 : count;

	if (!question->target && !(base->build.origin && same_kernel))
		pairs = 0;
	for (size_t i = 0; i < count; i++)
		variant_try(search, &variants->list[i], 1, lines, 0, UINT64_MAX);
	for (size_t i = 0; i < pairs; i++)
		variant_try(search, &variants->list[i], 2, lines, 0, PAIRS_FIRST);
	for (size_t i = count; i < variants->count; i++)
		variant_try(search, &variants->list[i], 1, &none, 0, UINT64_MAX);
	/* behind those pairs that were tried; most of the tries go to
	 * the likeliest variant */
	for (size_t i = 0; i < pairs; i++) {
		uint64_t left = search->tries - search->tried;

		variant_try(search, &variants->list[i], 2, lines, PAIRS_FIRST,
			    i + 1 == pairs ? left : left - left / 4);
	}
}

/* Tries every variant of every base as it is, then changed variants: few of them if no
 * known build has the kernel of this one, because a build of a release's sources has the
 * release's kernel. */
void abi_search_run(struct abi_search *search)
{
	const struct variants *variants = &search->variants;
	const char *wanted = search->question->kernel;
	const struct strings none = {0};
	size_t count = 0;

	array_each(base, &search->bases)
		variants_add(search, base);
	array_each(variant, variants)
		variant_try(search, variant, 0, &none, 0, UINT64_MAX);
	array_each(variant, variants)
		count += variant->base == search->bases.list;
	if (count == 0)
		return;

	const char *kernel = search->bases.list->build.kernel;

	if (!wanted || !kernel[0] || strcmp(kernel, wanted) == 0) {
		near_run(search, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		variant_try(search, &variants->list[i], 1, &none, 0, UINT64_MAX);
}
