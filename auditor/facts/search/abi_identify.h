/* SPDX-License-Identifier: ISC */
/* abi_identify - finds the set behind an abi hash with what is known about the build:
 * in the database, else by composing it from the parts of the release and target and
 * the packages that are known to be in it, else by a search for sets similar to that
 * one. A set is returned only if its md5 is the hash. */
#ifndef KMODAUDIT_ABI_IDENTIFY_H
#define KMODAUDIT_ABI_IDENTIFY_H

#include "facts/abi/abi_database.h"
#include "facts/module/fact.h"

/* The default number of sets that a search tries: about a second. */
enum { ABI_TRIES = 50000 };
/* The most hashes of one feed that are searched for: each costs a search. */
enum { ABI_SEARCHES = 16 };

/* What is known about the build that made the hash. NULL: not known. */
struct abi_question {
	const char *hash;
	const char *release, *target; /* "24.10.0", "ath79/generic": DISTRIB_RELEASE, _TARGET */
	const char *kernel; /* "6.6.73" */
	struct machine machine; /* narrows the targets where TARGET is not known */
	/* names of packages that the build selected: those of its database or manifest,
	 * or those of a feed that depend on the hash; other names are ignored */
	struct strings packages;
	bool known_only; /* look into the database and search for nothing */
};

enum abi_how { ABI_NOT_FOUND, ABI_KNOWN, ABI_SEARCHED };

struct abi_answer {
	enum abi_how how;
	struct config_set set; /* unset if NOT_FOUND */
	/* KNOWN: all builds with the hash; SEARCHED: only the base; NOT_FOUND: the
	 * bases of the search, the best first */
	struct abi_builds builds;
	/* SEARCHED: the differences from the official build, "+ kmod-wireguard", "-
	 * KERNEL_KALLSYMS", "- CONFIG_CC_IS_GCC=y" */
	struct strings turned;
	/* SEARCHED: TURNED as one line for people; NOT_FOUND: what was tried, "tried
	 * 50000 sets near OpenWrt 24.10.0 ath79/generic and 7 other builds" */
	const char *text;
	/* NOT_FOUND: no set of the question's release, "25.12.9", is known */
	bool release_new;
	uint64_t tried; /* number of sets that were composed and hashed; 0 if KNOWN */
};

struct abi_identifier;

/* Makes an identifier that tries at most TRIES sets for a hash, on THREADS threads (0:
 * all processors); the answer is the same for any number of threads. It stores its
 * answers in ARENA, so a repeated question costs nothing. Only one thread may use it
 * at a time. */
struct abi_identifier *abi_identifier_new(struct arena *arena, const struct abi_database *database,
					  uint64_t tries, unsigned threads);
/* Answers QUESTION, which is copied. */
const struct abi_answer *abi_identify(struct abi_identifier *identifier,
				      const struct abi_question *question);

#endif
