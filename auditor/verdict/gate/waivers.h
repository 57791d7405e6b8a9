/* SPDX-License-Identifier: ISC */
/* waivers - findings that somebody answers for until a date: a YAML file, form in
 * docs/waivers.md. */
#ifndef KMODAUDIT_WAIVERS_H
#define KMODAUDIT_WAIVERS_H

#include "verdict/rules.h"

/* What a waiver can be narrowed down to, in the order in which it is told. */
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
	/* covers what cannot be known, too: otherwise taking evidence away could make a failure
	 * a pass */
	bool unknown;
	const char *reason, *owner, *expires; /* YYYY-MM-DD: the last day on which it holds */
	const char *witness; /* "waivers.yaml: line 3" */
	bool expired;
	const char *refused; /* why it may waive nothing, one clause; else NULL */
	size_t used; /* findings that it covers, or would, were it neither expired nor refused */
	/* witness of an earlier one that covers a finding of its, too; NULL: there is none */
	const char *overlap;
};

struct waivers {
	struct waiver *list;
	size_t count, room;
	const char *source; /* path as given */
};

/* TODAY: YYYY-MM-DD. Fails on anything but a whole, well-formed file: unknown keys and ids, a
 * missing reason, owner or expiry, a date that is none. A rule that may not be waived is no
 * failure: REFUSED tells. */
bool waivers_read(struct arena *arena, const char *path, const char *today,
		  const struct rules *rules, struct waivers *ret, struct error *error);

/* The waiver that covers FINDING about PACKAGE (NULL: about the image or a feed) on an image
 * that is called IMAGE and lies at SOURCE (the glob may fit either, or the file's name alone),
 * or NULL. Counts the use in all that cover it. */
const struct waiver *waivers_cover(struct waivers *waivers, const char *image, const char *source,
				   const struct package *package, const struct finding *finding);

/* What is to be said of the waivers themselves, after all was judged: waiver-expired (of those
 * still needed), -refused,
 * -unused, -overlap. */
void waivers_findings(struct arena *arena, const struct waivers *waivers,
		      struct findings *findings);

#endif
