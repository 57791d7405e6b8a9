/* SPDX-License-Identifier: ISC */
/* check - the table of checks. A check is a pure function of a world and a
 * package that appends findings. It does no I/O and keeps no state, so checks can
 * run in any thread. */
#ifndef KMODAUDIT_CHECK_H
#define KMODAUDIT_CHECK_H

#include "checks/finding.h"

/* The kinds of proof that a package fits, strongest first. */
enum proof {
	PROOF_SYMBOL_CRCS,
	PROOF_IDENTITY,
	PROOF_OSRELDATE, /* of FreeBSD: built for the version of a release */
	PROOF_OSRELDATE_BRANCH, /* the same, where the version covers weeks of development */
	PROOF_CONFIG_CORE,
	PROOF_CONFIG_HASH,
	PROOF_DECLARED,
	PROOF_TWINS,
	PROOF_COUNT
};

extern const char *const proof_name[PROOF_COUNT]; /* "symbol-crcs", ... */

struct linker_trial;

/* The results of all checks on one package. */
struct examination {
	struct arena *arena;
	struct findings findings;
	/* the proof holds for every module of this package, regardless of
	 * what it needs */
	bool proven[PROOF_COUNT];
	/* else one clause that says why not; NULL if it was not examined */
	const char *unproven[PROOF_COUNT];
	/* config-core or config-hash holds but for one thing: that both sides were built
	 * from the same sources */
	bool sources_missing;
	/* by module of the package, on an image of FreeBSD: what happens when
	 * it is loaded */
	const struct linker_trial **trials;
	/* what would settle that no proof holds, where a proof knows better than
	 * verdict/; NULL: none does */
	const char *proof_settle;
	bool kernel_declared; /* the kernel's provider declares that it supports this build */
	struct strings declared; /* modules that it needs and whose providers declare the same */
	/* the database lists it, or all its bytes are in the image; never set if
	 * its machine differs */
	bool installed;
};

struct check {
	const char *name; /* the name of the group, for --help and tests */
	void (*run)(const struct world *world, const struct package *package,
		    struct examination *examination);
	unsigned loaders; /* bit 1 << enum loader: it runs on images of that loader */
};

/* In the order of the kernel's own checks, then the proofs; ends with a NULL name. */
extern const struct check check_table[];

/* All ids of findings, including those of verdict/, generated from rules/checks.yaml
 * when the program is built. Ends with NULL. */
extern const char *const finding_ids[];

/* Runs the checks for the image's loader on PACKAGE. */
void check_package(const struct world *world, const struct package *package,
		   struct examination *examination);
/* Check the image itself (does its database agree with its kernel?), and one feed (does
 * its index agree with its files?). */
void check_image(struct arena *arena, const struct world *world, struct findings *findings);
void check_feed(struct arena *arena, const struct world *world, const struct feed *feed,
		struct findings *findings);

/* True if some module of the feeds imports a symbol that nothing exports for it. */
bool symbols_missing(const struct world *world);

/* The number of a module's soft dependencies that are examined: each search by
 * alias visits all modules, and hostile lists may be long. Real modules have at
 * most a dozen. */
enum { SOFTDEP_MOST = 64 };

/* Finds the module that satisfies a soft dependency: one with the name or
 * alias NAME in PACKAGE's world. RET stays empty if the kernel satisfies it.
 * False if nothing does. */
bool softdep_find(struct arena *arena, const struct world *world, const struct package *package,
		  const char *name, struct provider *ret);

struct states;

/* How many of the packages that are installed together are known by name: one more than
 * a text lists. */
enum { COMPANY_LISTED = 33 };

/* Packages that would be installed together: a requested one and those
 * that it needs. */
struct company {
	const size_t *list; /* those that come first in the world, at most COMPANY_LISTED */
	size_t listed;
	/* the first finding that a file does not have the checksum in its
	 * index; NULL: none */
	const struct finding *checksum;
	/* how many they are; counted only where a text says it */
	size_t (*count)(void *context);
	void *context;
};

/* The finding that a file does not have the checksum in its index, or NULL. */
const struct finding *checksum_wrong(const struct findings *findings);

/* Adds a finding about what the image's package manager would do when asked to install
 * package ASKED of the world, which has the findings OWN, if the others in COMPANY,
 * which it needs, are available. FITS: the package is safe, whatever the manager does.
 * FOUND of the finding is "accepts", "keeps", "refuses", "replaces", "breaks" or, of
 * FreeBSD's pkg, "asks". */
void check_manager(struct arena *arena, const struct states *states, const struct company *company,
		   size_t asked, const struct findings *own, bool fits, struct findings *findings);

/* The package that the package manager would install instead of PACKAGE when asked for
 * its name: a newer version in the feeds, for any kernel, that it does not refuse. If
 * ABSENT is set in it, only an index lists it. NULL if there is none. */
const struct package *manager_instead(struct arena *arena, const struct states *states,
				      const struct package *package);

/* Adds a finding that the signature of PACKAGE's index is not the required one,
 * with its witnesses. */
struct finding *examine_signature(const struct world *world, const struct package *package,
				  struct examination *examination);

/* Adds a finding to EXAMINATION and sets its id, outcome, module and subject. */
struct finding *examine(struct examination *examination, const char *id, enum outcome outcome,
			const char *module, const char *subject);

#endif
