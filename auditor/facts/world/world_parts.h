/* SPDX-License-Identifier: ISC */
/* world_parts - the members of a world. Private to world*.c. */
#ifndef KMODAUDIT_WORLD_PARTS_H
#define KMODAUDIT_WORLD_PARTS_H

#include "facts/world/chains.h"
#include "facts/world/world_shared.h"
#include "facts/world/world_side.h"

/* Numbers of kernel abis, and special values. */
enum { GROUP_NONE, GROUP_FIRST };
#define GROUP_ALL (UINT32_MAX - 1) /* sees every package: the image's kernel abi is unknown */
#define GROUP_NOBODY UINT32_MAX /* no package is for the image's kernel abi */

/* Values of link.who for exporters that are not packages of a feed. */
#define WHO_KERNEL (UINT32_MAX - 1)
#define WHO_IMAGE UINT32_MAX

struct member {
	const struct package *package;
	/* the number of the kernel abi that it names, or GROUP_NONE; it decides
	 * who sees whom */
	uint32_t group;
	uint32_t build; /* index of its build in sides */
	bool related;
	bool superseded; /* its world has a newer version */
	/* of equal versions the one with the highest priority of its architecture, then the
	 * lowest rank of its feed, is chosen */
	uint32_t priority, rank;
	/* its range in needs of the world: the packages chosen for its dependencies */
	uint32_t needs, need_count;
};

struct members {
	struct member *list;
	size_t count, room;
};

/* An architecture, and the modules of the packages that have it. */
struct word {
	const struct module *module; /* the first module that shows its machine, or NULL */
	bool contradicted;
};

struct words {
	struct word *list;
	size_t count, room;
	struct map numbers;
};

/* Member numbers: the needs of one package after those of another. */
struct needs {
	uint32_t *list;
	size_t count, room;
};

struct known_sets;
struct linker;

struct world {
	struct arena *arena;
	const struct image *image;
	const struct feeds *feeds;
	const struct kernel_exports *feed_symvers;
	const struct config *feed_config;
	const struct config **tree_configs; /* by feed: the config in its tree, or NULL */
	const struct providers *declared; /* from files that the user gave, or NULL */
	uint32_t *declarers; /* members that contain provider statements */
	size_t declarer_count;
	struct members members; /* sorted by name, version, file */
	uint32_t **places; /* by feed and by number in it: the number of the member */
	uint32_t image_group; /* of the image's own kernel abi */
	/* rows of the database, or of the manifest if there is no database */
	struct packages installed;
	struct chains symbols; /* what: struct provider; who: a member, WHO_KERNEL or WHO_IMAGE */
	struct chains modules; /* what: struct module */
	struct {
		struct circle *list;
		size_t count, room;
	} circles;
	struct map in_circle; /* by the witness of a module: the number of its circle */
	struct ordering ordering;
	bool proprietary; /* some module's license is incompatible with the GPL */
	struct chains names; /* packages by name and by provided name; what: struct package */
	struct chains installed_names;
	/* by build; the first is that of packages that do not depend on any kernel */
	struct side *sides;
	uint32_t side_count;
	struct words words;
	struct strings installed_words; /* sorted */
	struct needs needs;
	struct layout_choice layout;
	const struct known_sets *sets; /* behind the hashes; NULL: nobody looked */
	struct strings image_set_against; /* clauses that contradict the image's set */
	struct strings image_against; /* clauses that contradict the image's config */
	struct chains files; /* what: struct package; who: a member or WHO_IMAGE */
	struct chains interfaces; /* of FreeBSD, by interface_text; what: struct module */
	struct chains registered; /* of FreeBSD, by the name of the module; what: struct module */
	const struct linker *linker; /* of an image of FreeBSD; else NULL */
	/* symbols that loading modules of the image take from its kernel, if not known */
	struct map taken;
};

/* True if the owner of LINK is the kernel, the image, or a package that PACKAGE sees
 * and that is not superseded by a newer version. */
bool world_sees_link(const struct world *world, const struct package *package,
		     const struct link *link);

/* world_needs.c: a package and the packages that it depends on, directly or not, the
 * nearest first; so many of them. */
enum { COMPANY_MOST = 256 };
struct company {
	uint32_t list[COMPANY_MOST]; /* numbers of members */
	size_t count;
};
void world_company(const struct world *world, const struct package *package, struct company *ret);
bool company_has(const struct company *company, uint32_t who);
/* world_symbols.c: true if OTHER is PACKAGE, or if PACKAGE depends on it, directly or
 * not. */
bool world_comes_with(const struct world *world, const struct package *package,
		      const struct package *other);
/* world.c: true if WHO, the number of a member, is in PACKAGE's world. */
bool world_sees(const struct world *world, const struct package *package, uint32_t who);
/* world_loader.c: finds modules that depend on each other in a circle. */
void world_circles(struct world *world);

/* world_sets.c: the names of the image's modules, sorted; INTREE: only of those from
 * the kernel's own sources. */
struct strings world_image_names(struct world *world, bool intree);
/* Compares the lines behind the abi hashes. */
void world_sets_compare(struct world *world);
/* world_providers.c: lists the members that contain provider statements. */
void world_declarers(struct world *world);
/* world_architecture.c: lists the architectures of the packages and the machine of
 * each. */
void world_words(struct world *world);
/* world_kld.c: name and version of an interface, "drmn.2" */
const char *interface_text(struct arena *arena, const struct kld_version *version);
/* Makes the linker of an image of FreeBSD. */
void world_link(struct world *world);
/* world_suppliers for FreeBSD. */
void kld_suppliers(struct arena *arena, const struct world *world, const struct package *package,
		   const struct module *module, struct suppliers *ret);
/* world_related.c: marks the packages that have to do with modules, and chooses the
 * packages that each one needs. */
void world_relate(struct world *world);

#endif
