/* SPDX-License-Identifier: ISC */
/* world_sets - the sets of lines behind the abi hashes of an image and its feeds, and
 * whether image and package were built from the same sources. */
#ifndef KMODAUDIT_WORLD_SETS_H
#define KMODAUDIT_WORLD_SETS_H

#include "facts/world/world_evidence.h"

/* An official build with this hash. */
struct official {
	const char *release, *target, *kernel; /* "24.10.0", "ath79/generic", "6.6.73" */
};

struct officials {
	struct official *list;
	size_t count, room;
};

/* The lines behind a hash. */
struct known_set {
	const char *hash;
	const struct strings *lines; /* sorted; their md5 is HASH. NULL: not found */
	/* whose set it is: "OpenWrt 24.10.0 ath79/generic, official", "24.10.0
	 * ath79/generic + kmod-wireguard"; NULL: not found */
	const char *who;
	/* of OpenWrt's, whose lines they begin with; of several that share the hash
	 * one; NULL: not known */
	const char *target;
	struct officials officials; /* the official builds that have the hash */
	const char *how; /* "in the database", "found by search", or why there is none */
	uint64_t tried; /* how many sets a search tried */
	bool release_new; /* the image is of a release of which no set is known */
};

struct known_sets {
	struct known_set *list;
	size_t count, room;
};

/* Finds the hashes to look up: the image's, and others that packages name. Sorted;
 * empty if there are not two of them. */
struct strings world_hashes(const struct world *world, struct arena *arena);
/* Names of the modules of the packages that name HASH, and of those packages;
 * for a search. */
struct strings world_hash_packages(const struct world *world, struct arena *arena,
				   const char *hash);
/* To be called before world_compare. SETS must outlive WORLD. */
void world_sets_add(struct world *world, const struct known_sets *sets);
/* Returns all entries, or NULL. */
const struct known_sets *world_known_sets(const struct world *world);
/* Returns the entry of HASH, or NULL. HASH may be NULL. */
const struct known_set *world_set(const struct world *world, const char *hash);
/* Returns the comparison of the sets of the image and of PACKAGE's build; NULL if there
 * is none, with the reason in WHY. */
const struct comparison *world_set_comparison(const struct world *world,
					      const struct package *package, const char **why);
/* Return clauses that contradict the set of the image, or that of PACKAGE's build. */
const struct strings *world_image_set_against(const struct world *world);
const struct strings *world_set_against(const struct world *world, const struct package *package);

/* Finds a module of PACKAGE that the build with its hash cannot have made. Returns a
 * clause, or NULL. */
const char *world_set_lacks(struct arena *arena, const struct world *world,
			    const struct package *package);

/* By what image and package are known to be built from the same sources. The lines
 * behind a hash show neither patches nor numbers. */
enum sources_by {
	SOURCES_NOT,
	SOURCES_OFFICIAL, /* both are official builds of one release and target */
	SOURCES_REVISION, /* both name one revision of OpenWrt */
	SOURCES_STAMP, /* the kernel's date is that of the package: SOURCE_DATE_EPOCH of a tree */
	SOURCES_TWINS, /* equal modules on both sides import all that the package imports */
};

extern const char *const sources_name[]; /* "not known", "official", "revision", ... */

struct sources {
	enum sources_by by;
	const char *how; /* one clause; with SOURCES_NOT what is missing or differs */
	const char *witness[2];
};

struct sources world_sources(struct arena *arena, const struct world *world,
			     const struct package *package);

/* Why the image shows that its kernel may be of another revision than the rest: a clause;
 * NULL: it does not. */
const char *world_revision_torn(struct arena *arena, const struct world *world);

/* True if the image has MODULE, or a package of the feeds with the image's own kernel
 * abi does, and with the same code and data: it is what was built for this kernel,
 * whatever differed in the build. */
bool world_module_native(const struct world *world, const struct module *module);

/* Facts about the sources that image and PACKAGE both have, and that differ: a clause,
 * with the two values; NULL: none. It says that they are of two builds, not that they
 * do not fit. */
struct sources_difference {
	const char *what, *image, *package, *witness[2];
	bool by_date; /* since OpenWrt 21.02 packages of one tree have dates of their own */
};
bool world_sources_differ(struct arena *arena, const struct world *world,
			  const struct package *package, struct sources_difference *ret);

#endif
