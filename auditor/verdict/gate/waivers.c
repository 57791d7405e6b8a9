/* SPDX-License-Identifier: ISC */
/* Matches findings with waivers by rule, package, module, symbol and image, and reports
 * waivers that are refused, unused, expired or overlapping. */
#include "verdict/gate/waivers.h"

#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

const char *const waiver_glob_name[WAIVER_GLOBS] = {"package",	 "module",  "symbol",
						    "namespace", "subject", "image"};

static bool fits(const char *glob, const char *text)
{
	return !glob || (text && fnmatch(glob, text, 0) == 0);
}

/* A finding may stand for further cases with other symbols, of which only the number is
 * known. Then a glob fits only if it fits every name. */
static bool fits_folded(const char *glob, const struct finding *finding)
{
	return !finding->more || !glob || strcmp(glob, "*") == 0;
}

static bool covers(const struct waiver *waiver, const char *image, const char *source,
		   const struct package *package, const struct finding *finding)
{
	const char *const *globs = waiver->globs, *images = globs[WAIVER_IMAGE];
	bool symbol = strncmp(finding->id, "symbol-", strlen("symbol-")) == 0;

	if ((finding->outcome == OUTCOME_UNKNOWN && !waiver->unknown) ||
	    strcmp(waiver->rule, finding->id) != 0)
		return false;
	return fits(globs[WAIVER_PACKAGE], package ? package->name : NULL) &&
	       fits(globs[WAIVER_MODULE], package ? finding->module : NULL) &&
	       fits(globs[WAIVER_SYMBOL], symbol ? finding->subject : NULL) &&
	       fits(globs[WAIVER_NAMESPACE], finding->name_space) &&
	       fits(globs[WAIVER_SUBJECT], finding->subject) &&
	       fits_folded(globs[WAIVER_SYMBOL], finding) &&
	       fits_folded(globs[WAIVER_NAMESPACE], finding) &&
	       fits_folded(globs[WAIVER_SUBJECT], finding) &&
	       (fits(images, image ? image : source) ||
		(source && (fits(images, source) || fits(images, path_last(source)))));
}

const struct waiver *waivers_cover(struct waivers *waivers, const char *image, const char *source,
				   const struct package *package, const struct finding *finding)
{
	struct waiver *live = NULL, *dead = NULL;

	array_each(waiver, waivers) {
		if (!covers(waiver, image, source, package, finding))
			continue;
		if (waiver->refused) {
			waiver->used++;
		} else if (waiver->expired) {
			dead = dead ? dead : waiver;
		} else {
			waiver->used++;
			if (live && !waiver->overlap)
				waiver->overlap = live->witness;
			live = live ? live : waiver;
		}
	}
	/* an expired waiver is still needed only if no other one covers the finding */
	if (!live && dead)
		dead->used++;
	return live;
}

static void say(struct arena *arena, struct findings *findings, const char *id,
		const struct waiver *waiver, const char *text)
{
	/* "symbol-missing of package kmod-x, symbol nf_*" */
	const char *subject = waiver->rule, *before = " of";

	for (size_t i = 0; i < WAIVER_GLOBS; i++) {
		if (!waiver->globs[i])
			continue;
		subject = arena_format(arena, "%s%s %s %s", subject, before, waiver_glob_name[i],
				       waiver->globs[i]);
		before = ",";
	}

	struct finding *finding = finding_add(arena, findings, id, OUTCOME_FAILS, NULL, subject);
	finding->witness[0] = waiver->witness;
	finding->text = text;
}

void waivers_findings(struct arena *arena, const struct waivers *waivers, struct findings *findings)
{
	array_each(waiver, waivers) {
		if (waiver->refused)
			say(arena, findings, "waiver-refused", waiver,
			    arena_format(arena, "%s cannot be waived: %s", waiver->rule,
					 waiver->refused));
		else if (!waiver->used)
			say(arena, findings, "waiver-unused", waiver,
			    arena_format(arena, "covers nothing%s; its owner is %s, its reason: %s",
					 waiver->expired ? ", and has expired" : "", waiver->owner,
					 waiver->reason));
		else if (waiver->expired)
			say(arena, findings, "waiver-expired", waiver,
			    arena_format(
				    arena,
				    "expired after %s, and %zu finding%s still need it; its owner "
				    "is %s, its reason: %s",
				    waiver->expires, waiver->used, waiver->used == 1 ? "" : "s",
				    waiver->owner, waiver->reason));
		else if (waiver->overlap)
			say(arena, findings, "waiver-overlap", waiver,
			    arena_format(arena, "covers a finding that another waiver covers: %s",
					 waiver->overlap));
	}
	array_sort(findings, finding_compare);
}
