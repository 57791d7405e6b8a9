/* SPDX-License-Identifier: ISC */
/* state_parts - what states are made of. Private to state*.c. */
#ifndef KMODAUDIT_STATE_PARTS_H
#define KMODAUDIT_STATE_PARTS_H

#include "checks/checks.h"
#include "checks/state/state.h"
#include "facts/world/chains.h"
#include "facts/world/world_shared.h"

/* Why the loader does not give an export to a module. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_CRC, /* the module was built with another CRC */
	REFUSAL_GPL, /* it is exported to GPL-compatible modules only, and the module is none */
	REFUSAL_NAMESPACE, /* it is in a namespace that the module does not import */
};

/* A module that stays does not get what it had from one that is replaced. */
struct lost {
	const struct module *user, *from; /* of the image */
	/* NULL: USER names FROM in depends=, and no module of that name is left */
	const struct import *import;
	/* of the package that takes the place; NULL: it does not export it */
	const struct export *now;
	enum refusal refusal; /* of NOW */
};

struct losses {
	struct lost *list;
	size_t count, room;
};

struct numbers {
	uint32_t *list;
	size_t count, room;
};

#define LACKS_FILE (UINT32_MAX - 1) /* cannot be read */
#define LACKS_ARCHITECTURE UINT32_MAX

struct states {
	const struct world *world;
	struct arena *arena;
	const struct packages *installed; /* of the database, else of the manifest */
	struct shareds shared;
	struct map names; /* of packages -> numbers */
	struct map rows; /* names of installed packages -> their numbers */
	/* name -> dependencies of packages of the feeds; who: index in the world */
	struct chains conflicts;
	struct chains
		/* name -> formulas of packages of the feeds that ask for a version; who: index
		 * in the world */
		askers;
	struct chains
		/* name -> formulas of installed packages that ask for a version; who: number
		 * among them */
		dependents;
	struct numbers triggers; /* packages of the feeds with install_if */
	/* by package of the world: 0: the manager takes it into account; else its dependency
	 * that is not met, from 1, or one of LACKS_FILE and LACKS_ARCHITECTURE */
	uint32_t *lacks;
	/* by package of the world: the installed package that it replaces, or NULL */
	const struct package **replaced;
	/* the same when every row of an index had its file (feeds_listed); NULL: they all have */
	const struct states *listed;
	struct losses *losses; /* by package of the world: what modules that stay lose by it */
};

/* Of hostile chains no more links are looked at; real names are named by a few. */
enum { NAMINGS_MOST = 1024, LOSSES_MOST = 64, CONDITIONS_MOST = 64 };

/* state_replace.c: fills replaced and losses. */
void states_replace(struct states *states);
/* state_resolve.c: fills lacks. */
void states_resolve(struct states *states);
/* OTHER of the feeds may be chosen for NEED, if nothing is wrong with what it needs itself. */
bool manager_may_choose(const struct world *world, const struct package *other,
			const struct dependency *need);
/* What the image's kernel has against USER, which imports IMPORT, getting EXPORT: Linux
 * kernel/module/main.c, resolve_symbol. */
enum refusal export_refuses(const struct world *world, const struct module *user,
			    const struct import *import, const struct export *export);
/* state.c: the package of that name which is in STATE, or NULL. */
const struct package *state_named(const struct state *state, const char *name);
/* FORMULA is met in STATE: by what is in it, or by what is installed and stays. */
bool formula_met(const struct state *state, const struct formula *formula);
/* Package INDEX takes the place of another version of it in the image. */
bool is_exchange(const struct state *state, size_t index);
/* The one in STATE that is called NAME, when it takes the place of another version; MAP_NONE:
 * there is none. */
uint32_t exchange_of(const struct state *state, const char *name);

#endif
