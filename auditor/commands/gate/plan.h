/* SPDX-License-Identifier: ISC */
/* plan - the YAML file of `kmodaudit gate`: images, feeds, pairs, policy, waivers and
 * baselines. Form: docs/gate.md. */
#ifndef KMODAUDIT_PLAN_H
#define KMODAUDIT_PLAN_H

#include "base/array.h"
#include "base/error.h"

struct plan_image {
	const char *name, *path;
	const char *manifest, *config, *symvers; /* NULL: not given */
	unsigned part;
	size_t line; /* of the file */
	struct strings keys, providers; /* beside those of the plan */
};

struct plan_feed {
	const char *name;
	struct strings sources; /* paths and URLs: all of them together are the feed */
	struct strings lists; /* files that name further ones */
	bool from_image; /* the feeds that the image of the pair lists */
	const char *config, *symvers;
	size_t line;
	struct strings providers;
};

/* A place in images, one in feeds. */
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
		struct plan_pair *list; /* by image, then feed, each once */
		size_t count, room;
	} pairs;
	struct strings keys, providers;
	const char *policy, *waivers, *baseline, *reports, *rules; /* NULL: not given */
};

/* Paths in the file are relative to its folder, and come out relative to the working directory. */
bool plan_read(struct arena *arena, const char *path, struct plan *ret, struct error *error);

/* "IMAGE--FEED.yaml", the file of a pair's report. */
const char *plan_report(struct arena *arena, const struct plan *plan, const struct plan_pair *pair);

/* plan_pairs.c: fills PAIRS by the list PAIRS of the file, or with all there are when that is
 * NULL. */
struct yaml;
bool plan_pairs_read(struct arena *arena, const struct yaml *pairs, struct plan *plan,
		     struct error *error);

/* plan_init.c: a plan for IMAGE and FEEDS, with a comment for each key. The plan is to be
 * written to the file OUTPUT, and names its files relative to the folder of OUTPUT; NULL: the
 * working directory. */
const char *plan_init(struct arena *arena, const char *image, const struct strings *feeds,
		      const char *output);

#endif
