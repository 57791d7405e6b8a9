/* SPDX-License-Identifier: ISC */
/* manager - what opkg and apk do when they are asked for a package: their own rules, played
 * through. Private to checks/. */
#ifndef KMODAUDIT_MANAGER_H
#define KMODAUDIT_MANAGER_H

#include "checks/state/state_parts.h"
#include "facts/package/apk.h"

enum answer {
	ANSWER_ACCEPTS,
	ANSWER_KEEPS, /* ends with success and does nothing: a version of it is there */
	ANSWER_REPLACES, /* takes it, and exchanges or removes others that are installed */
	ANSWER_REFUSES,
	ANSWER_BREAKS, /* apk: records it, leaves a file of it out and ends with an error */
	ANSWER_UNKNOWN, /* more is needed than is played through */
};

struct answering {
	enum answer answer;
	/* REFUSES for the version of the kernel's package, first of all; REPLACES: that
	 * package */
	bool kernel;
	const char *text; /* why, one clause; NULL with ACCEPTS */
	/* names of what would come along and has no file, only a row of an index; NULL:
	 * nothing */
	const char *absent;
};

/* More packages than this that come along are not played through. */
enum { COMPANY_MOST = 512 };

/* What is played through for one package. */
struct playing {
	struct arena *arena;
	const struct states *states;
	const struct package *package; /* what was asked for, as a file */
	/* what comes along, in the order in which it is installed; members of the world */
	uint32_t list[COMPANY_MOST];
	size_t count;
	struct strings gone; /* names of installed packages that go */
	/* the version of the kernel's package that takes the place of the installed one, or
	 * NULL */
	const char *kernel;
	struct answering ret;
};

struct answering opkg_answers(struct arena *arena, const struct states *states,
			      const struct package *package);
struct answering apk_answers(struct arena *arena, const struct states *states,
			     const struct package *package);
/* What the manager of PACKAGE does when only the files count that are there. */
struct answering manager_answers(struct arena *arena, const struct states *states,
				 const struct package *package);
/* The newer version in the feeds that is chosen instead of PACKAGE when its name is asked for;
 * NULL: there is none. LACKS: that version is then refused. */
const struct package *manager_named(const struct states *states, const struct package *package,
				    bool *lacks);
/* What it does when every row of an index has its file. False when none lacks it, or when the
 * answer is still OWN. */
bool manager_answers_listed(struct arena *arena, const struct states *states,
			    const struct package *package, enum answer own, struct answering *ret);

/* manager_apk_clash.c: conflicts and versioned names, files; ASKS: what etc/apk/world has;
 * WANTED: by installed package. False, and says so, where apk ends there. */
bool apk_excludes(struct playing *playing, const struct formulas *asks, const bool *wanted);
bool apk_files(struct playing *playing);
/* What keeps A and B from being there together, as words between their names; NULL: nothing. */
const char *apk_exclusion(const struct package *a, const struct package *b);
/* manager_apk_choice.c: the package of the feeds that is selected for NEED; the one that takes
 * the place of the installed ROW. */
const struct package *apk_candidate(const struct playing *playing, const struct dependency *need);
const struct package *apk_successor(const struct playing *playing, const struct package *row);
/* OTHER, whose install_if is met, is not selected: what is there rules it out before its turn
 * comes, and apk goes on without it. */
bool apk_passes_over(const struct playing *playing, const struct package *other);

/* manager.c, for both. RET becomes ANSWER with TEXT; false, for who ends there. */
bool play_end(struct playing *playing, enum answer answer, const char *text);
bool play_has(const struct playing *playing, uint32_t index);
/* False, and says so, when there is no more room. */
bool play_add(struct playing *playing, uint32_t index);
/* NEW is chosen for NAME rather than OLD; both would do. */
typedef bool play_better(const struct package *old, const struct package *new, const char *name);
/* PACKAGE takes part in the choice; LACKS: something that it needs is not there. */
typedef bool play_fits(const struct playing *playing, const struct package *package, bool lacks);
/* The package of the feeds that is chosen for NEED, among those that FIT (NULL: all); NULL:
 * none would do. */
const struct package *play_candidate(const struct playing *playing, const struct dependency *need,
				     play_fits *fits, play_better *better);
/* NEED was chosen, and lacks something itself: says so, and the answer is REFUSES. */
bool play_need_lacks(struct playing *playing, const struct package *need);
/* The installed package ROW is exchanged for one that comes along. */
bool play_exchanges(const struct playing *playing, const struct package *row);
/* Why PACKAGE, or what it needs, is not taken into account at all. */
void play_lack(struct playing *playing, const struct package *package);
const struct package *play_member(const struct playing *playing, size_t at);
/* The names of what comes along and has no file; NULL: there is none. */
const char *play_absent(const struct playing *playing);
/* The installed row called NAME, or NULL. */
const struct package *installed_row(const struct states *states, const char *name);
/* An installed package that provides the name of PACKAGE, when none has it; or NULL. */
const struct package *installed_provider(const struct states *states,
					 const struct package *package);
bool names_package(const struct formulas *formulas, const char *name);

#endif
