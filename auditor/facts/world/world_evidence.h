/* SPDX-License-Identifier: ISC */
/* world_evidence - evidence about the build that a package comes from: twins, its
 * kernel config and how that is tied to it, its layout of struct module. Packages
 * belong to the same build if they depend on the same kernel abi by hash; without a
 * hash, if they are in the same feed or folder and name the same kernel, or none.
 * Evidence counts only for the build that it is tied to. */
#ifndef KMODAUDIT_WORLD_EVIDENCE_H
#define KMODAUDIT_WORLD_EVIDENCE_H

#include "facts/compare/comparison.h"
#include "facts/compare/tie.h"
#include "facts/world/world.h"

/* Twins are modules with the same name in the image and in the packages of a build.
 * This is what they show together. */
struct twins {
	/* the number of twins, and of twins that are equal in all compared sections */
	size_t count, equal;
	struct strings differing; /* names, sorted */
	/* those of DIFFERING whose package is installed in exactly the same version */
	struct strings contradicting;
	struct {
		struct provider *list;
		size_t count, room;
	} differ; /* the module and package of each twin that differs */
};

/* The twins of PACKAGE's build. */
const struct twins *world_twins(const struct world *world, const struct package *package);
/* True if an equal twin of that build imports SYMBOL; if a differing one does. */
bool world_twins_import(const struct world *world, const struct package *package,
			const char *symbol);
bool world_twins_doubt(const struct world *world, const struct package *package,
		       const char *symbol);
/* The build's name in messages: "kernel abi 6.6.86-1~e9d2...", "the modules of vendor
 * that name no kernel abi". */
const char *world_build_name(const struct world *world, const struct package *package);
/* The tie of PACKAGE's build to a kernel config. Never NULL; its config is NULL if
 * there is none. */
const struct tie *world_tie(const struct world *world, const struct package *package);
/* True if there is a kernel config of any build of the feeds: given, in a tree, or in
 * a package. */
bool world_feeds_configured(const struct world *world);
/* The kernel config of PACKAGE's build; NULL if it is unknown. */
const struct config *world_config(const struct world *world, const struct package *package);
/* Compares the config of the image with that of each build, where both are known, by
 * the rules in LAYOUT. Must be called once before anything is judged. */
void world_compare(struct world *world, const struct layout_choice *layout);
/* The rules passed to world_compare; none before that. */
const struct layout_choice *world_layout(const struct world *world);
/* Adds CONFIG, which was found in the tree of feed number FEED. Must be called before
 * world_compare. */
void world_config_add(struct world *world, size_t feed, const struct config *config);
/* The comparison of the image's config with that of PACKAGE's build. NULL if there is
 * none; then WHY has the reason. */
const struct comparison *world_comparison(const struct world *world, const struct package *package,
					  const char **why);
/* The same, or if a config was given for the feeds that may belong to another build,
 * the comparison with that one. It can show that PACKAGE does not fit, but never that
 * it fits. NULL if there is none. */
const struct comparison *world_claimed_comparison(const struct world *world,
						  const struct package *package);
/* The comparison of the configs that were given for both sides, although something
 * contradicts one of them. It shows that they do not belong together, but not which of
 * them is wrong. NULL if there is none. */
const struct comparison *world_disputed_comparison(const struct world *world,
						   const struct package *package);
/* The first comparison that exists, for the report; or NULL. */
const struct comparison *world_any_comparison(const struct world *world);
/* Whether the config of PACKAGE's build has the hash of the kernel abi that its
 * packages depend on. */
enum hash_agreement world_config_hash(const struct world *world, const struct package *package);
/* Clauses that contradict the image's config, and the config of PACKAGE's build. A
 * config that is contradicted is not used. */
const struct strings *world_image_config_against(const struct world *world);
const struct strings *world_config_against(const struct world *world,
					   const struct package *package);

/* The layout of struct module that more than half of the modules of PACKAGE's
 * build have: RET_AGREE of the RET_ALL modules that show it. False if there is
 * no such majority. */
bool world_this_module(const struct world *world, const struct package *package,
		       struct this_module *ret, size_t *ret_agree, size_t *ret_all);

#endif
