/* SPDX-License-Identifier: ISC */
/* state_parts - the members of states. Private to checks/. */
#ifndef KMODAUDIT_STATE_PARTS_H
#define KMODAUDIT_STATE_PARTS_H

#include "checks/checks.h"
#include "checks/state/state.h"
#include "facts/world/chains.h"
#include "facts/world/world_shared.h"

/* Why the loader does not let a module use an export. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_CRC, /* the module was built with another CRC */
	/* it is exported to GPL-compatible modules only, and the module
	 * is not GPL-compatible */
	REFUSAL_GPL,
	REFUSAL_NAMESPACE, /* it is in a namespace that the module does not import */
};

/* Whether a module of the image is no longer loaded because of one in a package. */
enum override { OVERRIDE_NONE, OVERRIDE_MAYBE, OVERRIDE_SURE };

/* Something that a module that stays loses because another module of the
 * image is replaced. */
struct lost {
	const struct module *user, *from; /* modules of the image: USER loses what FROM provided */
	/* NULL: depends= of USER names FROM, and no module with that name remains */
	const struct import *import;
	/* the new package's export of the same symbol; NULL: it has none */
	const struct export *now;
	enum refusal refusal; /* why the loader does not let USER use NOW */
	bool sure; /* FROM is certainly replaced */
};

struct losses {
	struct lost *list;
	size_t count, room;
};

struct numbers {
	uint32_t *list;
	size_t count, room;
};

#define LACKS_SENSE (UINT32_MAX - 2) /* opkg crashes when it reads its control file */
#define LACKS_FILE (UINT32_MAX - 1) /* its file cannot be read */
#define LACKS_ARCHITECTURE UINT32_MAX

struct takes {
	const struct taken **list;
	size_t count, room;
};

struct uses {
	const struct use **list;
	size_t count, room;
};

struct states {
	const struct world *world;
	struct arena *arena;
	const struct packages *installed; /* from the database, else from the manifest */
	struct shareds shared;
	struct map names; /* names of packages -> numbers */
	struct map rows; /* names of installed packages -> their numbers */
	/* name -> conflicts of feed packages with it; who: index in the world */
	struct chains conflicts;
	/* name -> formulas of feed packages that require a version of it; who: index
	 * in the world */
	struct chains askers;
	/* name -> formulas of installed packages that require a version of it;
	 * who: its number */
	struct chains dependents;
	struct numbers triggers; /* feed packages with install_if */
	/* opkg: name -> a package that both replaces and conflicts with it, and so is taken in its
	 * place (libopkg/pkg_depends.c, parse_replacelist) */
	struct chains replacers;
	/* by package of the world, why the package manager ignores it: 0: it does
	 * not; else the number, from 1, of its unsatisfied dependency, or
	 * LACKS_SENSE, LACKS_FILE or LACKS_ARCHITECTURE */
	uint32_t *lacks;
	/* a package whose row in an index makes opkg crash, or NULL */
	const struct package *crash;
	/* by package of the world: the installed package that it replaces, or NULL */
	const struct package **replaced;
	/* the states if every row of an index had its file (feeds_listed); NULL:
	 * they all have */
	const struct states *listed;
	/* by package of the world: what modules that stay lose by installing it */
	struct losses *losses;
	/* symbol -> who takes it from the image (what: struct taken), and who uses it
	 * (what: struct use) */
	struct chains takers, users;
	/* by package of the world: what it takes, and its uses of what others take */
	struct takes *takes;
	struct uses *uses;
};

/* The number of links of one chain that are followed. Hostile chains may be long; real
 * names have few links. */
enum { NAMINGS_MOST = 1024, LOSSES_MOST = 64, CONDITIONS_MOST = 64 };

/* state_replace.c: sets replaced and losses. */
void states_replace(struct states *states);
/* Whether a module of PACKAGE is loaded in place of MODULE of the image: it is at the
 * same path, or has the same name and the module loader finds it first. */
enum override module_overridden(const struct image *image, const struct package *package,
				const struct module *module);
/* Why the image's kernel does not let USER, which imports IMPORT, use EXPORT (Linux
 * kernel/module/main.c, resolve_symbol). */
enum refusal export_refuses(const struct world *world, const struct module *user,
			    const struct import *import, const struct export *export);
/* state_resolve.c: sets lacks. */
void states_resolve(struct states *states);
/* Members of the world: a package and all that it needs, as the world chooses it. */
enum { ASKED_MOST = 64 };
struct asked {
	uint32_t list[ASKED_MOST];
	size_t count;
};
struct asked asked_collect(const struct world *world, const struct package *package);
/* True if the package manager may choose OTHER for NEED, provided that the dependencies
 * of OTHER are satisfied. WANTED: what is to be installed, with all it needs; or NULL. */
bool manager_may_choose(const struct world *world, const struct package *other,
			const struct dependency *need, const struct package *wanted);
/* state.c: the other package that opkg takes in place of PACKAGE, or NULL. */
const struct package *replacer_of(const struct states *states, const struct package *package);
/* True if an installed package that nothing replaces, or the image's kernel, satisfies
 * FORMULA. */
bool states_have(const struct states *states, const struct formula *formula);
/* The package NAME in STATE, or NULL. */
const struct package *state_named(const struct state *state, const char *name);
/* state_provides.c: true if a package in STATE and package INDEX have a name in common that apk
 * gives to one package only. */
bool provides_clash(const struct state *state, size_t index, struct clash *ret);
/* True if a package, of the feeds or installed, has such a name in common with package INDEX. */
bool provides_matter(const struct states *states, size_t index);
/* state_admit.c: true if FORMULA is satisfied in STATE: by a package in it, or by an installed
 * one that stays. */
bool formula_met(const struct state *state, const struct formula *formula);
/* True if package INDEX replaces another installed version of it. */
bool is_exchange(const struct states *states, size_t index);
/* The package NAME in STATE if it replaces another version; MAP_NONE if
 * there is none. */
uint32_t exchange_of(const struct state *state, const char *name);

#endif
