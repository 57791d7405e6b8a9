/* SPDX-License-Identifier: ISC */
/* comparison - compares the kernel configs of the image and of a feed's build: which
 * structs differ between them. */
#ifndef KMODAUDIT_COMPARISON_H
#define KMODAUDIT_COMPARISON_H

#include "facts/compare/build_options.h"
#include "facts/compare/config_side.h"
#include "facts/compare/layout_rules.h"
#include "facts/kconfig/kconfig.h"

/* The rules with which configs are compared. */
struct layout_choice {
	/* for the image's series, else for the nearest one; NULL: none at all */
	const struct layout_rules *rules;
	/* RULES if they list symbols, else the nearest rules that do */
	const struct layout_rules *graded;
	/* RULES are for the image's own series, so they can also prove that
	 * a module fits */
	bool exact;
	/* options that change calls, constants or all structs; NULL: not read */
	const struct build_options *build;
	/* globs of options that change no code, such as "INITRAMFS_*" */
	const struct strings *ignored;
	const struct kconfig *kconfig; /* of this very series; NULL: none, or not read */
	const struct module_options *modules; /* which option builds which module; NULL: not read */
};

/* A bool that is on in the feed's config only, and a tristate that can have turned
 * it on (select). */
struct dragged {
	const char *option, *by;
};

struct draggeds {
	struct dragged *list;
	size_t count, room;
};

struct comparison {
	const struct config *image, *feed;
	struct config_difference difference; /* everything that differs */
	/* =y options and values that differ and are not ignored; none may differ
	 * for proof config-core */
	struct option_changes core;
	/* the options of CORE that can change a module through headers or compiler
	 * flags, or may */
	struct option_changes reaching;
	struct private_structs privates; /* structs in private headers of drivers that differ */
	/* structs that differ according to the rules, sorted by struct and option */
	struct struct_changes structs;
	/* options of CORE that change code but no type
	 * (rules/kernel/build-options.yaml) */
	struct strings unseen;
	/* =m options that differ and do not exist in the sources of the series */
	struct strings foreign;
	struct layout_choice layout;
	/* where the places of members were read: the BTF of the image's kernel;
	 * NULL: not known */
	const char *places;
	/* only what was asked for is known of the two kernels, not what Kconfig
	 * made of it */
	bool by_sets;
	/* BY_SETS: options that are not sure to differ, sorted; options that may differ
	 * because of another one, and that one */
	struct strings open;
	struct draggeds follows;
	/* NULL, or why a comparison of these configs shows nothing
	 * about the binaries */
	const char *unusable;
	/* an option that is =y in either config and randomises structs in each
	 * build; or NULL */
	const char *seed;
	const char *compiler; /* the compiler that both configs name; else NULL */
	/* the option by which they name different compilers; NULL: they do not */
	const char *other_compiler;
};

/* Compares the configs, which must outlive the result. */
struct comparison configs_compare(struct arena *arena, const struct config *image,
				  const struct config *feed, const struct layout_choice *layout);

/* Looks up the members of STRUCTS in the image's KERNEL, if that has BTF. */
void comparison_place(struct arena *arena, struct comparison *comparison,
		      const struct kernel *kernel);

struct draggeds comparison_dragged(struct arena *arena, const struct comparison *comparison);

#endif
