/* SPDX-License-Identifier: ISC */
/* tie - a kernel config and the build that it belongs to. What a config shows about a package
 * depends on the tie of the package's build: a config that is tied to another build, or to
 * none, proves nothing. */
#ifndef KMODAUDIT_TIE_H
#define KMODAUDIT_TIE_H

#include "facts/compare/config_side.h"

/* By what a config is tied to a build, weakest first. */
enum tied_by {
	TIED_NOT,
	TIED_GIVEN, /* by hand, and the feeds hold one build only */
	TIED_TREE, /* it lies in the tree that the packages came in */
	TIED_PACKAGE, /* one of the packages carries it (configs.ko) */
	TIED_HASH, /* it hashes to the kernel abi that the packages name */
};

struct tie {
	const struct config *config; /* NULL: none is tied to the build */
	enum tied_by by;
	/* one clause: by what; with TIED_NOT why none is, or NULL when none was there */
	const char *how;
	const struct config
		/* given by hand for the feeds, but not known to be of this build: it clears
		 * nothing */
		*claim;
	/* what contradicts CONFIG, each a clause: with any it is of another build */
	struct strings against;
};

/* Offers CONFIG to the build. The strongest tie stays; another config that differs from it is a
 * contradiction. */
void tie_offer(struct arena *arena, struct tie *tie, const struct config *config, enum tied_by by,
	       const char *how);

/* The first option in which they differ, or NULL. */
const char *config_first_difference(struct arena *arena, const struct config *a,
				    const struct config *b);

enum compiler_agreement { COMPILER_UNKNOWN, COMPILER_AGREES, COMPILER_DIFFERS };

/* The compiler that a kernel's BANNER names, compared with CC_VERSION_TEXT of the kernel's
 * config. Unknown when either names none, or when they are written in different ways. Linux
 * init/version-timestamp.c (linux_banner), scripts/mkcompile_h, init/Kconfig. */
enum compiler_agreement compiler_compare(const struct config *config, const char *banner);

/* Both were read from one file, so they show nothing about a difference between the sides. */
bool config_same_file(const struct config *a, const struct config *b);

#endif
