/* SPDX-License-Identifier: ISC */
/* auditing - judges one image with its feeds, for audit, explain and vet: from the command line
 * to the verdicts. */
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

	const char *command; /* the command's name, for suggested command lines */
	const char *image_path;
	struct strings key_paths, provider_paths, abi_dirs, report_names, only;
	struct feeds_wanted wanted;
	struct reports reports;
	struct image image;
	struct map image_modules; /* the names of the image's modules */
	struct feeds feeds;
	struct rules known_rules;
	struct feed_side side;
	struct waivers known_waivers;
	struct baseline *known_baseline;
};

/* Reads all files and judges. STATUS_SAFE: RET is set; otherwise the user was told the reason.
 * Everything that RET refers to is in ARENA or AUDIT. */
enum status audit_reach(struct arena *arena, struct audit *audit, struct verdicts *ret);
/* True if every pattern of --only matches a package. Otherwise the user is told which does not,
 * and no report must be written: a pattern without a match is no answer. */
bool only_fits(struct arena *arena, const struct audit *audit, const struct verdicts *verdicts);

#endif
