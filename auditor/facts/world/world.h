/* SPDX-License-Identifier: ISC */
/* world - the image together with the packages of all feeds. If a feed mixes packages for
 * several kernel abis, each package is judged together with those for its own abi and with those
 * for none: these are "its world". */
#ifndef KMODAUDIT_WORLD_H
#define KMODAUDIT_WORLD_H

#include "facts/feed/feed.h"
#include "facts/image/image.h"

/* An exporter of a symbol, or a module with a requested name. */
struct provider {
	const struct export *export; /* NULL if a module was requested */
	const struct module *module; /* NULL: the kernel */
	const struct package *package; /* NULL: the image */
	/* nothing loads the module before the one that imports from it; see world_import */
	bool loose;
};

struct world;

/* Makes the world; everything that it is given must outlive it. FEED_SYMVERS and FEED_CONFIG
 * come from --feed-symvers and --feed-config, or are NULL. */
struct world *world_new(struct arena *arena, const struct image *image, const struct feeds *feeds,
			const struct kernel_exports *feed_symvers,
			const struct config *feed_config);

const struct image *world_image(const struct world *world);
const struct feeds *world_feeds(const struct world *world);
/* The exports of the feed's kernel (--feed-symvers), or NULL. */
const struct kernel_exports *world_feed_symvers(const struct world *world);

/* The packages of all feeds, sorted by name, version, file; and the index of PACKAGE among them. */
size_t world_count(const struct world *world);
const struct package *world_package(const struct world *world, size_t index);
size_t world_index(const struct world *world, const struct package *package);

/* Finds the exporter of NAME for PACKAGE: its own modules, the kernel, the packages that it
 * depends on, the image's modules, then the other packages of its world. False if there is none. */
bool world_export(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret);
/* Finds the exporter of NAME at the time when the loader loads MODULE of PACKAGE: the kernel; a
 * module in its depends=, or in the depends= of those; a module that is loaded at boot, by the
 * image, by PACKAGE or by a package that it depends on. Otherwise the result is that of
 * world_export with LOOSE set: nothing loads that module first. MODULE may be NULL for a module
 * without depends=. */
bool world_import(const struct world *world, const struct package *package,
		  const struct module *module, const char *name, struct provider *ret);
/* Those who provide what MODULE of PACKAGE takes from others when the image's loader loads it: the
 * symbols that it imports and the modules that it names. One may be there several times. On Linux
 * all exports are in one space; the linker of FreeBSD loads named interfaces in versions, and finds
 * symbols only in what the module depends on itself. */
struct suppliers {
	struct provider *list;
	size_t count, room;
};
struct suppliers world_suppliers(struct arena *arena, const struct world *world,
				 const struct package *package, const struct module *module);
/* True if some module of the image or of the feeds has a license that is incompatible with the
 * GPL. */
bool world_proprietary(const struct world *world);
/* A package for any kernel abi that exports NAME and is not in PACKAGE's world; NULL if there is
 * none. */
const struct package *world_export_elsewhere(const struct world *world,
					     const struct package *package, const char *name);
/* All exporters of NAME in PACKAGE's world, including the kernel and PACKAGE's own modules: at
 * most ROOM of them in LIST. Returns their number. */
size_t world_exporters(const struct world *world, const struct package *package, const char *name,
		       struct provider *list, size_t room);
/* Finds the module NAME (with '_' for '-') in PACKAGE's world: its own, the image's, then other
 * packages'. */
bool world_module(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret);
/* True if every module that MODULE depends on is in PACKAGE's world or built in. Then all its
 * other imports must come from the kernel. */
bool world_depends_there(const struct world *world, const struct package *package,
			 const struct module *module);
/* True if module NAME is built into the image's kernel: modules.builtin lists it, or the option
 * that builds it is =y in the image's config. */
bool world_builtin(const struct world *world, const char *name);
/* That option, with CONFIG_. NULL if no config is known, something contradicts the config, or
 * the option is not =y. */
const char *world_builtin_option(const struct world *world, const char *name);

/* How FORMULA is satisfied for PACKAGE: by an installed package, else by the best package of its
 * world (highest version, then as the package manager prefers them). */
enum satisfied {
	SATISFIED_INSTALLED,
	SATISFIED_FEED, /* RET is that package */
	SATISFIED_ELSEWHERE, /* only by a package for another kernel abi, RET */
	SATISFIED_WRONG_VERSION, /* RET has the name, but not a version that satisfies it */
	SATISFIED_NOT,
};
enum satisfied world_satisfies(const struct world *world, const struct package *package,
			       const struct formula *formula, const struct package **ret);

/* The installed package that satisfies NEED, with ANY_VERSION in whatever version. NULL if there
 * is none. */
const struct package *world_installed(const struct world *world, const struct dependency *need,
				      bool any_version);
/* True if an installed package or the image's kernel satisfies FORMULA. */
bool world_has(const struct world *world, const struct formula *formula);
/* Indices of packages in the world. world_needed gives the feed packages that are chosen for the
 * dependencies of package INDEX, each once. */
struct span_indexes {
	const uint32_t *list;
	size_t count;
};
struct span_indexes world_needed(const struct world *world, size_t index);
/* True if the package manager would choose package INDEX when asked for its name: the newest
 * version for the image's kernel or for none, and of equal ones that of the first feed (apk), or
 * with the highest priority of its architecture and in the last feed (opkg). */
bool world_chosen(const struct world *world, size_t index);
/* The installed package because of which the package manager, asked to install PACKAGE by name,
 * succeeds without doing anything: with opkg the same or a newer version, with apk any version
 * or a package that provides the name. NULL if there is none, or it is unknown. */
const struct package *world_kept(const struct world *world, const struct package *package);
/* True if the package manager finds PACKAGE by its name: an index of its folder lists it, or its
 * folder has no index. */
bool world_offered(const struct world *world, const struct package *package);

/* The other packages of PACKAGE's world, and installed packages, that contain the file PATH: at
 * most ROOM of them in LIST. Returns their number. */
size_t world_owners(const struct world *world, const struct package *package, const char *path,
		    const struct package **list, size_t room);

/* The twin of MODULE: the image's module with the same name if MODULE is in a package; NULL if
 * there is none. */
const struct module *world_twin(const struct world *world, const struct module *module);

/* The machine for which packages with the architecture WORD are: that of all their modules.
 * RET_WITNESS is one of these modules. False if there are none, or if they differ. */
bool world_word_machine(const struct world *world, const char *word, struct machine *ret,
			const char **ret_witness);
/* Whether the image's package manager accepts the Architecture field of PACKAGE. It compares
 * words, not machines: with the words in its configuration, else with those of the installed
 * packages. Unknown if the image has neither. */
enum accepted { ACCEPTED, ACCEPTED_NOT, ACCEPTED_UNKNOWN };
enum accepted world_accepts(const struct world *world, const struct package *package);
/* True if the package manager passes over PACKAGE because it does not accept it. */
bool world_ignored(const struct world *world, const struct package *package);
/* The architectures that it accepts, and the file that lists them, for messages. */
const struct strings *world_words_accepted(const struct world *world, const char **witness);

/* True if PACKAGE contains modules, or depends, directly or not, on a package that does. */
bool world_related(const struct world *world, const struct package *package);

#endif
