/* SPDX-License-Identifier: ISC */
/* world - the image with all the packages laid over it: what is there after installing. Where a
 * feed mixes packages of several kernel abis, each is judged together with those of its own
 * (and with those that name none). */
#ifndef KMODAUDIT_WORLD_H
#define KMODAUDIT_WORLD_H

#include "facts/feed/feed.h"
#include "facts/image/image.h"

/* One who exports a symbol or is a module of that name. */
struct provider {
	const struct export *export; /* NULL when asked for a module */
	const struct module *module; /* NULL: the kernel */
	const struct package *package; /* NULL: the image */
	/* nothing loads the module before the one that imports from it: see world_import */
	bool loose;
};

struct world;

struct world_options {
	const char *feed_symvers, *feed_config; /* paths, or NULL */
};

struct world *world_new(struct arena *arena, const struct image *image, const struct feeds *feeds,
			const struct kernel_exports *feed_symvers,
			const struct config *feed_config);

const struct image *world_image(const struct world *world);
const struct feeds *world_feeds(const struct world *world);
const struct config *world_feed_config(const struct world *world);
/* Kernel exports of the feed's side (--feed-symvers), or NULL. */
const struct kernel_exports *world_feed_symvers(const struct world *world);

/* All packages of all feeds in the order name, version, file. */
size_t world_count(const struct world *world);
const struct package *world_package(const struct world *world, size_t index);
size_t world_index(const struct world *world, const struct package *package);

/* Who exports NAME to PACKAGE: its own modules, the kernel, the packages that it depends on,
 * the image's modules, then other packages of its world in order. False when nobody does. */
bool world_export(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret);
/* Who exports NAME to MODULE of PACKAGE when the loader comes to it: the kernel; a module that
 * its depends= names, or that theirs names; a module that is loaded at boot, of the image, of
 * PACKAGE or of what comes with it. Where none of these does, as world_export, with LOOSE set:
 * nothing loads that module before. MODULE NULL: one without depends=. */
bool world_import(const struct world *world, const struct package *package,
		  const struct module *module, const char *name, struct provider *ret);
/* Some module of the image or of the feeds has no license that is compatible with the GPL. */
bool world_proprietary(const struct world *world);
/* A package of any kernel abi that exports NAME, though it is not of PACKAGE's world; NULL when
 * none does. */
const struct package *world_export_elsewhere(const struct world *world,
					     const struct package *package, const char *name);
/* Everybody of PACKAGE's world who exports NAME, the kernel and PACKAGE's own modules included. */
size_t world_exporters(const struct world *world, const struct package *package, const char *name,
		       struct provider *list, size_t room);
/* The module NAME ('_' spelled) in PACKAGE's world: its own, the image's, then packages'. */
bool world_module(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret);
/* Every module that MODULE depends on is in PACKAGE's world or built in: whatever else it
 * imports is the kernel's. */
bool world_depends_there(const struct world *world, const struct package *package,
			 const struct module *module);
/* NAME is built into the image's kernel: modules.builtin names it, or the option of the image's
 * config that builds it is =y. */
bool world_builtin(const struct world *world, const char *name);
/* That option, with CONFIG_; NULL: no config is known, something contradicts it, or it does not
 * say so. */
const char *world_builtin_option(const struct world *world, const char *name);

/* Who satisfies one alternative of FORMULA for PACKAGE: an installed package, else the best of
 * its world (highest version, then first feed). */
enum satisfied {
	SATISFIED_INSTALLED,
	SATISFIED_FEED, /* RET is the package */
	SATISFIED_ELSEWHERE, /* only a package of another kernel abi would: RET is it */
	SATISFIED_WRONG_VERSION, /* the name is there in a version that does not fit: RET is it */
	SATISFIED_NOT,
};
enum satisfied world_satisfies(const struct world *world, const struct package *package,
			       const struct formula *formula, const struct package **ret);

/* The installed package that fills NEED, in whatever version with ANY_VERSION; NULL when none
 * does. */
const struct package *world_installed(const struct world *world, const struct dependency *need,
				      bool any_version);
/* FORMULA is met by what is installed, or by the kernel that is there. */
bool world_has(const struct world *world, const struct formula *formula);
/* The packages of the feeds that are chosen for the Depends of member INDEX, by index, each
 * once. */
struct span_indexes {
	const uint32_t *list;
	size_t count;
};
struct span_indexes world_needed(const struct world *world, size_t index);
/* Member INDEX is what the package manager takes when it is asked for that name: the newest
 * that is for the image's kernel or for any, of the first feed. */
bool world_chosen(const struct world *world, size_t index);
/* Asked for PACKAGE by name, the package manager ends with success and does nothing, for a
 * version of it is there: with opkg the same or a newer one, with apk any, or what provides the
 * name. RET is the row; NULL: it is not so, or not known. */
const struct package *world_kept(const struct world *world, const struct package *package);
/* The package manager finds PACKAGE when it looks for a name: an index of its folder has it, or
 * its folder has no index. */
bool world_offered(const struct world *world, const struct package *package);

/* Packages of PACKAGE's world, itself left out, that ship PATH; those of the image too. */
size_t world_owners(const struct world *world, const struct package *package, const char *path,
		    const struct package **list, size_t room);

/* The same module, by name, on the other side: the image's module when MODULE is of a package;
 * NULL when none. */
const struct module *world_twin(const struct world *world, const struct module *module);

/* The machine that WORD, an Architecture field, stands for: that of all modules in packages
 * with that field; RET_WITNESS is one of them. False when there is none, or they do not
 * agree. */
bool world_word_machine(const struct world *world, const char *word, struct machine *ret,
			const char **ret_witness);
/* Whether the image's package manager takes packages with the Architecture field of PACKAGE: it
 * compares the word, not the machine. By the words that it is told to take, else by those of
 * the installed packages; not known when the image tells neither. */
enum accepted { ACCEPTED, ACCEPTED_NOT, ACCEPTED_UNKNOWN };
enum accepted world_accepts(const struct world *world, const struct package *package);
/* The words that it takes, and who says so; for a text. */
const struct strings *world_words_accepted(const struct world *world, const char **witness);

/* PACKAGE carries modules or needs, through its dependencies, one that does. */
bool world_related(const struct world *world, const struct package *package);

#endif
