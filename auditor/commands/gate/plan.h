/* SPDX-License-Identifier: ISC */
/* plan - the YAML file of `kmodaudit gate`: images, feeds, pairs, policy, waivers and
 * baselines. docs/gate.md has its form. */
#ifndef KMODAUDIT_PLAN_H
#define KMODAUDIT_PLAN_H

#include "base/array.h"
#include "base/error.h"

/* A path of a plan with one of them is a pattern (glob(7)). */
#define PATTERN_CHARACTERS "*?["

struct plan_image {
	const char *name, *path;
	const char *manifest, *config, *symvers; /* NULL: not given */
	unsigned part;
	size_t line; /* line of the plan */
	struct strings keys, providers; /* in addition to those of the plan */
};

struct plan_feed {
	const char *name;
	struct strings sources; /* paths and URLs, which together are the feed */
	struct strings lists; /* files that list more sources */
	bool from_image; /* also the feeds that the pair's image lists */
	const char *config, *symvers;
	size_t line;
	struct strings providers;
};

/* Indices of an image and a feed. */
struct plan_pair {
	size_t image, feed;
};

struct plan {
	const char *path, *sha256;
	struct plan_images {
		struct plan_image *list;
		size_t count, room;
	} images;
	struct plan_feeds {
		struct plan_feed *list;
		size_t count, room;
	} feeds;
	struct plan_pairs {
		struct plan_pair *list; /* sorted by image, then feed, each once */
		size_t count, room;
	} pairs;
	struct strings keys, providers;
	const char *policy, *waivers, *baseline, *reports, *rules; /* NULL: not given */
};

/* Reads a plan. Paths in it are relative to its folder; in RET they are relative to
 * the working directory. */
bool plan_read(struct arena *arena, const char *path, struct plan *ret, struct error *error);

/* The file name of a pair's report: "IMAGE--FEED.yaml". */
const char *plan_report(struct arena *arena, const struct plan *plan, const struct plan_pair *pair);

/* plan_inputs.c: the files and directories that PLAN names and that are read: no output
 * may replace them. */
struct run_inputs;
void plan_inputs(struct arena *arena, const struct plan *plan, struct run_inputs *ret);

/* plan_pairs.c: sets the pairs of PLAN from the list PAIRS of the file, or to all
 * combinations if it is NULL. */
struct yaml;
bool plan_pairs_read(struct arena *arena, const struct yaml *pairs, struct plan *plan,
		     struct error *error);

/* plan_init.c: the text of a plan for IMAGE and FEEDS, with a comment for each key. Its
 * paths are relative to the folder of the file OUTPUT, into which it will be written;
 * NULL: to the working directory. */
const char *plan_init(struct arena *arena, const char *image, const struct strings *feeds,
		      const char *output);

#endif
