/* verdict - the fold: findings and proofs of each package, and of all it needs, into one word. */
#ifndef KMODAUDIT_VERDICT_H
#define KMODAUDIT_VERDICT_H

#include "verdict/rules.h"

/* Ordered for the worst of several: what a package needs pulls it up to its own. */
enum verdict { VERDICT_INSTALLED, VERDICT_SAFE, VERDICT_UNPROVEN, VERDICT_UNSAFE };

extern const char *const verdict_name[4];

struct result {
	const struct package *package;
	enum verdict verdict;
	const char *proof; /* name of the weakest proof used for it and what it needs; NULL unless safe */
	struct strings needs; /* packages of the feeds that must be installed with it, not yet installed, sorted */
	struct findings findings; /* sorted */
	const struct finding *deciding; /* the one that weighed most; NULL when safe without a finding */
};

struct results {
	struct result *list;
	size_t count, room;
};

struct verdicts {
	const struct world *world;
	const struct rules *rules;
	struct results results; /* related packages, by name, version, file */
	struct findings image;
	struct findings *feeds; /* one for each feed */
	struct strings install; /* safe and not installed, dependencies first */
	size_t unrelated, count[4]; /* count by enum verdict */
};

/* ONLY: a glob on package names that limits which are reported (all are read and count for the world), or NULL. */
struct verdicts verdict_reach(struct arena *arena, const struct world *world, const struct rules *rules,
			      const char *only, unsigned threads);
/* 0 all safe or installed, 1 something unsafe (a feed's or the image's error counts), 2 something unproven. */
int verdicts_status(const struct verdicts *verdicts);

#endif
