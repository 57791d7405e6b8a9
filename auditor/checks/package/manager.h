/* SPDX-License-Identifier: ISC */
/* manager - simulates what opkg and apk do when asked to install a package.
 * Private to checks/. */
#ifndef KMODAUDIT_MANAGER_H
#define KMODAUDIT_MANAGER_H

#include "checks/state/state_parts.h"
#include "facts/package/apk.h"

enum answer {
	ANSWER_ACCEPTS,
	/* succeeds without doing anything, because a version of the
	 * package is installed */
	ANSWER_KEEPS,
	ANSWER_REPLACES, /* installs it, and replaces or removes other installed packages */
	ANSWER_REFUSES,
	ANSWER_BREAKS, /* apk: records the package, omits one of its files and ends with an error */
	ANSWER_UNKNOWN, /* the simulation does not cover this case */
};

struct answering {
	enum answer answer;
	/* with REFUSES: because of the version of the package kernel, before any other
	 * reason; with REPLACES: the package that is replaced is kernel */
	bool kernel;
	/* with KERNEL: vet does not change the dependency that is not satisfied, because it is
	 * not on one exact version, or has alternatives */
	bool unvetted;
	const char *text; /* one clause with the reason; NULL with ACCEPTS */
	/* names of packages that would be installed as well and have no file, only a
	 * row in an index; or NULL */
	const char *absent;
};

/* The number of packages installed with another one that are simulated. */
enum { COMPANY_MOST = 512 };

/* The state of one simulation. */
struct playing {
	struct arena *arena;
	const struct states *states;
	const struct package *package; /* the requested package, as a file */
	/* members of the world that are installed, in this order */
	uint32_t list[COMPANY_MOST];
	size_t count;
	struct strings gone; /* names of installed packages that are removed */
	/* apk: what etc/apk/world asks for, and its lines that begin with "!" */
	struct formulas asks, against;
	/* the version of the package kernel that replaces the installed one, or NULL */
	const char *kernel;
	struct answering ret;
};

/* manager_pkg.c: adds the finding about FreeBSD's pkg, which has no simulation: it
 * compares two values of the package with the system. */
void check_manager_pkg(struct arena *arena, const struct states *states,
		       const struct package *package, bool fits, struct findings *findings);

/* manager_opkg.c: what opkg does with PACKAGE. */
struct answering opkg_answers(struct arena *arena, const struct states *states,
			      const struct package *package);
/* manager_apk.c: the same for apk. */
struct answering apk_answers(struct arena *arena, const struct states *states,
			     const struct package *package);

/* manager.c: what the package manager of PACKAGE does if only packages with files are
 * available. */
struct answering manager_answers(struct arena *arena, const struct states *states,
				 const struct package *package);
/* The newer version in the feeds that is chosen instead of PACKAGE when its name is
 * requested; NULL if there is none. LACKS: that version is then refused. */
const struct package *manager_named(const struct states *states, const struct package *package,
				    bool *lacks);
/* What it does if every row of an index has its file. False if no file is missing, or
 * if the answer is still OWN. */
bool manager_answers_listed(struct arena *arena, const struct states *states,
			    const struct package *package, enum answer own, struct answering *ret);

/* manager_apk_world.c: reads etc/apk/world. False, with the answer set, if apk ends there. */
bool apk_world_read(struct playing *playing);
/* The line of world that PACKAGE would break; NULL if there is none. */
const struct formula *apk_world_bars(const struct playing *playing, const struct package *package);
/* Checks what was selected and what stays. WANTED: by installed package, whether something
 * in world needs it. False, with the answer set, if apk ends there. */
bool apk_world_allows(struct playing *playing, const bool *wanted);
/* manager_apk.c: marks the installed packages that world needs, directly or not. WANTED is by
 * number of the installed package. */
void apk_wanted_mark(struct playing *playing, bool *wanted);
/* manager_apk_clash.c: an installed package that has a name in common with PACKAGE
 * (provided_twice) and that apk cannot remove; PACKAGE if it provides its own name; or NULL. A row
 * that provides the name of PACKAGE is none: then apk does nothing when asked for it. */
const struct package *apk_row_in_way(struct arena *arena, const struct states *states,
				     const struct package *package);
/* The same for conflicts and versioned names, and files. */
bool apk_excludes(struct playing *playing, const bool *wanted);
bool apk_files(struct playing *playing);
/* Why A and B cannot be installed together, as words between their names; NULL
 * if they can. */
const char *apk_exclusion(const struct package *a, const struct package *b);
/* True if OTHER is not selected although its install_if is satisfied: selected packages
 * exclude it, and apk continues without it. */
bool apk_passes_over(const struct playing *playing, const struct package *other);
/* manager_apk_choice.c: the package of the feeds that is selected for NEED; and the one
 * that replaces the installed ROW. */
const struct package *apk_candidate(const struct playing *playing, const struct dependency *need);
const struct package *apk_successor(const struct playing *playing, const struct package *row);

/* manager.c, for both simulations. Sets the answer and its text, and returns false. */
bool play_end(struct playing *playing, enum answer answer, const char *text);
bool play_has(const struct playing *playing, uint32_t index);
/* Adds a member of the world. False, with the answer set, if there are too many. */
bool play_add(struct playing *playing, uint32_t index);
/* True if NEW is preferred to OLD for NAME; both satisfy the dependency. */
typedef bool play_better(const struct package *old, const struct package *new, const char *name);
/* True if PACKAGE can be chosen; LACKS: one of its dependencies is not satisfied. */
typedef bool play_fits(const struct playing *playing, const struct package *package, bool lacks);
/* The package of the feeds that is chosen for NEED among those that FIT (NULL: all);
 * NULL if there is none. */
const struct package *play_candidate(const struct playing *playing, const struct dependency *need,
				     play_fits *fits, play_better *better);
/* Refuses, because NEED was chosen and one of its own dependencies is not satisfied. */
bool play_need_lacks(struct playing *playing, const struct package *need);
/* True if the installed package ROW is replaced. */
bool play_exchanges(const struct playing *playing, const struct package *row);
/* Refuses because opkg crashes when it reads the control file of PACKAGE. */
void play_crash(struct playing *playing, const struct package *package);
/* Refuses with the reason why the package manager ignores PACKAGE. */
void play_lack(struct playing *playing, const struct package *package);
const struct package *play_member(const struct playing *playing, size_t at);
/* True if a package in the list satisfies NEED. */
bool play_meets(const struct playing *playing, const struct dependency *need);
/* Names of packages in the list that have no file; NULL if all have one. */
const char *play_absent(const struct playing *playing);
/* The installed package NAME, or NULL. */
const struct package *installed_row(const struct states *states, const char *name);
/* An installed package that provides the name of PACKAGE, if none has that
 * name; or NULL. */
const struct package *installed_provider(const struct states *states,
					 const struct package *package);
bool names_package(const struct formulas *formulas, const char *name);

#endif
