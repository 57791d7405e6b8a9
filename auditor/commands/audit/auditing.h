/* SPDX-License-Identifier: ISC */
/* auditing - judges one image with its feeds, for audit, explain and vet: from the
 * command line to the verdicts. */
#ifndef KMODAUDIT_AUDITING_H
#define KMODAUDIT_AUDITING_H

#include "commands/gate/pair.h"
#include "commands/mistake/apart.h"
#include "commands/confine/entry_file.h"
#include "commands/progress.h"
#include "commands/reports.h"

struct audit {
	const char *image_manifest, *image_config, *image_symvers;
	const char *cache; /* the folder of --cache */
	const char *output, *rules, *policy, *waivers, *baseline, *today;
	unsigned format, color, jobs, part, max_memory, tries;
	bool exit_zero, quiet, verbose, no_sandbox;
	bool writes; /* the command writes files itself: files are not confined */
	struct progress progress;

	const char *command; /* the command's name, for suggested command lines */
	const char *image_path;
	struct strings key_paths, provider_paths, abi_dirs, report_names, only;
	struct feeds_wanted wanted;
	struct reports reports;
	struct image image;
	struct map image_modules; /* the names of the image's modules */
	struct feeds feeds;
	struct fact_cache fact_cache; /* of earlier runs */
	struct {
		struct rules rules;
		struct waivers waivers;
		struct baseline *baseline;
	} loaded; /* from the files of the options with these names */
	struct feed_side side;
	struct abi_identifier *identifier; /* of the lines behind abi hashes */
};

/* The options of these commands, in the order of --help; AT(member) is the offset of a
 * member of struct audit. */
#define AUDIT_INPUTS                                                                               \
	CHOICE_ROW("--image-manifest", 0, CHOICE_TEXT, AT(image_manifest), "FILE",                 \
		   "the .manifest published with the image"),                                      \
		CHOICE_ROW("--image-config", 0, CHOICE_TEXT, AT(image_config), "FILE",             \
			   "kernel config of the image"),                                          \
		CHOICE_ROW("--image-symvers", 0, CHOICE_TEXT, AT(image_symvers), "FILE",           \
			   "Module.symvers or System.map of the image"),                           \
		CHOICE_ROW("--image-part", 0, CHOICE_NUMBER, AT(part), "N",                        \
			   "use the N-th of several kernels or root file systems"),                \
		CHOICE_ROW("--feed-config", 0, CHOICE_TEXT, AT(side.config_path), "FILE",          \
			   "kernel config that the feed was built with"),                          \
		CHOICE_ROW("--feed-symvers", 0, CHOICE_TEXT, AT(side.symvers_path), "FILE",        \
			   "Module.symvers of the feed"),                                          \
		CHOICE_ROW("--feeds-from", 0, CHOICE_LIST, AT(wanted.lists), "FILE",               \
			   "feeds listed in a distfeeds.conf or an apk list"),                     \
		CHOICE_ROW("--feeds-from-image", 0, CHOICE_FLAG, AT(wanted.from_image), NULL,      \
			   "feeds listed in the image itself"),                                    \
		CHOICE_OFFLINE,                                                                    \
		CHOICE_ROW(                                                                        \
			"--allow-host", 0, CHOICE_LIST, AT(wanted.hosts), "GLOB",                  \
			"host from which feeds of --feeds-from-image may be fetched; repeatable"), \
		CHOICE_NO_FOLLOW, CHOICE_CACHE, CHOICE_TIMEOUT
#define AUDIT_TRUST                                                                   \
	CHOICE_ROW("--key", 0, CHOICE_LIST, AT(key_paths), "FILE|DIR",                \
		   "public key that signed a feed; repeatable"),                      \
		CHOICE_ABI, CHOICE_SEARCH,                                            \
		CHOICE_ROW("--providers", 0, CHOICE_LIST, AT(provider_paths), "FILE", \
			   "statements of which builds are supported; repeatable"),   \
		CHOICE_NO_SANDBOX

/* Sets image and feeds from OPERANDS, IMAGE FEED...; STATUS_NO_ANSWER: one is missing,
 * and the user was told. */
enum status audit_operands(const struct command *command, struct arena *arena, struct audit *audit,
			   const struct strings *operands);
/* The files that this run reads; feeds that the image lists are URLs. A report over the
 * baseline would make the next run accept everything that this one finds. */
struct run_inputs audit_inputs(struct arena *arena, const struct audit *audit);
/* Confines the process (confine.h), reads all files and judges. STATUS_SAFE: RET is
 * set; otherwise the user was told the reason. Everything that RET refers to is in
 * ARENA or AUDIT. */
enum status audit_reach(struct arena *arena, struct audit *audit, struct verdicts *ret);
/* The input of pair_judge() for AUDIT: all packages, no waivers and no baseline. */
struct pair audit_pair(struct arena *arena, const struct audit *audit);
/* True if every pattern of --only matches a package. Otherwise the user is told which
 * does not, and no report must be written: a pattern without a match is no answer. */
bool only_fits(struct arena *arena, const struct audit *audit, const struct verdicts *verdicts);

#endif
