/* SPDX-License-Identifier: ISC */
/* Asks the abi database for the sets behind the hashes of an image and its feeds. */
#include "commands/gate/pair_sets.h"

#include "facts/image/image_question.h"

#include <string.h>

/* "OpenWrt 24.10.0 ath79/generic, official; also 24.10.1" */
static const char *builds_text(struct arena *arena, const struct abi_builds *builds)
{
	enum { ALSO_MOST = 3 };
	const struct abi_build *first = &builds->list[0];
	struct strings also = {0};

	for (size_t i = 1; i < builds->count; i++)
		*array_add(arena, &also) = arena_format(arena, "%s %s", builds->list[i].release,
							builds->list[i].target);
	return arena_format(arena, "%s%s %s%s%s%s%s", first->origin ? "" : "OpenWrt ",
			    first->release, first->target, first->origin ? ", from " : ", official",
			    first->origin ? first->origin : "", also.count ? "; also " : "",
			    also.count ? strings_join(arena, &also, ALSO_MOST) : "");
}

/* The kernel version that some package with HASH names, or NULL. */
static const char *kernel_of(const struct world *world, const char *hash)
{
	for (size_t i = 0; i < world_count(world); i++) {
		const struct abi *abi = &world_package(world, i)->abi;

		if (abi->hash && strcmp(abi->hash, hash) == 0)
			return abi->release;
	}
	return NULL;
}

/* What is known of the build that made HASH. The release and target of a feed are taken
 * to be the image's; a hash proves or refutes that. */
static struct abi_question question_of(struct arena *arena, const struct world *world,
				       const char *hash, bool known_only)
{
	const struct image *image = world_image(world);
	bool own = image->abi.hash && strcmp(image->abi.hash, hash) == 0;
	struct abi_question question =
		own ? image_question(arena, image) : image_place(arena, image);
	struct strings packages;

	question.hash = hash;
	question.known_only = known_only;
	if (!own)
		question.kernel = kernel_of(world, hash);
	packages = world_hash_packages(world, arena, hash);
	array_append(arena, &question.packages, &packages);
	return question;
}

/* KNOWN_ONLY: why nothing was searched for, or NULL. */
static struct known_set set_find(struct arena *arena, const struct pair *pair,
				 const struct world *world, const char *hash,
				 const char *known_only)
{
	const struct abi_question question = question_of(arena, world, hash, known_only != NULL);
	const struct abi_answer *answer = abi_identify(pair->identifier, &question);
	struct known_set known = {.hash = hash, .tried = answer->tried};

	if (answer->how == ABI_NOT_FOUND) {
		known.how = arena_format(arena, "it is not in the database, and %s%s",
					 known_only ? known_only : "no search found it: ",
					 known_only ? "" : answer->text);
		known.release_new = answer->release_new;
		return known;
	}
	known.lines = &answer->set.lines;
	if (answer->how == ABI_SEARCHED) {
		known.who = answer->text;
		known.how = "found by search";
		known.target = answer->builds.list[0].target;
		return known;
	}
	known.who = builds_text(arena, &answer->builds);
	known.how = "in the database";
	array_each(build, &answer->builds) {
		if (build->origin)
			continue;
		if (!known.target)
			known.target = build->target;
		*array_add(arena, &known.officials) =
			(struct official){build->release, build->target, build->kernel};
	}
	return known;
}

/* Without the image's set no other one proves anything: those are only
 * looked up then. */
void pair_sets_find(struct arena *arena, const struct pair *pair, const struct world *world,
		    struct known_sets *ret)
{
	struct strings hashes = world_hashes(world, arena);
	const char *own = world_image(world)->abi.hash;
	struct known_set image = {.hash = own};
	size_t searches = 0;

	if (hashes.count == 0)
		return;
	if (own && strings_have(&hashes, own))
		image = set_find(arena, pair, world, own, NULL);
	array_each(hash, &hashes) {
		struct known_set *set = array_add(arena, ret);

		if (own && strcmp(*hash, own) == 0)
			*set = image;
		else
			*set = set_find(arena, pair, world, *hash,
					!image.lines ? "without the lines of the image none are "
						       "searched for"
					: searches++ >= ABI_SEARCHES
						? "as many other hashes of the feeds as one run "
						  "searches for were searched for"
						: NULL);
	}
}

bool sets_comparable(const struct known_sets *sets)
{
	size_t known = 0;

	array_each(set, sets)
		known += set->lines != NULL;
	return known > 1;
}
