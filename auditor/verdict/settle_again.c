/* SPDX-License-Identifier: ISC */
/* Adds to a remedy what must be different where it asks for an input that was given and
 * is not used. */
#include "verdict/settle.h"

#include "verdict/judged.h"

#include <string.h>

static const char *image_config_again(struct arena *arena, const struct world *world,
				      const struct package *package)
{
	const struct image *image = world_image(world);

	(void)package;
	if (!image->config_given || world_image_config_against(world)->count == 0)
		return NULL;
	return arena_format(arena, " instead of %s, which is not of this kernel",
			    image->config->witness);
}

static const char *image_symvers_again(struct arena *arena, const struct world *world,
				       const struct package *package)
{
	const struct image *image = world_image(world);

	(void)package;
	return image->exports_against
		       ? arena_format(arena, " instead of %s, which is not of this kernel",
				      image->exports_witness)
		       : NULL;
}

static const char *image_manifest_again(struct arena *arena, const struct world *world,
					const struct package *package)
{
	const struct abi *abi = &world_image(world)->manifest_abi;

	(void)package;
	return abi->witness && !abi->version
		       ? arena_format(arena, " of this image (%s)", abi->witness)
		       : NULL;
}

static const char *feed_config_again(struct arena *arena, const struct world *world,
				     const struct package *package)
{
	const struct tie *tie = package ? world_tie(world, package) : NULL;

	if (!tie)
		return NULL;
	if (!tie->config && tie->claim)
		return arena_format(arena,
				    " in an audit of the packages of one build at a time: %s was "
				    "given for several",
				    tie->claim->witness);
	if (!tie->config)
		return tie->how ? arena_format(arena, " of exactly this build: %s", tie->how)
				: NULL;
	if (tie->against.count == 0)
		return NULL;
	/* the same file for both sides, or two with equal bytes: one piece of evidence, not two */
	const struct config *image = world_image(world)->config;
	if (tie->by == TIED_GIVEN && image &&
	    (config_same_file(image, tie->config) ||
	     sha256_equal(&image->text, &tie->config->text)))
		return arena_format(arena,
				    " instead of %s, which is the image's as well; if it is also "
				    "the feed's, put a copy into the feed's directory",
				    tie->config->witness);
	return arena_format(arena, " instead of %s, which is not of this build",
			    tie->config->witness);
}

/* By option: what follows it in a remedy; NULL: the input was not given, or is used. */
static const struct refusal {
	const char *option;
	const char *(*words)(struct arena *arena, const struct world *world,
			     const struct package *package);
} refusals[] = {
	{"--image-config", image_config_again},
	{"--image-symvers", image_symvers_again},
	{"--image-manifest", image_manifest_again},
	{"--feed-config", feed_config_again},
};

const char *settle_again(struct arena *arena, const struct world *world,
			 const struct package *package, const char *text)
{
	for (size_t i = 0; text && i < sizeof refusals / sizeof *refusals; i++) {
		const char *at = strstr(text, refusals[i].option);
		const char *words = at ? refusals[i].words(arena, world, package) : NULL;
		size_t size = at ? (size_t)(at - text) + strlen(refusals[i].option) : 0;

		if (words)
			text = arena_format(arena, "%.*s%s%s", (int)size, text, words, text + size);
	}
	return text;
}

void settle_findings_again(struct arena *arena, const struct world *world,
			   const struct package *package, struct findings *findings)
{
	array_each(finding, findings)
		finding->settle = settle_again(arena, world, package, finding->settle);
}
