/* SPDX-License-Identifier: ISC */
/* pair - one image and its feeds: from what was read to the verdicts. */
#ifndef KMODAUDIT_PAIR_H
#define KMODAUDIT_PAIR_H

#include "verdict/verdict.h"

/* The policy, waivers and baseline of a gate as given; NULL: not given. */
struct terms_wanted {
	const char *rules, *policy, *waivers, *today;
};

bool terms_read(struct arena *arena, const struct terms_wanted *wanted, struct rules *rules,
		struct waivers *waivers, struct error *error);

/* What was given about the kernel that feeds were built with. */
struct feed_side {
	const char *config_path, *symvers_path; /* NULL: not given */
	struct config config;
	struct kernel_exports symvers;
};

/* Reads the files that its paths name. */
bool feed_side_read(struct arena *arena, struct feed_side *side, struct error *error);

/* Verifies the feeds with the keys of IMAGE and those in the files and directories PATHS. */
bool feeds_trust(struct arena *arena, const struct image *image, const struct strings *paths,
		 struct feeds *feeds, struct error *error);

/* Layout rules for an image's kernel, kept from one of its pairs to the next. */
struct layouts_held {
	struct arena *arena;
	bool there;
	struct layout_choice choice;
};

struct pair {
	const struct image *image;
	const struct feeds *feeds; /* verified */
	const struct feed_side *side;
	const struct rules *rules;
	struct strings providers; /* files that declare what is supported */
	struct gate_terms terms;
	const struct strings *only; /* globs on package names; NULL or empty: all are reported */
	unsigned threads;
	struct layouts_held *layouts;
};

/* All that RET points to lives in ARENA, or is the pair's. */
bool pair_reach(struct arena *arena, const struct pair *pair, struct verdicts *ret,
		struct error *error);

#endif
