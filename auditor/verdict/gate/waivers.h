/* SPDX-License-Identifier: ISC */
/* waivers - findings that somebody accepts until a date, from a
 * YAML file (docs/waivers.md). */
#ifndef KMODAUDIT_WAIVERS_H
#define KMODAUDIT_WAIVERS_H

#include "verdict/rules.h"

/* The keys that restrict a waiver, in the order in which messages name them. */
enum waiver_glob {
	WAIVER_PACKAGE,
	WAIVER_MODULE,
	WAIVER_SYMBOL,
	WAIVER_NAMESPACE,
	WAIVER_SUBJECT,
	WAIVER_IMAGE,
	WAIVER_GLOBS
};

extern const char *const waiver_glob_name[WAIVER_GLOBS]; /* "package", ...: the keys of the file */

struct waiver {
	const char *rule; /* id */
	const char *globs[WAIVER_GLOBS]; /* by enum waiver_glob; NULL: any */
	/* covers findings of unknown outcome, too. Only on request: otherwise removing
	 * evidence could turn a failure into a pass */
	bool unknown;
	const char *reason, *owner, *expires; /* YYYY-MM-DD: the last day on which it holds */
	const char *witness; /* "waivers.yaml: line 3" */
	bool expired;
	const char *refused; /* why it may waive nothing, one clause; else NULL */
	/* how many findings it covers; of an expired or refused one, would cover */
	size_t used;
	/* witness of an earlier waiver that covers one of the same findings; NULL:
	 * there is none */
	const char *overlap;
};

struct waivers {
	struct waiver *list;
	size_t count, room;
	const char *source; /* path as given */
};

/* TODAY: YYYY-MM-DD. Fails on unknown keys and rule ids, on a missing reason, owner or
 * expiry date, and on a wrong date. A rule that may not be waived is no failure, see
 * the member refused. */
bool waivers_read(struct arena *arena, const char *path, const char *today,
		  const struct rules *rules, struct waivers *ret, struct error *error);

/* The first waiver in force that covers FINDING, or NULL. The finding is about PACKAGE
 * (NULL: the image or a feed) on the image with the name IMAGE in the plan (NULL: none)
 * and the path SOURCE; a glob for the image may match the name, the path or the last
 * part of the path. Counts the use of every waiver that covers it. */
const struct waiver *waivers_cover(struct waivers *waivers, const char *image, const char *source,
				   const struct package *package, const struct finding *finding);

/* The findings about the waivers themselves, after all findings were
 * compared with them: waiver-expired (if findings still need it),
 * waiver-refused, waiver-unused, waiver-overlap. */
void waivers_findings(struct arena *arena, const struct waivers *waivers,
		      struct findings *findings);

#endif
