/* SPDX-License-Identifier: ISC */
/* Finds the set behind a hash: looks in the database, composes sets, and searches near
 * them; names the choices in which the build differs from the official one. */
#include "facts/search/abi_identify.h"

#include "base/digest.h"
#include "base/text.h"
#include "facts/search/set_atoms.h"
#include "facts/search/set_base.h"
#include "facts/search/set_turned.h"

#include <inttypes.h>
#include <stdio.h>

struct answers {
	const struct abi_answer **list;
	size_t count, room;
};

struct abi_identifier {
	struct arena *arena;
	const struct abi_database *database;
	uint64_t tries;
	unsigned threads;
	struct map known; /* question as a text -> number of the answer */
	struct answers answers;
};

/* A base with packages and options that the build may have. */
struct variant {
	const struct set_base *base;
	struct set_state state;
};

struct variants {
	struct variant *list;
	size_t count, room;
};

/* One search. */
struct asking {
	struct arena *arena; /* of the search */
	const struct abi_identifier *identifier;
	const struct abi_question *question;
	struct set_bases bases;
	size_t left_out; /* other builds that could be bases, above the maximum */
	struct variants variants; /* the likely ones first */
	uint64_t tried;
	bool found;
	const struct set_base *base; /* of the hit */
	struct set_state state; /* likewise */
};

struct abi_identifier *abi_identifier_new(struct arena *arena, const struct abi_database *database,
					  uint64_t tries, unsigned threads)
{
	struct abi_identifier *identifier = arena_new(arena, struct abi_identifier);

	*identifier = (struct abi_identifier){
		.arena = arena, .database = database, .tries = tries, .threads = threads};
	return identifier;
}

/* The names that a set can depend on, sorted: those of packages that BASE knows. */
static struct strings names_known(struct arena *arena, const struct set_base *base,
				  const struct strings *names)
{
	struct strings known = {0};

	array_each(name, names)
		if (map_get(&base->model->package_of, *name) != MAP_NONE)
			*array_add(arena, &known) = *name;
	strings_unique(&known);
	return known;
}

static struct set_state *variant_add(struct asking *asking, const struct set_base *base)
{
	struct variant *variant = array_add(asking->arena, &asking->variants);

	variant->base = base;
	variant->state = set_state_copy(asking->arena, base->model, &base->official);
	return &variant->state;
}

/* NAMES with the options of a plain build, without and with those that only other
 * packages turn on, then with the official ones. */
static void named_variants(struct asking *asking, const struct set_base *base,
			   const struct strings *names)
{
	for (unsigned i = 0; i < 3; i++) {
		struct set_state *state = variant_add(asking, base);

		set_state_select(base->model, state, names);
		if (i < 2)
			set_options_plain(&base->options, state, i == 1);
	}
}

/* Where the base's packages were read off its lines: those together with NAMES. */
static void joined_variant(struct asking *asking, const struct set_base *base,
			   const struct strings *names)
{
	struct set_state *state = variant_add(asking, base);

	array_each(name, names)
		state->package[map_get(&base->model->package_of, *name)] = 1;
}

/* What the build may have: the packages that are known to be in it, and all that the
 * official build selects. */
static void variants_of(struct asking *asking, const struct set_base *base)
{
	struct strings names = names_known(asking->arena, base, &asking->question->packages);

	if (base->bare && names.count > 0)
		joined_variant(asking, base, &names);
	else if (names.count > 0)
		named_variants(asking, base, &names);
	if (!base->bare)
		set_options_plain(&base->options, variant_add(asking, base), true);
	variant_add(asking, base);
}

/* Tries VARIANT with DEPTH of its atoms turned, without the first SKIP of these sets:
 * at most TRIES sets, and no more than are left. */
static bool variant_try(struct asking *asking, const struct variant *variant, unsigned depth,
			const struct strings *lines, uint64_t skip, uint64_t tries)
{
	struct arena arena _cleanup_arena_ = {0};
	uint64_t left = asking->identifier->tries - asking->tried;
	struct set_atoms atoms = {0};
	struct set_search search = {.model = variant->base->model,
				    .base = &variant->state,
				    .atoms = &atoms,
				    .hash = asking->question->hash,
				    .threads = asking->identifier->threads,
				    .skip = skip};
	struct set_hit hit;

	if (asking->found || left == 0)
		return asking->found;
	if (depth > 0)
		atoms = set_atoms_of(&arena, &variant->base->options, &variant->state, lines,
				     variant->base->bare);
	hit = set_search(&search, depth, tries < left ? tries : left);
	asking->tried += hit.tried;
	if (!hit.found)
		return false;
	asking->found = true;
	asking->base = variant->base;
	asking->state = set_state_copy(asking->arena, variant->base->model, &variant->state);
	for (unsigned i = 0; i < depth; i++)
		set_state_turn(&asking->state, &atoms.list[hit.atoms[i]].turns);
	return true;
}

/* The kernel of BASE is that of the build, as far as both are known: a build of a
 * release's sources has the release's kernel. */
static bool kernel_fits(const struct set_base *base, const struct abi_question *question)
{
	const char *kernel = base->build.kernel;

	return !question->kernel || !kernel[0] || strcmp(kernel, question->kernel) == 0;
}

enum { PAIRS_FIRST = 8000 }; /* all pairs of about 126 atoms, which are the options */

/* How many of the COUNT variants of the nearest base are tried with two changes. They
 * need a target, without which the nearest official base is only one of many, or a base
 * that is not official and has the kernel of the build. Where only a set is known, that
 * is its own packages with the known ones. */
static size_t pairs_worth(const struct asking *asking, size_t count)
{
	const struct set_base *base = asking->bases.list;
	bool same_kernel = asking->question->kernel && base->build.kernel[0];

	if (!asking->question->target && !(base->build.origin && same_kernel))
		return 0;
	return base->bare && count > 1 ? 1 : count;
}

/* One change of the nearest base, single lines among them; the likely pairs
 * there; one change of the other bases; the other pairs. COUNT: the variants of
 * the nearest base. */
static void near_run(struct asking *asking, size_t count)
{
	const struct variants *variants = &asking->variants;
	const struct strings *lines = &asking->bases.lines, none = {0};
	size_t pairs = count > 0 ? pairs_worth(asking, count) : 0;

	for (size_t i = 0; i < count; i++)
		variant_try(asking, &variants->list[i], 1, lines, 0, UINT64_MAX);
	for (size_t i = 0; i < pairs; i++)
		variant_try(asking, &variants->list[i], 2, lines, 0, PAIRS_FIRST);
	for (size_t i = count; i < variants->count; i++)
		variant_try(asking, &variants->list[i], 1, &none, 0, UINT64_MAX);
	/* behind those pairs that were tried; most of the tries go to
	 * the likeliest variant */
	for (size_t i = 0; i < pairs; i++) {
		uint64_t left = asking->identifier->tries - asking->tried;

		variant_try(asking, &asking->variants.list[i], 2, &asking->bases.lines, PAIRS_FIRST,
			    i + 1 == pairs ? left : left - left / 4);
	}
}

/* Every variant of every base as it is; then changes, few of them where nothing known
 * has the kernel of the build. */
static void search_run(struct asking *asking)
{
	const struct variants *variants = &asking->variants;
	const struct strings none = {0};
	size_t count = 0;

	array_each(variant, variants)
		variant_try(asking, variant, 0, &none, 0, UINT64_MAX);
	array_each(variant, variants)
		count += variant->base == asking->bases.list;
	if (count > 0 && kernel_fits(asking->bases.list, asking->question))
		near_run(asking, count);
	else
		for (size_t i = 0; i < count; i++)
			variant_try(asking, &variants->list[i], 1, &none, 0, UINT64_MAX);
}

static void build_copy(struct arena *arena, const struct abi_build *from, struct abi_builds *ret)
{
	*array_add(arena, ret) = (struct abi_build){
		.release = arena_string(arena, span_text(from->release)),
		.target = arena_string(arena, span_text(from->target)),
		.kernel = arena_string(arena, span_text(from->kernel)),
		.hash = arena_string(arena, span_text(from->hash)),
		.confirmed = arena_string(arena, span_text(from->confirmed)),
		.variant = arena_string(arena, span_text(from->variant)),
		.origin = from->origin ? arena_string(arena, span_text(from->origin)) : NULL,
		.lines = from->lines,
	};
}

/* A copy of SET that owns its lines: those of the search are freed. */
static struct config_set set_kept(struct arena *arena, const struct config_set *set)
{
	struct strings lines = {0};

	array_each(line, &set->lines)
		*array_add(arena, &lines) = arena_string(arena, span_text(*line));
	return config_set_of(arena, &lines);
}

/* "tried 50000 sets near OpenWrt 24.10.0 ath79/generic and 7 other builds" */
static const char *tried_text(struct arena *arena, const struct asking *asking)
{
	const struct abi_question *question = asking->question;
	const struct set_bases *bases = &asking->bases;
	const char *tried = arena_format(arena, "tried %" PRIu64 " sets", asking->tried);
	const char *others = bases->count < 2
				     ? ""
				     : arena_format(arena, " and %zu other build%s",
						    bases->count - 1, bases->count > 2 ? "s" : "");

	if (asking->identifier->tries == 0)
		return "tried 0 sets (--search 0)";
	if (question->known_only)
		return "tried 0 sets, because more hashes are unknown than one run searches for";
	if (bases->count == 0)
		return arena_format(arena, "%s, because no known build is similar: none is of %s",
				    tried,
				    question->target   ? "this target in this series"
				    : question->kernel ? "this kernel and machine"
						       : "a known release or kernel");

	const struct abi_build *first = &bases->list[0].build;
	return arena_format(arena, "%s near %s%s %s%s%s", tried, first->origin ? "" : "OpenWrt ",
			    first->release, first->target, others,
			    asking->left_out == 0 || question->target
				    ? ""
				    : arena_format(arena,
						   "; the target is not known, and %zu other "
						   "build%s of this kernel %s left out",
						   asking->left_out,
						   asking->left_out == 1 ? "" : "s",
						   asking->left_out == 1 ? "was" : "were"));
}

static void answer_search(struct arena *arena, const struct asking *asking, struct abi_answer *ret)
{
	size_t packages = 0;

	ret->tried = asking->tried;
	if (!asking->found) {
		ret->text = tried_text(arena, asking);
		array_each(base, &asking->bases)
			build_copy(arena, &base->build, &ret->builds);
		return;
	}
	struct config_set set = set_compose(asking->arena, asking->base->model, &asking->state);

	ret->how = ABI_SEARCHED;
	ret->set = set_kept(arena, &set);
	ret->turned = asking->base->bare
			      ? set_turned_lines(arena, asking->base, &set)
			      : set_turned(arena, asking->base, &asking->state, &packages);
	ret->text = set_turned_text(arena, asking->base, &asking->state, &ret->turned, packages);
	build_copy(arena, &asking->base->build, &ret->builds);
}

/* RELEASE is a patch release, "25.12.9", of which the database has nothing:
 * it is newer. */
static bool release_new(struct arena *arena, const struct abi_database *database,
			const char *release)
{
	unsigned number[3];
	char behind;
	struct abi_builds builds;

	if (!release ||
	    sscanf(release, "%4u.%4u.%4u%c", &number[0], &number[1], &number[2], &behind) != 3)
		return false;
	builds = abi_database_builds(database, arena, release);
	array_each(build, &builds)
		if (strcmp(build->release, release) == 0)
			return false;
	return true;
}

static void question_search(const struct abi_identifier *identifier,
			    const struct abi_question *question, struct abi_answer *ret)
{
	struct arena arena _cleanup_arena_ = {0};
	struct asking asking = {.arena = &arena, .identifier = identifier, .question = question};
	struct abi_builds builds = {0};

	if (identifier->tries > 0 && !question->known_only)
		builds = set_bases_choose(&arena, identifier->database, question, &asking.left_out);
	asking.bases = set_bases_open(&arena, identifier->database, &builds);
	array_each(base, &asking.bases)
		variants_of(&asking, base);
	search_run(&asking);
	answer_search(identifier->arena, &asking, ret);
	ret->release_new =
		!asking.found && release_new(&arena, identifier->database, question->release);
}

enum { NAMES_MOST = 6 }; /* builds that one line names */

/* "OpenWrt 24.10.0 ath79/generic; also 24.10.1 ath79/generic" */
static const char *known_text(struct arena *arena, const struct abi_builds *builds)
{
	struct strings names = {0};

	array_each(build, builds)
		*array_add(arena, &names) =
			arena_format(arena, "%s%s %s", build->origin ? "" : "OpenWrt ",
				     build->release, build->target);
	return strings_join(arena, &names, NAMES_MOST);
}

/* QUESTION as one text; the names of packages only as their digest. */
static const char *question_key(struct arena *arena, const struct abi_question *question)
{
	struct sha256_state *state = sha256_begin();
	struct strings names = {0};
	struct sha256 digest;

	array_each(name, &question->packages)
		*array_add(arena, &names) = *name;
	strings_unique(&names);
	array_each(name, &names)
		sha256_add(state, span_from(*name, strlen(*name) + 1));
	digest = sha256_end(state);
	return arena_format(arena, "%s|%d|%s|%s|%s|%u|%d|%s", question->hash, question->known_only,
			    text_or_empty(question->release), text_or_empty(question->target),
			    text_or_empty(question->kernel), question->machine.elf,
			    question->machine.endian,
			    digest_hex(arena, digest.bytes, sizeof digest.bytes));
}

static const struct abi_answer *question_answer(struct abi_identifier *identifier,
						const struct abi_question *question)
{
	struct arena *arena = identifier->arena;
	struct abi_answer *answer = arena_new(arena, struct abi_answer);

	answer->text = "not an abi hash";
	if (!is_abi_hash(question->hash))
		return answer;
	if (!abi_database_find(identifier->database, arena, question->hash, &answer->set,
			       &answer->builds)) {
		question_search(identifier, question, answer);
		return answer;
	}
	answer->how = ABI_KNOWN;
	answer->text = known_text(arena, &answer->builds);
	return answer;
}

const struct abi_answer *abi_identify(struct abi_identifier *identifier,
				      const struct abi_question *question)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *key = question_key(&arena, question);
	uint32_t known = map_get(&identifier->known, key);

	if (known != MAP_NONE)
		return identifier->answers.list[known];
	*array_add(identifier->arena, &identifier->answers) = question_answer(identifier, question);
	known = (uint32_t)(identifier->answers.count - 1);
	map_put(&identifier->known, identifier->arena,
		arena_string(identifier->arena, span_text(key)), known);
	return identifier->answers.list[known];
}
