/* SPDX-License-Identifier: ISC */
/* state - the state after: the image with packages of the feeds put in, and without what they
 * take the place of. What is there together is judged here, and only here: for what one package
 * needs, and for the order of `install`. */
#ifndef KMODAUDIT_STATE_H
#define KMODAUDIT_STATE_H

#include "checks/finding.h"

/* What all states of one world have in common. Const once made, for any thread. */
struct states;

struct states *states_new(struct arena *arena, const struct world *world);

/* Why a package cannot be put beside another. */
enum clash_kind {
	CLASH_NAME, /* another version of the same package is there */
	CLASH_FILE, /* both ship the file SUBJECT */
	CLASH_SYMBOL, /* both export SUBJECT */
	CLASH_MODULE, /* both have a module of the name SUBJECT, in different places */
	CLASH_CONFLICT, /* one names the other in its conflicts: SUBJECT */
};

struct clash {
	enum clash_kind kind;
	size_t with; /* index of the package in the world */
	const char *subject;
};

/* One state while packages are put into it. For one thread; begin it again for the next one. */
struct state {
	const struct states *states;
	uint32_t stamp;
	uint32_t *in; /* by package of the world: STAMP when it is in */
	uint32_t *holder, *held; /* by shared thing: who has it; valid when HELD is STAMP */
	uint32_t *named, *name_stamp; /* by number of the name: likewise */
	const struct module **module; /* by shared thing: of the holder */
	uint32_t *list; /* what is in, in the order in which it was put */
	size_t count;
};

struct state state_new(struct arena *arena, const struct states *states);
/* Only the image is there. */
void state_begin(struct state *state);
/* Package INDEX cannot be put in: RET is the first reason. */
bool state_clashes(const struct state *state, size_t index, struct clash *ret);
/* Puts it in, whatever it clashes with. */
void state_put(struct state *state, size_t index);
bool state_has(const struct state *state, size_t index);
/* Puts LIST in, all or none of it. False when it cannot be there beside what is in: WITH is the
 * package that stands against it, TEXT one sentence. */
bool state_admit(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 size_t *with, const char **text);
/* One sentence on CLASH of package INDEX. */
const char *clash_text(struct arena *arena, const struct world *world, size_t index,
		       const struct clash *clash);

/* Says in FINDINGS what speaks against the state with LIST, the packages that are put in
 * together, what was asked for first. */
void state_check(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 struct findings *findings);

/* A names B in its Replaces: opkg by a name that B has or provides, in any version
 * (libopkg/pkg_depends.c, pkg_replaces), apk by its name and version (src/package.c,
 * apk_pkg_replaces_file). */
bool package_replaces(const struct package *a, const struct package *b);
/* Two packages may ship one file: one of them replaces the other, or both are of one origin of
 * apk. */
bool files_permitted(const struct package *a, const struct package *b);

#endif
