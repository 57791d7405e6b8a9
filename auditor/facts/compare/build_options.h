/* SPDX-License-Identifier: ISC */
/* build_options - kernel options that change what machine code relies on without changing a
 * symbol's type: rules/kernel/build-options.yaml. It holds for every series and for patched
 * kernels. */
#ifndef KMODAUDIT_BUILD_OPTIONS_H
#define KMODAUDIT_BUILD_OPTIONS_H

#include "base/error.h"
#include "facts/config/config.h"

enum option_kind {
	OPTION_SEED, /* each build draws its own numbers: two builds never agree */
	OPTION_FLAGS, /* compiler flags of every file */
	OPTION_CONSTANT, /* a number that is compiled into every user */
	OPTION_INLINE, /* inline code of headers */
	OPTION_MACHINE, /* instruction set, byte order, size of words */
	OPTION_RECORD, /* struct module, and tables that the kernel reads out of a module */
	OPTION_KIND_COUNT,
};

extern const char *const option_kind_name[OPTION_KIND_COUNT]; /* "seed", ... */

struct build_option {
	struct strings names, except; /* globs without CONFIG_ */
	enum option_kind kind;
	const char *why; /* one clause */
};

struct build_options {
	struct build_option *list;
	size_t count, room;
};

/* NAME starts the error. */
bool build_options_read(struct arena *arena, const char *name, struct span text,
			struct build_options *ret, struct error *error);
/* What OPTION (with or without CONFIG_) is; NULL: the table does not list it, or OPTIONS is
 * NULL. */
const struct build_option *build_option_find(const struct build_options *options,
					     const char *option);
/* The name of an option of kind seed that is =y in CONFIG, or NULL: with one, only the very
 * same build agrees. */
const char *build_options_seed(const struct build_options *options, const struct config *config);

#endif
