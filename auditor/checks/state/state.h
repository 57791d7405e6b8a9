/* SPDX-License-Identifier: ISC */
/* state - what would be on the device: the image with packages of the feeds added, and
 * without those that they replace. Only states decide what can be installed together,
 * both for the dependencies of one package and for the list `install`. */
#ifndef KMODAUDIT_STATE_H
#define KMODAUDIT_STATE_H

#include "checks/finding.h"

/* Data that all states of a world share. Constant after states_new, so threads
 * may share it. */
struct states;

struct states *states_new(struct arena *arena, const struct world *world);

/* By package of the world: false if no finding of state_check depends on whether the
 * package is in the state, so that it can be left out of the list. True for a package
 * that may clash with another one or replaces an installed one, and for one that the
 * check of these looks up by its name, or by a module or an export that it has. */
const bool *states_matter(struct arena *arena, const struct states *states);

/* Why a package cannot be in a state together with another one. */
enum clash_kind {
	CLASH_NAME, /* another version of the same package is in it */
	CLASH_FILE, /* both contain the file SUBJECT */
	CLASH_SYMBOL, /* both export the symbol SUBJECT */
	CLASH_INTERFACE, /* both have a file that provides the interface SUBJECT */
	CLASH_REGISTERED, /* both have a file that registers a module named SUBJECT */
	CLASH_MODULE, /* both have a module named SUBJECT, at different paths */
	CLASH_ALIAS, /* an alias in one hides the other's module SUBJECT from kmodloader */
	CLASH_CONFLICT, /* one names the other as a conflict: SUBJECT */
	CLASH_PROVIDES, /* apk: both have the name SUBJECT, at least one of them in a version */
};

struct clash {
	enum clash_kind kind;
	size_t with; /* index of the package in the world */
	const char *subject;
};

/* A state to which packages are added. Not for use by two threads at once;
 * state_begin empties it. STAMP avoids clearing the arrays: an element is valid if
 * it equals STAMP. */
struct state {
	const struct states *states;
	uint32_t stamp;
	uint32_t *in; /* by package of the world: STAMP if it is in the state */
	/* by shared thing: the package that has it; valid if HELD is STAMP */
	uint32_t *holder, *held;
	uint32_t *named, *name_stamp; /* by number of a package name, likewise */
	const struct module **module; /* by shared thing: the module of HOLDER */
	uint32_t *list; /* the packages in the state, in the order in which they were added */
	size_t count;
};

struct state state_new(struct arena *arena, const struct states *states);
/* Empties the state: only the image is in it. */
void state_begin(struct state *state);
/* True if package INDEX clashes with the state. RET is the first reason. */
bool state_clashes(const struct state *state, size_t index, struct clash *ret);
/* Adds package INDEX, even if it clashes. */
void state_put(struct state *state, size_t index);
bool state_has(const struct state *state, size_t index);
/* Adds all packages in LIST, or none of them and returns false if they clash with the
 * state: WITH is the package that is in the way, TEXT one sentence. */
bool state_admit(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 size_t *with, const char **text);
/* One sentence about CLASH of package INDEX. */
const char *clash_text(struct arena *arena, const struct world *world, size_t index,
		       const struct clash *clash);

/* Adds findings about everything that is wrong in the state with LIST, the packages
 * that are installed together, the requested one first. */
void state_check(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 struct findings *findings);

/* True if A replaces B: opkg by a name that B has or provides, in any version
 * (libopkg/pkg_depends.c, pkg_replaces), apk by its name and version (src/package.c,
 * apk_pkg_replaces_file). */
bool package_replaces(const struct package *a, const struct package *b);
/* True if installing PACKAGE removes ROW, which is installed: it is another version of
 * it, or, for opkg and dpkg, replaces it and conflicts with it
 * (libopkg/opkg_install.c, pkg_remove_installed_replacees), or, for apk, has a name in
 * common with it (provided_twice). */
bool package_removes(const struct package *package, const struct package *row);
/* A name that A provides and that B has, or provides as well; NULL if there is none. apk
 * installs both only if both provide it without a version (src/solver.c, assign_name). */
const char *provided_name(const struct package *a, const struct package *b);
/* The same in either direction, if A is a package of apk. */
const char *provided_twice(const struct package *a, const struct package *b);
/* True if AGAINST, a conflict of PACKAGE, keeps it from being installed beside
 * OTHER. For opkg it is the name of a package, and no conflict if PACKAGE also
 * replaces OTHER (libopkg/pkg_depends.c, pkg_hash_fetch_conflicts); for apk it may
 * be a provided name. */
bool conflict_concerns(const struct package *package, const struct dependency *against,
		       const struct package *other);
/* True if two packages may contain the same file: one replaces the other, or both have
 * the same apk origin. */
bool files_permitted(const struct package *a, const struct package *b);

#endif
