/* SPDX-License-Identifier: ISC */
/* verdict - the fold: findings and proofs of each package, and of all it needs, into one word. */
#ifndef KMODAUDIT_VERDICT_H
#define KMODAUDIT_VERDICT_H

#include "verdict/gate/baseline.h"
#include "verdict/gate/waivers.h"

/* Ordered for the worst of several: what a package needs pulls it up to its own. */
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
	/* packages of the feeds that it uses directly and that are not installed, sorted */
	struct strings needs;
	struct findings findings; /* sorted */
	/* the one that weighed most; NULL when safe without a finding */
	const struct finding *deciding;
	/* an accepted proof holds for the package itself, or it needs none; other findings may
	 * contradict it */
	bool proven;
	bool holds[PROOF_COUNT]; /* each proof, for the package itself */
	/* why it does not hold, one clause; NULL where it does, or was not looked at */
	const char *lacks[PROOF_COUNT];
	enum gate gate;
	bool waived, known; /* it would be worse without its waivers; without the baseline */
};

struct results {
	struct result *list;
	size_t count, room;
};

/* A package without a result that one with a result needs, directly or through others. */
struct needed {
	const struct package *package;
	enum verdict verdict; /* by itself */
	struct strings needs; /* as in struct result */
};

struct neededs {
	struct needed *list;
	size_t count, room;
};

/* A package that is safe by itself and does not stand in `install`, because it cannot be there
 * beside what does. */
struct exclusion {
	const char *package, *with, *text; /* names; one sentence */
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
	/* by package of the world: those that it uses directly; NULL: of a saved report */
	const struct indexes **uses;
	struct findings image;
	struct findings *feeds; /* one for each feed */
	struct strings install; /* safe and not installed, dependencies first */
	struct exclusions excluded; /* safe, and left out of it */
	size_t unrelated, count[4]; /* count by enum verdict */

	enum gate gate; /* of all, the image, the feeds and the waivers included */
	size_t failing[4]; /* packages that the gate fails, by enum verdict */
	size_t waived, known; /* packages that it lets pass only for a waiver; for the baseline */
	const struct waivers *waivers; /* NULL: none given */
	struct findings waiver_findings; /* of gate_terms.whole only */
	const struct baseline_sums *baseline; /* NULL: none given */

	/* the report that all this was read back from; NULL: it was judged now */
	const struct yaml *saved;
	bool saved_json;
};

/* What is let through beside the verdicts. */
struct gate_terms {
	struct waivers *waivers; /* NULL: none. Their use is counted */
	struct baseline *baseline; /* NULL: none. Used up */
	const char *image; /* what the plan calls the image; NULL: as its source */
	/* keys to verify feeds with were given; of a plan, those of the image count as given */
	bool keyed;
	bool whole; /* this run is all that the waivers are for: say what is to be said of them */
};

/* ONLY: globs on package names; a package is reported where one of them matches (all are read
 * and count for the world). NULL or empty: all are reported. */
struct verdicts verdict_reach(struct arena *arena, const struct world *world,
			      const struct rules *rules, const struct gate_terms *terms,
			      const struct strings *only, unsigned threads);
/* The names of all that RESULT needs, directly and through others, and that is not installed,
 * sorted. Not of a saved report. */
struct strings verdicts_closure(struct arena *arena, const struct verdicts *verdicts,
				const struct result *result);
/* Errors of the image, the feeds and the waivers that stand. */
size_t verdicts_beside(const struct verdicts *verdicts);
/* What the first line of every output says: "fail: 3 of 16 packages unsafe, 1 unproven; 2 safe,
 * 10 installed". */
const char *verdicts_headline(struct arena *arena, const struct verdicts *verdicts);

/* The same of any sums, those of several audits too. */
struct headline {
	enum gate gate;
	size_t verdict[4], failing[4]; /* packages, by enum verdict */
	size_t waived, known; /* as in struct verdicts */
	size_t beside; /* errors of images, feeds and waivers */
};
const char *headline_words(struct arena *arena, const struct headline *headline);

/* Of what the gate does not let pass: 1 something unsafe (a feed's or the image's error
 * counts), 2 something unproven; else 0. */
int verdicts_status(const struct verdicts *verdicts);

#endif
