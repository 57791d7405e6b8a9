/* SPDX-License-Identifier: ISC */
/* ledger - the results of a run, pair by pair (an image and a feed). All CI outputs are
 * printed from it, and shards of a plan write it for `kmodaudit merge`. It owns its
 * text, so that image, feed and world can be freed. */
#ifndef KMODAUDIT_LEDGER_H
#define KMODAUDIT_LEDGER_H

#include "base/map.h"
#include "report/ledger/ledger_option.h"
#include "verdict/verdict.h"

struct ledger_finding {
	struct finding finding; /* without outcome and waiver, which the next members replace */
	enum level level;
	const struct waiver *waiver; /* one of the ledger's own, or NULL */
	/* the feed that it is about; NULL: none, or the feed as a whole */
	const char *source;
};

/* Findings with level warning or above and those that a waiver covers, in the order
 * of the report. */
struct ledger_findings {
	struct ledger_finding *list;
	size_t count, room;
};

/* Facts that identify an image; NULL: not known. */
struct ledger_card {
	const char *sha256, *release, *architecture, *vermagic, *distribution, *target, *revision;
	const char *system; /* "FreeBSD"; NULL: Linux */
	const char *osreldate, *ident, *interfaces; /* of a FreeBSD kernel; the last in words */
	const char *abi, *build; /* version~hash of the package kernel; whose build has that hash */
	const char *exports, *config; /* what is known of them, in words, with the place */
	const char *modules, *packages; /* numbers */
};

/* The result of one package on one image. */
struct ledger_cell {
	const char *name, *version, *file; /* VERSION and FILE: NULL if there is none */
	enum verdict verdict;
	const char *proof; /* NULL unless the verdict is safe */
	enum gate gate;
	bool waived, known; /* as in struct result */
	struct ledger_findings findings;
	/* of level note: the proof that holds, and what the package manager would do */
	struct ledger_findings notes;
	struct strings needs; /* as in struct result */
	const char *deciding; /* id of the finding that decided; NULL: none */
	const char *deciding_text; /* NULL also if there are no FINDINGS */
};

struct ledger_cells {
	struct ledger_cell *list; /* sorted by name, version, file, as in the report */
	size_t count, room;
};

/* Numbers of packages, unless stated otherwise. */
struct ledger_sums {
	size_t packages, unrelated, verdict[4]; /* VERDICT: by enum verdict */
	size_t failing[4]; /* packages that the gate fails, by enum verdict */
	size_t waived, known; /* packages that pass only because of a waiver, or of the baseline */
	size_t baseline_new, baseline_unchanged, baseline_fixed; /* numbers of findings */
};

struct ledger_pair {
	/* names in the plan; for `audit` the names on the command line, several feeds
	 * separated by blanks */
	const char *image, *feed;
	const char *source; /* path of the image */
	struct ledger_card card;
	struct ledger_options options;
	size_t place; /* index in the plan */
	enum gate gate;
	/* exit status of an audit of the pair; 3: an input cannot be read, see the
	 * finding image-unreadable or feed-unreadable */
	int status;
	struct ledger_sums sums;
	bool baseline; /* a baseline was given */
	struct ledger_findings image_findings, feed_findings;
	struct ledger_cells cells;
};

struct ledger_pairs {
	struct ledger_pair *list; /* sorted by place */
	size_t count, room;
};

struct ledger {
	const struct rules *rules;
	const char *plan, *plan_sha256; /* NULL: the ledger of `audit` */
	size_t planned; /* number of pairs in the whole plan */
	unsigned shard, shards; /* from 1; 0 of 0: not a shard */
	struct strings images, feeds; /* names, in the plan's order */
	struct ledger_pairs pairs;
	struct waivers waivers; /* SOURCE is NULL if none were given */
	struct findings waiver_findings; /* only if this is not a shard */
	struct ledger_sums sums;
	enum gate gate;
	size_t pairs_failing;
	int status; /* the worst of all pairs and of the waivers; from worst: 3, 1, 2, 0 */
	struct map texts; /* all texts, interned */
};

/* Stores WAIVERS (NULL: none) in their current state. If the same waivers were stored
 * before, only updates their counts. */
void ledger_waive(struct arena *arena, struct ledger *ledger, const struct waivers *waivers);
/* Adds the results VERDICTS for the pair of the image named IMAGE and the
 * feed named FEED. */
void ledger_add(struct arena *arena, struct ledger *ledger, const char *image, const char *feed,
		size_t place, const struct verdicts *verdicts);
/* The ledger of `audit`, with the results VERDICTS, to be finished. */
struct ledger ledger_of(struct arena *arena, const struct verdicts *verdicts);
/* Adds a pair that cannot be judged. ID is image-unreadable or feed-unreadable,
 * WHY the error. */
void ledger_add_unread(struct arena *arena, struct ledger *ledger, const char *image,
		       const char *feed, size_t place, const char *id, const char *why);
/* Must be called after the last pair: sorts, sums up, and sets gate and status. Unless
 * this is a shard, it also adds the findings about waivers. */
void ledger_finish(struct arena *arena, struct ledger *ledger);
/* The same, with the findings about waivers already known. */
void ledger_finish_with(struct ledger *ledger, const struct findings *waivers);
/* The first line of every output: "fail: 3 of 12 packages unsafe, 1
 * unproven; 8 safe". */
const char *ledger_headline(struct arena *arena, const struct ledger *ledger);

/* The names of the images, each once, in the order of the pairs. */
struct strings ledger_image_names(struct arena *arena, const struct ledger *ledger);
/* True if a baseline was given for some pair. */
bool ledger_has_baseline(const struct ledger *ledger);

/* The line number in the first witness of FINDING, as in "waivers.yaml: line
 * 3"; 0: none. */
size_t ledger_line(const struct finding *finding);

/* An identifier that a finding keeps in all runs: the sha256, in hex, over image, owner
 * (package, "image" or "feed"), rule, module and subject. */
const char *ledger_fingerprint(struct arena *arena, const struct ledger_pair *pair,
			       const char *owner, const struct finding *finding);

#endif
