/* SPDX-License-Identifier: ISC */
/* Finds the set behind a hash: looks it up in the database, else searches; says in
 * words what was found or tried, and remembers the answers. */
#include "facts/search/abi_identify.h"

#include "base/digest.h"
#include "base/text.h"
#include "facts/search/abi_search.h"
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

struct abi_identifier *abi_identifier_new(struct arena *arena, const struct abi_database *database,
					  uint64_t tries, unsigned threads)
{
	struct abi_identifier *identifier = arena_new(arena, struct abi_identifier);

	*identifier = (struct abi_identifier){
		.arena = arena, .database = database, .tries = tries, .threads = threads};
	return identifier;
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

/* "tried 50000 sets near OpenWrt 24.10.0 ath79/generic and 7 other builds" */
static const char *tried_text(struct arena *arena, const struct abi_search *search)
{
	const struct abi_question *question = search->question;
	const struct set_bases *bases = &search->bases;
	const char *tried = arena_format(arena, "tried %" PRIu64 " sets", search->tried);
	const char *others = bases->count < 2
				     ? ""
				     : arena_format(arena, " and %zu other build%s",
						    bases->count - 1, bases->count > 2 ? "s" : "");

	if (search->tries == 0)
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
			    search->left_out == 0 || question->target
				    ? ""
				    : arena_format(arena,
						   "; the target is not known, and %zu other "
						   "build%s of this kernel %s left out",
						   search->left_out,
						   search->left_out == 1 ? "" : "s",
						   search->left_out == 1 ? "was" : "were"));
}

static void answer_search(struct arena *arena, const struct abi_search *search,
			  struct abi_answer *ret)
{
	size_t packages = 0;

	ret->tried = search->tried;
	if (!search->found) {
		ret->text = tried_text(arena, search);
		array_each(base, &search->bases)
			build_copy(arena, &base->build, &ret->builds);
		return;
	}
	struct config_set set = set_compose(search->arena, search->base->model, &search->state);

	/* a copy that owns its lines: those of the search are freed */
	struct strings lines = {0};

	array_each(line, &set.lines)
		*array_add(arena, &lines) = arena_string(arena, span_text(*line));
	ret->how = ABI_SEARCHED;
	ret->set = config_set_of(arena, &lines);
	ret->turned = search->base->bare
			      ? set_turned_lines(arena, search->base, &set)
			      : set_turned(arena, search->base, &search->state, &packages);
	ret->text = set_turned_text(arena, search->base, &search->state, &ret->turned, packages);
	build_copy(arena, &search->base->build, &ret->builds);
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
	return !array_any(build, &builds, strcmp(build->release, release) == 0);
}

static void question_search(const struct abi_identifier *identifier,
			    const struct abi_question *question, struct abi_answer *ret)
{
	struct arena arena _cleanup_arena_ = {0};
	struct abi_search search = {.arena = &arena,
				    .question = question,
				    .tries = identifier->tries,
				    .threads = identifier->threads};
	struct abi_builds builds = {0};

	if (identifier->tries > 0 && !question->known_only)
		builds = set_bases_choose(&arena, identifier->database, question, &search.left_out);
	search.bases = set_bases_open(&arena, identifier->database, &builds);
	abi_search_run(&search);
	answer_search(identifier->arena, &search, ret);
	ret->release_new =
		!search.found && release_new(&arena, identifier->database, question->release);
}

enum { NAMES_MOST = 6 }; /* builds that one line names */

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

const struct abi_answer *abi_identify(struct abi_identifier *identifier,
				      const struct abi_question *question)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct arena *arena = identifier->arena;
	const char *key = question_key(&scratch, question);
	uint32_t known = map_get(&identifier->known, key);
	struct strings names = {0};

	if (known != MAP_NONE)
		return identifier->answers.list[known];

	struct abi_answer *answer = arena_new(arena, struct abi_answer);

	if (!is_abi_hash(question->hash)) {
		answer->text = "not an abi hash";
	} else if (!abi_database_find(identifier->database, arena, question->hash, &answer->set,
				      &answer->builds)) {
		question_search(identifier, question, answer);
	} else {
		/* "OpenWrt 24.10.0 ath79/generic, OpenWrt 24.10.1 ath79/generic" */
		array_each(build, &answer->builds)
			*array_add(arena, &names) =
				arena_format(arena, "%s%s %s", build->origin ? "" : "OpenWrt ",
					     build->release, build->target);
		answer->how = ABI_KNOWN;
		answer->text = strings_join(arena, &names, NAMES_MOST);
	}
	map_put(&identifier->known, arena, arena_string(arena, span_text(key)),
		(uint32_t)identifier->answers.count);
	*array_add(arena, &identifier->answers) = answer;
	return answer;
}
