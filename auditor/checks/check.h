/* SPDX-License-Identifier: ISC */
/* check - the table of checks. A check is a pure function over (world, package) that appends
 * findings: no I/O, no state, in any order, on any thread. */
#ifndef KMODAUDIT_CHECK_H
#define KMODAUDIT_CHECK_H

#include "checks/finding.h"

/* The proofs of the design's section 3, strongest first, as a check may find them for one
 * package. */
enum proof {
	PROOF_SYMBOL_CRCS,
	PROOF_IDENTITY,
	PROOF_CONFIG_CORE,
	PROOF_DECLARED,
	PROOF_TWINS,
	PROOF_COUNT
};

extern const char *const proof_name[PROOF_COUNT]; /* "symbol-crcs", ... */

/* What the checks say of one package. */
struct examination {
	struct arena *arena;
	struct findings findings;
	bool proven[PROOF_COUNT]; /* holds for every module of this package, by itself */
	/* else why not, one clause; NULL when nothing was looked at */
	const char *unproven[PROOF_COUNT];
	bool kernel_declared; /* who provides the kernel declares that it supports the build */
	struct strings declared; /* modules that it needs, whose providers do */
	/* database or same bytes; only set when nothing speaks of another machine */
	bool installed;
};

struct check {
	const char *name; /* of the group, for --help and tests */
	void (*run)(const struct world *world, const struct package *package,
		    struct examination *examination);
};

/* In the kernel's own order, conclusions last; ends with a NULL name. */
extern const struct check check_table[];

/* Every id that a finding can have, those of verdict/ included: made from rules/checks.yaml at
 * build. Ends with NULL. */
extern const char *const finding_ids[];

/* All checks on one package. */
void check_package(const struct world *world, const struct package *package,
		   struct examination *examination);
/* About the image itself (database against running kernel, contradicting releases) and about
 * one feed (index against files). */
void check_image(struct arena *arena, const struct world *world, struct findings *findings);
void check_feed(struct arena *arena, const struct world *world, const struct feed *feed,
		struct findings *findings);

/* Some module of the feeds imports what nobody exports to it. */
bool symbols_missing(const struct world *world);

/* A search by alias walks all modules: of hostile lists no more than this are looked at; real
 * ones name a dozen. */
enum { SOFTDEP_MOST = 64 };

/* Who serves a module's softdep NAME: a module of that name or alias in PACKAGE's world, or,
 * RET left empty, the kernel. */
bool softdep_find(struct arena *arena, const struct world *world, const struct package *package,
		  const char *name, struct provider *ret);

struct states;

/* One of the packages that would be installed together. */
struct managed {
	const struct package *package;
	const struct findings *findings;
};

/* Packages that would be installed together: one that is asked for and all that it needs. */
struct company {
	const struct managed *list;
	size_t count;
	/* the first that says that a file has not the checksum of its index; NULL: none */
	const struct finding *checksum;
};

struct company company_of(const struct managed *list, size_t count);

/* What the image's package manager would do when asked for member ASKED of COMPANY, with the
 * others, which it needs, at hand. FITS: it is safe, whatever the manager says. FOUND of the
 * finding is "accepts", "keeps", "refuses", "replaces" or "breaks". */
void check_manager(struct arena *arena, const struct states *states, const struct company *company,
		   size_t asked, bool fits, struct findings *findings);

/* What the package manager installs instead of PACKAGE when its name is asked for: a newer
 * version of the feeds, for whatever kernel, that it does not refuse; with absent set, only a
 * row of an index has it. NULL: nothing. */
const struct package *manager_instead(struct arena *arena, const struct states *states,
				      const struct package *package);

/* A new finding that the signature of PACKAGE's index, with its witnesses, is not what is
 * wanted. */
struct finding *examine_signature(const struct world *world, const struct package *package,
				  struct examination *examination);

/* For the checks: a new finding with id, outcome, module and subject set. */
struct finding *examine(struct examination *examination, const char *id, enum outcome outcome,
			const char *module, const char *subject);

#endif
