/* SPDX-License-Identifier: ISC */
/* baseline_parts - how a baseline is stored and searched. Private to verdict/. */
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
	bool used; /* a finding of this run was matched with it */
	size_t next; /* another one with the same key: its place, from 1; 0: none */
};

struct earliers {
	struct earlier *list;
	size_t count, room;
};

/* A package of the earlier report. */
struct listed {
	const char *version;
	bool unproven; /* no proof held, whatever its verdict was */
	size_t next; /* another one of that name: its place, from 1; 0: none */
};

struct listeds {
	struct listed *list;
	size_t count, room;
};

/* A finding of this run that the earlier report does not have for the same version
 * of the package. */
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

/* Lists of things that have one key, linked by their member next. */
struct chains {
	size_t *list; /* by number of the key: the place of the first, from 1 */
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

/* To be called first: IMAGE is the one that is audited now, ONLY the globs of the
 * packages that are reported, or NULL. */
void baseline_begin(struct baseline *baseline, const struct image *image,
		    const struct strings *only);
/* As baseline_mark, for one finding. */
void baseline_mark_one(struct baseline *baseline, const char *owner, const struct package *package,
		       enum level level, struct finding *finding);
/* Compares the findings that were not found under the same version of their package
 * with the other versions. Until then the findings that were passed to baseline_mark
 * must stay where they are in memory. */
void baseline_settle(struct baseline *baseline);
/* As baseline_mark and baseline_settle for the finding that an unsafe package is
 * also unproven. It is known, too, if the earlier report says of the package that
 * no proof held. */
void baseline_mark_no_proof(struct baseline *baseline, const struct package *package,
			    struct finding *finding);

#endif
