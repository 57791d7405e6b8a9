/* SPDX-License-Identifier: ISC */
/* tie - connects a kernel config with the build that it belongs to. A config proves
 * something about a package only if it is tied to the package's build. */
#ifndef KMODAUDIT_TIE_H
#define KMODAUDIT_TIE_H

#include "facts/compare/config_side.h"

/* How a config is tied to a build, weakest first. */
enum tied_by {
	TIED_NOT,
	TIED_GIVEN, /* given by hand, and the feeds contain only one build */
	TIED_TREE, /* it is in the same tree as the packages */
	TIED_PACKAGE, /* one of the packages contains it (configs.ko) */
	TIED_HASH, /* its hash is the one in the kernel abi that the packages depend on */
};

struct tie {
	const struct config *config; /* NULL: no config is tied to the build */
	enum tied_by by;
	/* one clause: how it is tied; with TIED_NOT why none is, or NULL if
	 * there was none */
	const char *how;
	/* given by hand for the feeds, but not known to be of this build, so
	 * it proves nothing */
	const struct config *claim;
	/* clauses that contradict CONFIG; if there is any, it belongs
	 * to another build */
	struct strings against;
};

/* Considers CONFIG for TIE and keeps the strongest. If two configs differ, that is
 * recorded as a contradiction. */
void tie_offer(struct arena *arena, struct tie *tie, const struct config *config, enum tied_by by,
	       const char *how);

/* The first option in which A and B differ, or NULL. */
const char *config_first_difference(struct arena *arena, const struct config *a,
				    const struct config *b);

enum compiler_agreement { COMPILER_UNKNOWN, COMPILER_AGREES, COMPILER_DIFFERS };

/* Compares the compiler in a kernel's BANNER with CC_VERSION_TEXT in CONFIG. Unknown if
 * either is missing or they are written in different forms. Linux
 * init/version-timestamp.c (linux_banner), scripts/mkcompile_h, init/Kconfig. */
enum compiler_agreement compiler_compare(const struct config *config, const char *banner);

/* True if both were read from one file; then they show no difference between
 * the two sides. */
bool config_same_file(const struct config *a, const struct config *b);

#endif
