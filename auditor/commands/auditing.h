/* SPDX-License-Identifier: ISC */
/* auditing - one image judged with its feeds, as the options of audit, explain and vet say: from
 * the arguments to the verdicts. */
#ifndef KMODAUDIT_AUDITING_H
#define KMODAUDIT_AUDITING_H

#include "commands/gate/pair.h"
#include "commands/progress.h"
#include "commands/reports.h"

struct audit {
	const char *image_manifest, *image_config, *image_symvers;
	const char *output, *rules, *policy, *waivers, *baseline, *today;
	unsigned format, color, jobs, part;
	bool exit_zero, quiet, verbose;
	struct progress progress;

	const char *command; /* its name, for what to type instead */
	const char *image_path;
	struct strings key_paths, provider_paths, report_names, only;
	struct feeds_wanted wanted;
	struct reports reports;
	struct image image;
	struct map image_modules; /* their names */
	struct feeds feeds;
	struct rules known_rules;
	struct feed_side side;
	struct waivers known_waivers;
	struct baseline *known_baseline;
};

/* Reads the small files, the image and the feeds, and judges. STATUS_SAFE: RET is there;
 * otherwise the user was told why not. All that RET points to lives in ARENA or AUDIT. */
enum status audit_reach(struct arena *arena, struct audit *audit, struct verdicts *ret);
/* Every pattern of --only matches a package; otherwise the user was told which does not: such a
 * pattern is no answer, whatever the feed is worth, and nothing is written. */
bool only_fits(struct arena *arena, const struct audit *audit, const struct verdicts *verdicts);

#endif
