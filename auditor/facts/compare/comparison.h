/* SPDX-License-Identifier: ISC */
/* comparison - compares the kernel configs of the image and of a feed's build: which structs
 * differ between them. */
#ifndef KMODAUDIT_COMPARISON_H
#define KMODAUDIT_COMPARISON_H

#include "facts/compare/build_options.h"
#include "facts/compare/config_side.h"
#include "facts/compare/layout_rules.h"

/* Which rules to compare by. */
struct layout_choice {
	/* of the image's series, else of the nearest; NULL: none at all */
	const struct layout_rules *rules;
	/* those that tell of symbols: rules, else the nearest such */
	const struct layout_rules *graded;
	bool exact; /* rules are of the image's own series, so they may clear a module too */
	/* options that change calls, constants or every struct; NULL: not read */
	const struct build_options *build;
	const struct strings *ignored; /* globs of options that change no code: "INITRAMFS_*" */
	const struct module_options *modules; /* which option builds which module; NULL: not read */
};

struct comparison {
	const struct config *image, *feed;
	struct config_difference difference; /* all of it */
	/* =y options and values that differ and are not ignored: none for config-core */
	struct option_changes core;
	struct option_changes
		/* of CORE, those that can reach a module through headers or compiler flags, or
		 * may */
		reaching;
	struct private_structs privates; /* that differ, of headers beside the sources */
	struct struct_changes structs; /* that differ, by the rules; sorted by struct, option */
	/* of CORE, options that change code, but no type (rules/kernel/build-options.yaml) */
	struct strings unseen;
	/* =m options that differ, of which the series' own sources have none */
	struct strings foreign;
	struct layout_choice layout;
	const char *unusable; /* NULL, or why these configs say nothing about the binaries */
	/* an option that is =y in either config and shuffles structs for each build; or NULL */
	const char *seed;
	const char *compiler; /* both name the same one: its name; else NULL */
	const char *other_compiler; /* the option by which they name two; NULL: they do not */
};

/* The two must outlive RET. */
struct comparison configs_compare(struct arena *arena, const struct config *image,
				  const struct config *feed, const struct layout_choice *layout);

/* A bool that is on in the feed's config only, and a tristate of it that can have turned it on. */
struct dragged {
	const char *option, *by;
};

struct draggeds {
	struct dragged *list;
	size_t count, room;
};

struct draggeds comparison_dragged(struct arena *arena, const struct comparison *comparison);

#endif
