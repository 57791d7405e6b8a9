/* SPDX-License-Identifier: ISC */
/* baseline_parts - how a baseline is kept and asked. Private to verdict/. */
#ifndef KMODAUDIT_BASELINE_PARTS_H
#define KMODAUDIT_BASELINE_PARTS_H

#include "base/map.h"
#include "verdict/gate/baseline.h"

/* A finding of the earlier report. */
struct earlier {
	bool package; /* else the image or a feed */
	const char *owner, *version; /* a package's name, "image" or "feed" */
	const char *rule, *module, *subject, *text;
	enum level level;
	size_t more;
	bool used;
	size_t next; /* the place of another with the same key, from 1; 0: there is none */
};

struct earliers {
	struct earlier *list;
	size_t count, room;
};

/* A package of the earlier report. */
struct listed {
	const char *version;
	bool unproven; /* nothing proved it, whatever else was said */
	size_t next; /* the place of another of that name, from 1; 0: there is none */
};

struct listeds {
	struct listed *list;
	size_t count, room;
};

/* A finding of this run that nothing of the same version fits. */
struct pending {
	struct finding *finding;
	bool package;
	const char *owner, *version;
	enum level level;
};

struct pendings {
	struct pending *list;
	size_t count, room;
};

/* Things of one key, chained by NEXT. */
struct chains {
	size_t *list; /* where each chain starts, from 1 */
	size_t count, room;
	struct map numbers; /* by key */
};

struct baseline {
	struct arena *arena;
	const char *source;
	struct earliers entries;
	struct chains keys;
	struct listeds listed;
	struct chains names;
	const char *image, *sha256, *architecture; /* of the earlier report; NULL: not said */

	/* globs of the packages that this run reports; NULL or empty: all */
	const struct strings *only;
	const char *remark;
	struct pendings pending;
	size_t new, unchanged;
};

const char *baseline_key(struct arena *arena, bool package, const char *owner, const char *rule,
			 const char *module, const char *subject, enum level level);

/* Where the chain of KEY starts, from 1; 0: there is none. */
size_t chain_start(const struct chains *chains, const char *key);

/* Before the first mark: what is audited now, and the glob on packages that are reported, or
 * NULL. */
void baseline_begin(struct baseline *baseline, const struct image *image,
		    const struct strings *only);
/* Holds what was marked, and met nothing of its version, against other versions. Findings
 * marked before may move afterwards. */
void baseline_settle(struct baseline *baseline);
/* As baseline_mark and _settle for the one finding that an unsafe package is unproven, too:
 * known also where the earlier report had no need to say so. */
void baseline_mark_no_proof(struct baseline *baseline, const struct package *package,
			    struct finding *finding);
/* As baseline_mark, for one. */
void baseline_mark_one(struct baseline *baseline, const char *owner, const struct package *package,
		       enum level level, struct finding *finding);

#endif
