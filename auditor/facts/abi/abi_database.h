/* SPDX-License-Identifier: ISC */
/* abi_database - the sets behind known abi hashes, and the parts that OpenWrt makes sets of:
 * the built-in ones (rules/abi, official builds) and folders in the same form that a user adds
 * (docs/abi.md). A set is given out only where its md5 is the hash at hand, so a wrong entry is
 * never used. Nothing is unpacked before it is asked for. */
#ifndef KMODAUDIT_ABI_DATABASE_H
#define KMODAUDIT_ABI_DATABASE_H

#include "facts/abi/config_set.h"

struct abi_database;

/* A build whose hash is known. Texts are never NULL unless said. */
struct abi_build {
	const char *release; /* "24.10.0" */
	const char *target; /* "ath79/generic" */
	const char *kernel; /* "6.6.73"; "" not known */
	const char *hash;
	/* who else publishes the hash: "official_vermagic", "package", "published"; "none":
	 * computed from OpenWrt's sources, not yet seen in a binary */
	const char *confirmed;
	const char *variant; /* "nodebug": without DEBUG_INFO and DEBUG_KERNEL; "" the usual */
	/* NULL: an official build of OpenWrt; else who made it, or the folder that holds it */
	const char *origin;
	size_t lines;
};

struct abi_builds {
	struct abi_build *list;
	size_t count, room;
};

/* The built-in database and DIRS. Fails when a folder cannot be read or holds no entry. The
 * result lives as long as ARENA and keeps there what it unpacks, so it is not for two threads at
 * once, and what it gives out lives as long. */
bool abi_database_open(struct arena *arena, const struct strings *dirs,
		       const struct abi_database **ret, struct error *error);

/* How many different hashes are known, which is how many sets abi_database_find goes through. */
size_t abi_database_count(const struct abi_database *database);

/* The set whose md5 is HASH, and all builds that share it, by release and target; false when
 * there is none. */
bool abi_database_find(const struct abi_database *database, struct arena *arena, const char *hash,
		       struct config_set *ret, struct abi_builds *ret_builds);

/* The builds of the series of RELEASE ("24.10.3" and "24.10" name one), by release and target;
 * with RELEASE NULL all. */
struct abi_builds abi_database_builds(const struct abi_database *database, struct arena *arena,
				      const char *release);

/* A package that asks the kernel for lines. */
struct abi_kmod {
	const char *name, *feed; /* "kmod-3c59x", "base" */
	struct strings lines; /* "CONFIG_VORTEX=m"; "CONFIG_X=n" takes a =m line away */
	/* "+kmod-mii" is selected along, "@PCI_SUPPORT" is a condition, as OpenWrt writes it */
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
	const char *official; /* on in so many official targets: "82 of 91" */
	const char *plain; /* of a build with OpenWrt's defaults: "ath79/generic=y x86/64=y" */
	const char *defaults, *depends, *selects; /* as Config-kernel.in has them; may be "" */
};

struct abi_options {
	struct abi_option *list;
	size_t count, room;
};

/* What the set of a target is made of. All strings sorted. */
struct abi_parts {
	/* whose parts these are: where RELEASE has none, those of the same series' release
	 * that has */
	const char *release, *target, *origin;
	struct strings own; /* the target's own =y and =m lines */
	struct strings options; /* "CONFIG_AIO=y", "# CONFIG_PSI is not set" */
	struct strings selected; /* the packages that the official build selects */
	struct abi_kmods kmods; /* all of the series */
	struct abi_options menu; /* likewise */
};

/* The parts of TARGET in RELEASE or in another release of its series; false: none known. */
bool abi_database_parts(const struct abi_database *database, struct arena *arena,
			const char *release, const char *target, struct abi_parts *ret);

#endif
