/* SPDX-License-Identifier: ISC */
/* world_parts - what a world is made of. Private to world*.c. */
#ifndef KMODAUDIT_WORLD_PARTS_H
#define KMODAUDIT_WORLD_PARTS_H

#include "facts/world/chains.h"
#include "facts/world/world_side.h"

/* Kernel abis of packages, numbered; and what stands for those without one. */
enum { GROUP_NONE, GROUP_FIRST };
#define GROUP_ALL (UINT32_MAX - 1) /* sees every package: the image's kernel abi is not known */
#define GROUP_NOBODY UINT32_MAX /* the image's kernel abi is that of no package */

/* "who" of a link that is no package of a feed. */
#define WHO_KERNEL (UINT32_MAX - 1)
#define WHO_IMAGE UINT32_MAX

struct member {
	const struct package *package;
	uint32_t group; /* of the kernel abi that it names, or GROUP_NONE: who sees whom */
	uint32_t build; /* number of its side: who was built together, as far as anything says */
	bool related;
	bool superseded; /* its world has a newer version of it */
	uint32_t needs, need_count; /* in needs of the world: who is chosen for its Depends */
};

struct members {
	struct member *list;
	size_t count, room;
};

/* A word of Architecture fields, and the modules that stand behind it. */
struct word {
	const struct module *module; /* the first that tells its machine, or NULL */
	bool contradicted;
};

struct words {
	struct word *list;
	size_t count, room;
	struct map numbers;
};

/* Members, one package's needs after the other's. */
struct needs {
	uint32_t *list;
	size_t count, room;
};

struct world {
	struct arena *arena;
	const struct image *image;
	const struct feeds *feeds;
	const struct kernel_exports *feed_symvers;
	const struct config *feed_config;
	const struct config **tree_configs; /* by feed: what lies in its tree, or NULL */
	const struct providers *declared; /* by files given, or NULL */
	uint32_t *declarers; /* members that declare anything */
	size_t declarer_count;
	struct members members; /* by name, version, file */
	uint32_t **places; /* feed, number in it -> member */
	uint32_t image_group; /* of the image's own kernel abi */
	/* the database's, or the manifest's where there is no database */
	struct packages installed;
	struct chains symbols; /* what: struct provider; who: member, WHO_KERNEL, WHO_IMAGE */
	struct chains modules; /* what: struct module */
	bool proprietary; /* a license of one of them is not compatible with the GPL */
	struct chains names; /* packages by name and by what they provide; what: struct package */
	struct chains installed_names;
	/* by build; the first is that of packages that have to do with no kernel */
	struct side *sides;
	uint32_t side_count;
	struct words words;
	struct strings installed_words; /* sorted */
	struct needs needs;
	struct layout_choice layout;
	struct strings image_against; /* what contradicts the image's config */
	struct chains files; /* what: struct package; who: member or WHO_IMAGE */
};

/* LINK is of the kernel, of the image, or of a package that PACKAGE's world has in no newer
 * version. */
bool world_sees_link(const struct world *world, const struct package *package,
		     const struct link *link);
/* OTHER is PACKAGE, or is installed with it: PACKAGE depends on it, through others, too. */
bool world_comes_with(const struct world *world, const struct package *package,
		      const struct package *other);
/* WHO, a member's number, stands in the same world as PACKAGE. */
bool world_sees(const struct world *world, const struct package *package, uint32_t who);
/* world_builds.c: numbers the builds and makes their sides. */
void world_builds(struct world *world);
/* The directory that the package came in: its feed, or, of single files, their folder. */
const char *world_origin(const struct world *world, const struct package *package);
/* world_ties.c: finds out which config belongs to which side, and what contradicts that. */
void world_ties(struct world *world);

/* world_providers.c */
void world_declarers(struct world *world);
/* world_words.c */
void world_words(struct world *world);
/* world_groups.c */
void world_group(struct world *world);
const struct side *world_side(const struct world *world, const struct package *package);
/* world_related.c */
void world_relate(struct world *world);

#endif
