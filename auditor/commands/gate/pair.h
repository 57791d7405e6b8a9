/* SPDX-License-Identifier: ISC */
/* pair - judges one image with its feeds, for `audit` and `gate`. */
#ifndef KMODAUDIT_PAIR_H
#define KMODAUDIT_PAIR_H

#include "facts/search/abi_identify.h"
#include "verdict/verdict.h"

/* The options for policy, waivers and baseline; NULL: not given. */
struct terms_wanted {
	const char *rules, *policy, *waivers, *today;
};

bool terms_read(struct arena *arena, const struct terms_wanted *wanted, struct rules *rules,
		struct waivers *waivers, struct error *error);

/* The options about the kernel that feeds were built with, and what was read. */
struct feed_side {
	const char *config_path, *symvers_path; /* NULL: not given */
	struct config config;
	struct kernel_exports symvers;
};

/* Reads the files of SIDE. */
bool feed_side_read(struct arena *arena, struct feed_side *side, struct error *error);

/* Verifies the signatures of FEEDS with the keys of IMAGE and those in PATHS, files or
 * directories. */
bool feeds_trust(struct arena *arena, const struct image *image, const struct strings *paths,
		 struct feeds *feeds, struct error *error);

/* The layout rules for an image's kernel, which all its pairs share. */
struct layouts_loaded {
	struct arena *arena;
	enum layout_part part; /* of them in CHOICE */
	struct layout_choice choice;
};

struct pair {
	const struct image *image;
	const struct feeds *feeds; /* with verified signatures */
	const struct feed_side *side;
	const struct rules *rules;
	struct strings providers; /* provider files */
	struct gate_terms terms;
	const struct strings *only; /* globs of package names; NULL or empty: report all */
	unsigned threads;
	struct abi_identifier
		*identifier; /* finds the lines behind abi hashes, for the whole run */
	struct layouts_loaded *layouts;
};

/* Makes the world and reaches the verdicts. RET refers to ARENA and to
 * members of PAIR. */
bool pair_judge(struct arena *arena, const struct pair *pair, struct verdicts *ret,
		struct error *error);

#endif
