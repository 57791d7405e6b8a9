/* SPDX-License-Identifier: ISC */
/* judged - the verdict on each package of the world by itself, and what it needs.
 * Private to verdict/. */
#ifndef KMODAUDIT_JUDGED_H
#define KMODAUDIT_JUDGED_H

#include "checks/state/state.h"
#include "verdict/verdict.h"

void indexes_sort(struct indexes *indexes);
/* Sorts them and leaves each number once. */
void indexes_unique(struct indexes *indexes);
bool indexes_have(const struct indexes *indexes, size_t wanted);

struct judged {
	struct findings findings; /* sorted */
	enum verdict verdict; /* by itself */
	enum proof proof; /* the strongest accepted one; PROOF_COUNT: none, or none needed */
	bool unproven; /* it needs a proof and has none */
	bool holds[PROOF_COUNT]; /* as in struct result */
	const char *lacks[PROOF_COUNT];
	struct finding no_proof; /* of UNPROVEN: which proofs it lacks, and why */
	/* packages of the feeds that it uses directly, by world index, each once */
	struct indexes needs;
	struct indexes soft; /* those that its modules name only in softdep= */
};

/* Judges package INDEX by itself. KEYED: keys were given to verify feeds with. */
struct judged judge(struct arena *arena, const struct world *world, const struct rules *rules,
		    bool keyed, size_t index);

/* The finding that weighs most; among equals, one that does not follow from another
 * (cause.h), then that of the rule that comes first. NULL when there is none. */
const struct finding *findings_worst(const struct rules *rules, const struct findings *findings);

/* True if the report lists PACKAGE: it has kernel modules, needs one, or cannot be
 * read. */
bool is_related(const struct world *world, const struct package *package);

/* settle.c: with an equal kernel abi that nothing contradicts, what the image merely
 * does not show becomes a remark. */
void settle_by_identity(const struct world *world, const struct package *package,
			const struct rules *rules, struct examination *examination);
/* settle.c: the cheapest input that could still bring an accepted proof, else what to
 * do where no input can. */
const char *settling_input(const struct world *world, const struct package *package,
			   const struct rules *rules, const struct examination *examination);

/* settle_again.c: TEXT, a remedy about PACKAGE (NULL: about the image). Where it asks for
 * an input that was given and is not used, it says what must be different. */
const char *settle_again(struct arena *arena, const struct world *world,
			 const struct package *package, const char *text);
void settle_findings_again(struct arena *arena, const struct world *world,
			   const struct package *package, struct findings *findings);

/* needs.c: packages that PACKAGE uses directly: by Depends, by imports,
 * by modinfo depends. */
struct indexes needs_direct(struct arena *arena, const struct world *world,
			    const struct package *package);
/* Packages with the modules that the modules of PACKAGE name in softdep=. */
struct indexes needs_soft(struct arena *arena, const struct world *world,
			  const struct package *package);
/* A package that is named only in softdep= becomes a need if it is safe. One that is
 * not safe makes no other package worse. */
void needs_settle(struct arena *arena, struct judged *judged, size_t count);
/* By package: its needs without what is installed. */
const struct indexes **needs_shown(struct arena *arena, const struct judged *judged, size_t count);
/* The names of packages of the world, sorted. */
struct strings needs_names(struct arena *arena, const struct world *world,
			   const struct indexes *indexes);
/* What the packages MADE need in addition to each other, directly and through others. */
struct neededs needs_beside(struct arena *arena, const struct verdicts *verdicts,
			    const struct judged *judged, const struct indexes *made);

/* circles.c: packages that all need each other, directly or through others, are one
 * circle; any other package is a circle of its own. What is installed is needed by
 * none. A circle that another one needs comes before it. */
struct circles {
	size_t count;
	size_t *of; /* by package: its circle */
	size_t *members; /* all packages by circle, those of each sorted */
	size_t *begin; /* by circle: its first place in MEMBERS; one more for the end */
	struct indexes needs; /* for each circle the others that it uses directly, each once */
	size_t *needs_begin; /* by circle: its first place in NEEDS; one more for the end */
};

/* Which circles a search has met, without clearing between two searches. */
struct marks {
	size_t *of; /* by circle: STAMP if this search has met it */
	size_t stamp;
};

struct circles circles_of(struct arena *arena, const struct judged *judged, size_t count);
struct indexes circle_members(const struct circles *circles, size_t circle);
/* The circles that the members of CIRCLE use directly, without CIRCLE itself and
 * what is installed. */
struct indexes circle_needs(const struct circles *circles, size_t circle);
/* CIRCLE and all circles that it needs, directly or through others. INSTEAD:
 * by circle, the one that is followed in its place, SIZE_MAX: none; NULL: each
 * is followed itself. */
struct indexes circle_reach(struct arena *arena, const struct circles *circles,
			    const size_t *instead, size_t circle, struct marks *marks);

/* states.c: judges what the state is that each circle of packages and all it needs
 * would make, and adds that to what is known of its members. */
void states_judge(struct arena *arena, const struct states *states, const struct rules *rules,
		  const struct circles *circles, struct judged *judged, unsigned threads);

/* install.c: names of the safe packages among CHOSEN and of what they need,
 * dependencies first, that can all be installed in this order; EXCLUDED are
 * those that cannot. */
struct strings install_order(struct arena *arena, const struct states *states,
			     const struct world *world, const struct judged *judged,
			     const struct indexes *chosen, struct exclusions *excluded);

#endif
