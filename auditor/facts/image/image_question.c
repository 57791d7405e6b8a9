/* SPDX-License-Identifier: ISC */
/* Gathers what an image tells about the build that made it. */
#include "facts/image/image_question.h"

#include "facts/search/abi_hints.h"

struct abi_question image_place(struct arena *arena, const struct image *image)
{
	struct abi_question question = {.release = image->distribution_release.value,
					.target = image->target.value,
					.machine = image->machine};

	array_each(list, &image->feed_lists)
		abi_hints_read(arena, list->text, &question);
	return question;
}

static void names_add(struct arena *arena, const struct packages *packages, struct strings *ret)
{
	array_each(package, packages)
		*array_add(arena, ret) = package->name;
}

struct abi_question image_question(struct arena *arena, const struct image *image)
{
	struct abi_question question = image_place(arena, image);

	question.kernel = image->abi.release ? image->abi.release : image->release.value;
	names_add(arena, &image->packages, &question.packages);
	names_add(arena, &image->manifest, &question.packages);
	return question;
}
