/* SPDX-License-Identifier: ISC */
/* abi_database - finds the sets behind known abi hashes, and the parts from which
 * OpenWrt makes sets: in the built-in database (rules/abi, official builds) and in
 * folders of the same form that a user adds (docs/abi.md). A set is returned only if
 * its md5 is the hash that was asked for, so a wrong entry is never used. Nothing is
 * unpacked before it is needed. */
#ifndef KMODAUDIT_ABI_DATABASE_H
#define KMODAUDIT_ABI_DATABASE_H

#include "facts/abi/config_set.h"

struct abi_database;

/* A build whose hash is known. Texts are not NULL unless stated. */
struct abi_build {
	const char *release; /* "24.10.0" */
	const char *target; /* "ath79/generic" */
	const char *kernel; /* "6.6.73"; "": not known */
	const char *hash;
	/* who else publishes the hash: "official_vermagic", "package",
	 * "published"; "none": it was computed from OpenWrt's sources and not seen
	 * in a binary yet */
	const char *confirmed;
	const char *variant; /* "nodebug": without DEBUG_INFO and DEBUG_KERNEL; "": the usual set */
	/* NULL: an official build of OpenWrt; else its maker, or the folder
	 * that contains it */
	const char *origin;
	size_t lines;
};

struct abi_builds {
	struct abi_build *list;
	size_t count, room;
};

/* Opens the built-in database and DIRS. Fails if a folder cannot be read or contains no
 * entry. The result and everything that is found with it live as long as ARENA, to
 * which it also unpacks: only one thread may use it at a time. */
bool abi_database_open(struct arena *arena, const struct strings *dirs,
		       const struct abi_database **ret, struct error *error);

/* The number of different known hashes, which is the number of sets
 * that abi_database_find searches. */
size_t abi_database_count(const struct abi_database *database);

/* Finds the set whose md5 is HASH, and all builds that share it, sorted by release and
 * target. False if there is none. */
bool abi_database_find(const struct abi_database *database, struct arena *arena, const char *hash,
		       struct config_set *ret, struct abi_builds *ret_builds);

/* The builds of the series of RELEASE ("24.10.3" and "24.10" both name 24.10), sorted
 * by release and target; all builds if RELEASE is NULL. */
struct abi_builds abi_database_builds(const struct abi_database *database, struct arena *arena,
				      const char *release);

/* A package that adds lines to the kernel configuration. */
struct abi_kmod {
	const char *name, *feed; /* "kmod-3c59x", "base" */
	struct strings lines; /* "CONFIG_VORTEX=m"; "CONFIG_X=n" removes an =m line */
	/* as OpenWrt writes them: "+kmod-mii" is selected with it, "@PCI_SUPPORT"
	 * is a condition */
	struct strings depends;
};

struct abi_kmods {
	struct abi_kmod *list; /* in the order in which the build reads them */
	size_t count, room;
};

/* A KERNEL_ option of OpenWrt's own menu. */
struct abi_option {
	const char *name, *line; /* "KERNEL_AIO", "CONFIG_AIO=y" */
	bool prompt; /* a user can choose it */
	const char *official; /* the number of official targets in which it is on: "82 of 91" */
	/* its value in builds with OpenWrt's defaults: "ath79/generic=y x86/64=y" */
	const char *plain;
	const char *defaults, *depends, *selects; /* as in Config-kernel.in; may be "" */
};

struct abi_options {
	struct abi_option *list;
	size_t count, room;
};

/* What the set of a target is made of. All strings are sorted. */
struct abi_parts {
	/* whose parts these are; the release is another one of the same series if
	 * RELEASE has none */
	const char *release, *target, *origin;
	struct strings own; /* the target's own =y and =m lines */
	struct strings options; /* "CONFIG_AIO=y", "# CONFIG_PSI is not set" */
	struct strings selected; /* the packages that the official build selects */
	struct abi_kmods kmods; /* all kmods of the series */
	struct abi_options menu; /* all options of the series */
};

/* Finds the parts of TARGET in RELEASE, or in another release of its series. False if
 * there are none. */
bool abi_database_parts(const struct abi_database *database, struct arena *arena,
			const char *release, const char *target, struct abi_parts *ret);

#endif
