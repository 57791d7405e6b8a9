/* SPDX-License-Identifier: ISC */
/* world_evidence - what is known of the build that a package came out of: modules that the
 * image has, too, its kernel config and by what that is tied to it, how its modules lay out
 * struct module. Packages are of one build when they name one kernel abi by its hash; without a
 * hash, when they came in the same feed or folder and name the same kernel, or none. Evidence
 * counts for the build that it is tied to and for no other. */
#ifndef KMODAUDIT_WORLD_EVIDENCE_H
#define KMODAUDIT_WORLD_EVIDENCE_H

#include "facts/compare/comparison.h"
#include "facts/compare/tie.h"
#include "facts/world/world.h"

/* What modules that are in the image and among the packages of one build, by the same name,
 * show together. */
struct twins {
	/* equal: in every section that is compared (struct module, sections) */
	size_t count, equal;
	struct strings differing; /* names, sorted */
	/* of those, whose package the image has in the very same version */
	struct strings contradicting;
	struct {
		struct provider *list;
		size_t count, room;
	} differ; /* module and package of each that differs */
};

/* Of the packages of PACKAGE's build. */
const struct twins *world_twins(const struct world *world, const struct package *package);
/* An equal twin of that build imports SYMBOL; a differing one does. */
bool world_twins_import(const struct world *world, const struct package *package,
			const char *symbol);
bool world_twins_doubt(const struct world *world, const struct package *package,
		       const char *symbol);
/* What that build is called in messages: "kernel abi 6.6.86-1~e9d2...", "the modules of vendor
 * that name no kernel abi". */
const char *world_build_name(const struct world *world, const struct package *package);
/* The kernel config that speaks for PACKAGE's build, and by what. Never NULL; without config
 * when none does. */
const struct tie *world_tie(const struct world *world, const struct package *package);
/* That config alone: NULL when not known. */
const struct config *world_config(const struct world *world, const struct package *package);
/* Compares the configs of the image and of each build in the feeds, where both are known, by
 * the rules of LAYOUT. To be called once, before anything is judged. */
void world_compare(struct world *world, const struct layout_choice *layout);
/* By which rules; none before world_compare. */
const struct layout_choice *world_layout(const struct world *world);
/* CONFIG was found in the tree that feed number FEED is. To be called before world_compare. */
void world_give_config(struct world *world, size_t feed, const struct config *config);
/* The comparison for PACKAGE's build; NULL when there is none, and WHY tells. */
const struct comparison *world_comparison(const struct world *world, const struct package *package,
					  const char **why);
/* The same, and where a config was given for the feeds that is not known to be of PACKAGE's
 * build, the comparison with that one: it may speak against PACKAGE, never for it. NULL when
 * there is none. */
const struct comparison *world_claimed_comparison(const struct world *world,
						  const struct package *package);
/* The comparison of configs that are given for both sides, though something contradicts one of
 * them. It shows that what is given does not fit together, and never which of it is wrong. NULL
 * when there is none. */
const struct comparison *world_disputed_comparison(const struct world *world,
						   const struct package *package);
/* The first of all there is, for the report; NULL when there is none. */
const struct comparison *world_any_comparison(const struct world *world);
/* Whether the config of PACKAGE's build hashes to the kernel abi that its packages name. */
enum hash_agreement world_config_hash(const struct world *world, const struct package *package);
/* What contradicts the image's config, and that of PACKAGE's build, each a clause: such a
 * config is not used. */
const struct strings *world_image_config_against(const struct world *world);
const struct strings *world_config_against(const struct world *world,
					   const struct package *package);

/* How more than half of the modules of PACKAGE's build lay out struct module; RET_AGREE of
 * RET_ALL that show it. False when they do not agree. */
bool world_this_module(const struct world *world, const struct package *package,
		       struct this_module *ret, size_t *ret_agree, size_t *ret_all);

#endif
