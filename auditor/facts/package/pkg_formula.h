/* SPDX-License-Identifier: ISC */
/* pkg_formula - the dep_formula of a FreeBSD manifest: dependencies with versions,
 * options and alternatives. */
#ifndef KMODAUDIT_PKG_FORMULA_H
#define KMODAUDIT_PKG_FORMULA_H

#include "base/array.h"

struct pkg_condition {
	const char *relation; /* "=", "!=", "<", "<=", ">", ">=" */
	const char *version;
};

struct pkg_conditions {
	struct pkg_condition *list;
	size_t count, room;
};

/* A package whose version fulfils all conditions. */
struct pkg_choice {
	const char *name;
	struct pkg_conditions conditions;
	bool options; /* it also names options with which the package must be built */
};

/* Any of the choices will do. */
struct pkg_formula {
	struct pkg_choice *list;
	size_t count, room;
	const char *text; /* as written */
};

struct pkg_formulas {
	struct pkg_formula *list;
	size_t count, room;
};

/* Reads "a >= 1.0 < 2 +OPTION | b, c". False for a text that pkg cannot parse. */
bool pkg_formulas_read(struct arena *arena, const char *text, struct pkg_formulas *ret);
/* True if VERSION fulfils the conditions of CHOICE. */
bool pkg_choice_takes(const struct pkg_choice *choice, const char *version);

#endif
