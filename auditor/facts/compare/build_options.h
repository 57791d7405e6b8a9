/* SPDX-License-Identifier: ISC */
/* build_options - kernel options that change what machine code relies on without
 * changing a symbol's type (rules/kernel/build-options.yaml). The table applies to all
 * series, including patched kernels. */
#ifndef KMODAUDIT_BUILD_OPTIONS_H
#define KMODAUDIT_BUILD_OPTIONS_H

#include "base/error.h"
#include "facts/config/config.h"

enum option_kind {
	OPTION_SEED, /* each build uses its own random numbers, so two builds never match */
	OPTION_FLAGS, /* compiler flags of all files */
	OPTION_CONSTANT, /* a number that is compiled into all code that uses it */
	OPTION_INLINE, /* inline code in headers */
	OPTION_MACHINE, /* instruction set, byte order, word size */
	OPTION_RECORD, /* struct module, and tables that the kernel reads from a module */
	OPTION_KIND_COUNT,
};

extern const char *const option_kind_name[OPTION_KIND_COUNT]; /* "seed", ... */

struct build_option {
	struct strings names, except; /* globs without the prefix CONFIG_ */
	enum option_kind kind;
	const char *why; /* one clause */
};

struct build_options {
	struct build_option *list;
	size_t count, room;
};

/* Parses the table. Errors begin with NAME. */
bool build_options_read(struct arena *arena, const char *name, struct span text,
			struct build_options *ret, struct error *error);
/* The entry for OPTION (with or without CONFIG_); NULL if the table does not list it or
 * OPTIONS is NULL. */
const struct build_option *build_option_find(const struct build_options *options,
					     const char *option);
/* The name of an option of kind seed that is =y in CONFIG, or NULL. With such an option
 * only modules of exactly the same build fit. */
const char *build_options_seed(const struct build_options *options, const struct config *config);

#endif
