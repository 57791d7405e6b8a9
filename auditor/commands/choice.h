/* SPDX-License-Identifier: ISC */
/* choice - the options that several commands have, each with one text for --help. */
#ifndef KMODAUDIT_CHOICE_H
#define KMODAUDIT_CHOICE_H

#include "commands/command.h"

/* Rows for the table of a command, which defines AT(member): the offset in its struct. */
#define CHOICE_ROW(...)     \
	{                   \
		__VA_ARGS__ \
	}
#define CHOICE_ABI                                               \
	CHOICE_ROW("--abi", 0, CHOICE_LIST, AT(abi_dirs), "DIR", \
		   "sets behind abi hashes, beside the built-in ones; repeatable")
#define CHOICE_BASE_RULES                                       \
	CHOICE_ROW("--rules", 0, CHOICE_TEXT, AT(rules), "DIR", \
		   "rules to use instead of the built-in ones")
#define CHOICE_CACHE                                            \
	CHOICE_ROW("--cache", 0, CHOICE_TEXT, AT(cache), "DIR", \
		   "keep facts of images and packages in DIR for later runs")
#define CHOICE_COLOR                                                          \
	CHOICE_ROW("--color", 0, CHOICE_WORD, AT(color), "auto|always|never", \
		   "colour of the text format")
#define CHOICE_EXIT_ZERO                                               \
	CHOICE_ROW("--exit-zero", 0, CHOICE_FLAG, AT(exit_zero), NULL, \
		   "exit with 0 instead of 1 or 2")
#define CHOICE_JOBS                                             \
	CHOICE_ROW("--jobs", 'j', CHOICE_NUMBER, AT(jobs), "N", \
		   "number of threads (default: all processors)")
#define CHOICE_LAYOUT_RULES                                     \
	CHOICE_ROW("--rules", 0, CHOICE_TEXT, AT(rules), "DIR", \
		   "layout rules to use in addition to the built-in ones")
#define CHOICE_MAX_MEMORY                                                 \
	CHOICE_ROW("--max-memory", 0, CHOICE_NUMBER, AT(max_memory), "N", \
		   "most memory of the run in MiB, for any --jobs (default: 2048)")
#define CHOICE_NO_FOLLOW                                                      \
	CHOICE_ROW("--no-follow", 0, CHOICE_FLAG, AT(wanted.no_follow), NULL, \
		   "do not read what symbolic links in a feed lead to")
#define CHOICE_NO_SANDBOX                                                \
	CHOICE_ROW("--no-sandbox", 0, CHOICE_FLAG, AT(no_sandbox), NULL, \
		   "do not confine the program to its inputs and outputs")
#define CHOICE_OFFLINE                                                    \
	CHOICE_ROW("--offline", 0, CHOICE_FLAG, AT(wanted.offline), NULL, \
		   "do not use the network: URLs come from the cache")
#define CHOICE_POLICY                                                   \
	CHOICE_ROW("--policy", 0, CHOICE_TEXT, AT(policy), "NAME|FILE", \
		   "strict, default, lenient or a policy file")
#define CHOICE_QUIET \
	CHOICE_ROW("--quiet", 'q', CHOICE_FLAG, AT(quiet), NULL, "no progress on the terminal")
#define CHOICE_SEARCH                                                \
	CHOICE_ROW("--search", 0, CHOICE_NUMBER, AT(tries), "TRIES", \
		   "sets to try for an abi hash that is not known (default: 50000)")
#define CHOICE_TIMEOUT                                                           \
	CHOICE_ROW("--timeout", 0, CHOICE_NUMBER, AT(wanted.timeout), "SECONDS", \
		   "how long to wait for a server (default: 30)")
#define CHOICE_TODAY                                                   \
	CHOICE_ROW("--today", 0, CHOICE_TEXT, AT(today), "YYYY-MM-DD", \
		   "the date for the expiry of waivers (default: today)")
#define CHOICE_WAIVERS                                               \
	CHOICE_ROW("--waivers", 0, CHOICE_TEXT, AT(waivers), "FILE", \
		   "accepted findings, with owner and expiry date")

#endif
