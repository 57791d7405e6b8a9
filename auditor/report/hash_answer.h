/* SPDX-License-Identifier: ISC */
/* hash_answer - whose abi hash this is: what `kmodaudit abi` prints. */
#ifndef KMODAUDIT_HASH_ANSWER_H
#define KMODAUDIT_HASH_ANSWER_H

#include "facts/abi/abi_database.h"
#include "facts/compare/comparison.h"
#include "report/write/emit.h"

#include <stdio.h>

/* A hash, who names it, and the set behind it. */
struct hash_answer {
	const char *source; /* the operand */
	const char *hash; /* NULL: an image names none; BUILDS are the official ones that fit it */
	/* the version of the package "kernel" without the hash, "6.6.73-r1";
	 * NULL: not said */
	const char *version;
	/* who names the hash, each a place; none where the operand is
	 * the hash itself */
	struct strings witnesses;
	size_t packages; /* of a feed, that name it; 0: not a feed */
	const char *remark; /* NULL, or what the reader should know, a sentence */

	bool known; /* some build has this hash */
	bool has_set; /* SET is there: it is known or found, or the operand is the set itself */
	struct config_set set;
	/* NULL, or which build the search found: "24.10.0 x86/64 + KERNEL_KALLSYMS" */
	const char *found;
	struct strings turned; /* by what it differs from BUILDS, which is then its base */
	struct abi_builds builds;
	size_t sets; /* how many known sets do not have the hash, where KNOWN is false */
	uint64_t tried; /* how many others were composed and hashed */
	/* NULL, or near which builds, where none was found: "tried 50000
	 * sets near ..." */
	const char *searched;
};

struct hash_answers {
	struct hash_answer *list;
	size_t count, room;
};

bool hash_answers_text(FILE *out, const struct hash_answers *answers, struct error *error);
bool hash_answers_yaml(FILE *out, enum emit_form form, const struct hash_answers *answers,
		       struct error *error);

/* Two sets, as configs (COMPARISON: A is the image's, B the feed's) and as lines. */
struct abi_difference {
	const struct hash_answer *a, *b;
	struct strings lines; /* as config_set_difference */
	const struct comparison *comparison;
};

/* What a line of a difference changes: structs and options by the rules of exactly this
 * kernel series, where there are any. */
struct line_effect {
	struct strings structs; /* sorted */
	struct strings turns_on; /* options that it can turn on or off with itself */
	/* the kind of rules/kernel/build-options.yaml, "flags", and why;
	 * NULL: not listed */
	const char *kind, *why;
};

struct line_effect line_effect_of(struct arena *arena, const struct comparison *comparison,
				  const char *line);

bool abi_difference_text(FILE *out, const struct abi_difference *difference, struct error *error);
bool abi_difference_yaml(FILE *out, enum emit_form form, const struct abi_difference *difference,
			 struct error *error);

#endif
