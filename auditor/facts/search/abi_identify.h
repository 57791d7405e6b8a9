/* SPDX-License-Identifier: ISC */
/* abi_identify - the set behind an abi hash, given what is known of the build: out of the
 * database, else composed of the parts of the release and target with the packages that are
 * known to be in it, else searched for near that. The hash is the judge: a set is given out only
 * where its md5 is the hash. */
#ifndef KMODAUDIT_ABI_IDENTIFY_H
#define KMODAUDIT_ABI_IDENTIFY_H

#include "facts/abi/abi_database.h"

/* How many sets a search tries where nobody says: about four seconds on two cores for
 * the largest sets. */
enum { ABI_TRIES = 300000 };

/* What is known of the build that made the hash. NULL: not known. */
struct abi_question {
	const char *hash;
	const char *release, *target; /* "24.10.0", "ath79/generic": DISTRIB_RELEASE, _TARGET */
	const char *kernel; /* "6.6.73" */
	/* names of packages that the build selected: those of its database or manifest, or those
	 * of a feed that carry the hash. Others are ignored */
	struct strings packages;
};

enum abi_how { ABI_NOT_FOUND, ABI_KNOWN, ABI_SEARCHED };

struct abi_answer {
	enum abi_how how;
	struct config_set set; /* not where NOT_FOUND */
	/* KNOWN: all that share the hash; SEARCHED: the base alone; NOT_FOUND: the bases of the
	 * search, the best first */
	struct abi_builds builds;
	/* SEARCHED: by what the build differs from the official one, "+ kmod-wireguard",
	 * "- KERNEL_KALLSYMS", "- CONFIG_CC_IS_GCC=y" */
	struct strings turned;
	const char *text; /* the same as one line for people */
	uint64_t tried; /* sets that were composed and hashed; 0: KNOWN */
};

struct abi_identifier;

/* Tries at most TRIES sets for a hash, on THREADS threads (0: all processors); the answer is the
 * same for any number. Keeps its answers in ARENA: a question that was asked before costs
 * nothing. Not for two threads at once. */
struct abi_identifier *abi_identifier_new(struct arena *arena, const struct abi_database *database,
					  uint64_t tries, unsigned threads);
/* QUESTION is copied. */
const struct abi_answer *abi_identify(struct abi_identifier *identifier,
				      const struct abi_question *question);

#endif
