/* SPDX-License-Identifier: ISC */
/* state_taken - symbols that packages of the feeds take from modules of the image which others
 * replace. Private to checks/state/. */
#ifndef KMODAUDIT_STATE_TAKEN_H
#define KMODAUDIT_STATE_TAKEN_H

#include "checks/state/state_parts.h"

/* An export of a module of the image that a package replaces; SURE: certainly. */
struct taken {
	const struct export *export;
	bool sure;
};

/* An import of a module of a package. */
struct use {
	const struct module *module;
	const struct import *import;
};

/* The package USER loses what it uses, because the package TAKER has TAKEN it. */
struct robbed {
	size_t user, taker;
	const struct use *use;
	const struct taken *taken;
};

/* Records that package INDEX takes EXPORT from the image. */
void taken_note(struct states *states, size_t index, const struct export *export, bool sure);
/* Sets users and uses, after all was recorded. */
void taken_uses(struct states *states);
/* True if package INDEX takes from a package in STATE, or a package in STATE from it, a symbol
 * that nothing else in STATE gives. */
bool taken_from(const struct state *state, size_t index, struct robbed *ret);
/* True if a package in STATE exports what USER imports with IMPORT, and the kernel lets it use
 * that. */
bool state_exports(const struct state *state, const struct module *user,
		   const struct import *import);
const char *robbed_text(struct arena *arena, const struct world *world,
			const struct robbed *robbed);

#endif
