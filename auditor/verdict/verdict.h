/* SPDX-License-Identifier: ISC */
/* verdict - the results of an audit: for each package one word, from the findings and
 * proofs of itself and of all that it needs, and whether the gate lets it pass. */
#ifndef KMODAUDIT_VERDICT_H
#define KMODAUDIT_VERDICT_H

#include "verdict/gate/baseline.h"
#include "verdict/gate/waivers.h"

/* Ordered, worst last: a package gets the worst verdict of itself and of all
 * that it needs. */
enum verdict { VERDICT_INSTALLED, VERDICT_SAFE, VERDICT_UNPROVEN, VERDICT_UNSAFE, VERDICT_COUNT };

extern const char *const verdict_name[VERDICT_COUNT];
extern const enum verdict verdict_order[VERDICT_COUNT]; /* in which reports count them */

struct yaml;

struct indexes {
	size_t *list;
	size_t count, room;
};

struct result {
	const struct package *package;
	enum verdict verdict;
	/* name of the weakest proof used for it and what it needs; NULL unless safe */
	const char *proof;
	/* packages of the feeds that it uses directly and that are
	 * not installed, sorted */
	struct strings needs;
	struct findings findings; /* sorted */
	/* the finding that the verdict comes from; NULL when safe without a finding */
	const struct finding *deciding;
	/* an accepted proof holds for the package itself, or it needs none. The verdict
	 * may still be unsafe */
	bool proven;
	bool holds[PROOF_COUNT]; /* each proof, for the package itself */
	/* why that proof does not hold, one clause; NULL: it holds, or was not tried */
	const char *lacks[PROOF_COUNT];
	enum gate gate;
	/* some reasons against it do not count: a waiver covers them; the baseline has them */
	bool waived, known;
};

struct results {
	struct result *list;
	size_t count, room;
};

/* A package without a result that one with a result needs, directly
 * or through others. */
struct needed {
	const struct package *package;
	enum verdict verdict; /* by itself */
	struct strings needs; /* as in struct result */
};

struct neededs {
	struct needed *list;
	size_t count, room;
};

/* A safe package that is left out of `install`, because it cannot be installed together
 * with the others. */
struct exclusion {
	/* its name; the name of the package that it conflicts with;
	 * why, one sentence */
	const char *package, *with, *text;
	bool kept; /* the image has it in this or a newer version */
};

struct exclusions {
	struct exclusion *list;
	size_t count, room;
};

struct verdicts {
	const struct world *world;
	const struct rules *rules;
	struct results results; /* related packages, by name, version, file */
	struct neededs needed; /* by name, version, file */
	/* by package of the world: those that it uses directly; NULL: of
	 * a saved report */
	const struct indexes **uses;
	struct findings image;
	struct findings *feeds; /* one for each feed */
	struct strings install; /* safe and not installed, dependencies first */
	struct exclusions excluded; /* safe, and not in INSTALL */
	size_t unrelated, count[4]; /* count by enum verdict */

	enum gate gate; /* the worst of all packages, image, feeds and waivers */
	size_t failing[4]; /* packages that the gate fails, by enum verdict */
	/* packages that pass only because of waivers; because of the baseline */
	size_t waived, known;
	const struct waivers *waivers; /* NULL: none given */
	struct findings waiver_findings; /* of gate_terms.whole only */
	const struct baseline_sums *baseline; /* NULL: none given */

	/* the report that this was read from; NULL: it is a result of this run */
	const struct yaml *saved;
	bool saved_json;
};

/* What the gate takes into account in addition to the verdicts. */
struct gate_terms {
	struct waivers *waivers; /* NULL: none. Their uses are counted in it */
	struct baseline *baseline; /* NULL: none. Its findings are marked as used */
	const char *image; /* name of the image in the plan; NULL: not from a plan */
	/* keys to verify feeds with were given; of a plan, those of the image
	 * count as given */
	bool keyed;
	bool whole; /* the waivers are for this run only, so that unused ones are reported */
};

/* ONLY: globs; only packages whose names match one of them are reported, but all
 * packages belong to the world. NULL or empty: all are reported. */
struct verdicts verdict_reach(struct arena *arena, const struct world *world,
			      const struct rules *rules, const struct gate_terms *terms,
			      const struct strings *only, unsigned threads);
/* The names of all that RESULT needs, directly and through others, and that is not
 * installed, sorted. Not of a saved report. */
struct strings verdicts_closure(struct arena *arena, const struct verdicts *verdicts,
				const struct result *result);
/* How many errors of the image, the feeds and the waivers count for the gate. */
size_t verdicts_beside(const struct verdicts *verdicts);
/* What the first line of every output says: "fail: 3 of 16 packages unsafe, 1 unproven;
 * 2 safe, 10 installed". */
const char *verdicts_headline(struct arena *arena, const struct verdicts *verdicts);

/* The same from the sums of one or several audits. */
struct headline {
	enum gate gate;
	size_t verdict[4], failing[4]; /* packages, by enum verdict */
	size_t waived, known; /* as in struct verdicts */
	size_t beside; /* errors of images, feeds and waivers */
};
const char *headline_words(struct arena *arena, const struct headline *headline);

/* The exit status: 1 if the gate fails an unsafe package, the image, a feed or a
 * waiver; 2 if it fails only unproven packages; else 0. */
int verdicts_status(const struct verdicts *verdicts);

#endif
