/* SPDX-License-Identifier: ISC */
/* Asks the abi database for the sets behind the hashes of an image and its feeds. */
#include "commands/gate/pair_sets.h"

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

static void officials_add(struct arena *arena, const struct abi_builds *builds,
			  struct known_set *ret)
{
	array_each(build, builds) {
		if (!ret->target && !build->origin)
			ret->target = build->target;
		if (!build->origin)
			*array_add(arena, &ret->officials) =
				(struct official){build->release, build->target, build->kernel};
	}
}

static void names_add(struct arena *arena, const struct packages *packages, struct strings *ret)
{
	array_each(package, packages)
		*array_add(arena, ret) = package->name;
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

/* What is known of the build that made HASH. The release and target of a feed are taken to be
 * the image's; a hash proves or refutes that. */
static struct abi_question question_of(struct arena *arena, const struct world *world,
				       const char *hash, bool known_only)
{
	const struct image *image = world_image(world);
	struct abi_question question = {.hash = hash,
					.known_only = known_only,
					.release = image->distribution_release,
					.target = image->target.value,
					.packages = {0}};

	if (known_only)
		return question;
	question.packages = world_hash_packages(world, arena, hash);
	question.kernel = kernel_of(world, hash);
	if (!image->abi.hash || strcmp(image->abi.hash, hash) != 0)
		return question;
	question.kernel = image->abi.release;
	names_add(arena, &image->packages, &question.packages);
	names_add(arena, &image->manifest, &question.packages);
	return question;
}

static struct known_set set_find(struct arena *arena, const struct pair *pair,
				 const struct world *world, const char *hash, bool known_only)
{
	const struct abi_question question = question_of(arena, world, hash, known_only);
	const struct abi_answer *answer = abi_identify(pair->identifier, &question);
	struct known_set known = {.hash = hash, .tried = answer->tried};

	if (answer->how == ABI_NOT_FOUND) {
		known.how = "it is not in the database";
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
	officials_add(arena, &answer->builds, &known);
	return known;
}

/* Without the image's set no other one proves anything: those are only looked up then. */
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
		image = set_find(arena, pair, world, own, false);
	array_each(hash, &hashes) {
		struct known_set *set = array_add(arena, ret);

		if (own && strcmp(*hash, own) == 0)
			*set = image;
		else
			*set = set_find(arena, pair, world, *hash,
					!image.lines || searches++ >= ABI_SEARCHES);
	}
}

bool sets_comparable(const struct known_sets *sets)
{
	size_t known = 0;

	array_each(set, sets)
		known += set->lines != NULL;
	return known > 1;
}
