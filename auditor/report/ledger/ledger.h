/* SPDX-License-Identifier: ISC */
/* ledger - what one run audited, pair by pair (an image and a feed), in the form that every
 * output for CI is printed from, and that the shards of a plan hand over to `kmodaudit merge`.
 * Owns all its text: image, feed and world may be gone. */
#ifndef KMODAUDIT_LEDGER_H
#define KMODAUDIT_LEDGER_H

#include "base/map.h"
#include "verdict/verdict.h"

struct ledger_finding {
	struct finding finding; /* outcome and waiver are not kept: the next members tell */
	enum level level;
	const struct waiver *waiver; /* of the ledger's own, or NULL */
	/* of the feed that it is about; NULL: it is about no feed, or the feed as a whole */
	const char *source;
};

/* Those of level warning and above, and those that a waiver covers, in the order of the report. */
struct ledger_findings {
	struct ledger_finding *list;
	size_t count, room;
};

/* One package on one image. */
struct ledger_cell {
	const char *name, *version, *file; /* version, file: NULL where there is none */
	enum verdict verdict;
	const char *proof; /* NULL unless safe */
	enum gate gate;
	bool waived, known; /* as in struct result */
	struct ledger_findings findings;
	const char *deciding; /* id of the finding that weighed most; NULL: none */
	const char *deciding_text;
};

struct ledger_cells {
	struct ledger_cell *list; /* by name, version, file, as in the report */
	size_t count, room;
};

/* Of packages, or of findings where it says so. */
struct ledger_sums {
	size_t packages, unrelated, verdict[4]; /* verdict by enum verdict */
	size_t failing[4]; /* that the gate fails, by enum verdict */
	size_t waived, known; /* let pass only for a waiver, for the baseline */
	size_t baseline_new, baseline_unchanged, baseline_fixed; /* findings */
};

struct ledger_pair {
	const char *image,
		/* as the plan calls them; of `audit`: as named on the command line, several
		 * feeds with blanks between */
		*feed;
	const char *source; /* the image's path */
	size_t place; /* in the plan's order */
	enum gate gate;
	/* as of `audit` on the two; 3: an input cannot be read, as image-unreadable or
	 * feed-unreadable says */
	int status;
	struct ledger_sums sums;
	bool baseline; /* one was given */
	struct ledger_findings image_findings, feed_findings;
	struct ledger_cells cells;
};

struct ledger_pairs {
	struct ledger_pair *list; /* by place */
	size_t count, room;
};

struct ledger {
	const struct rules *rules;
	const char *plan, *plan_sha256; /* NULL: of `audit` */
	size_t planned; /* pairs in the whole plan */
	unsigned shard, shards; /* from 1; 0 of 0: the whole */
	struct strings images, feeds; /* names, in the plan's order */
	struct ledger_pairs pairs;
	struct waivers waivers; /* source NULL: none given */
	struct findings waiver_findings; /* of the whole only */
	struct ledger_sums sums;
	enum gate gate;
	size_t pairs_failing;
	int status; /* the worst of all pairs, and of the waivers: 3, 1, 2, 0 */
	struct map texts; /* one copy of each text */
};

/* Takes over WAIVERS (NULL: none) as they are now; of the same list, its counts. */
void ledger_waive(struct arena *arena, struct ledger *ledger, const struct waivers *waivers);
/* Adds what VERDICTS say of the image that is called IMAGE and the feed called FEED. */
void ledger_add(struct arena *arena, struct ledger *ledger, const char *image, const char *feed,
		size_t place, const struct verdicts *verdicts);
/* Adds a pair that cannot be judged: ID is image-unreadable or feed-unreadable, WHY the error. */
void ledger_add_unread(struct arena *arena, struct ledger *ledger, const char *image,
		       const char *feed, size_t place, const char *id, const char *why);
/* After the last pair: order, sums, gate, status and, of a whole run, what is to be said of the
 * waivers. */
void ledger_finish(struct arena *arena, struct ledger *ledger);

/* The same, where what is to be said of the waivers was said before. */
void ledger_finish_said(struct ledger *ledger, const struct findings *waivers);

/* "fail: 3 of 12 packages unsafe, 1 unproven; 8 safe": what the first line of every output says. */
const char *ledger_headline(struct arena *arena, const struct ledger *ledger);

/* One was given for a pair. */
bool ledger_has_baseline(const struct ledger *ledger);

/* The line that the first witness of FINDING names, "waivers.yaml: line 3"; 0: none. */
size_t ledger_line(const struct finding *finding);

/* What stays the same for the same finding in every run, whatever moves around it: sha256 in
 * hex over image, owner (package, "image" or "feed"), rule, module and subject. */
const char *ledger_fingerprint(struct arena *arena, const struct ledger_pair *pair,
			       const char *owner, const struct finding *finding);

#endif
