/* SPDX-License-Identifier: ISC */
/* layout_rules - which kernel options change which structs, and which
 * exported symbols handle these structs: rules/kernel/SERIES.yaml, made
 * by scripts/derive-rules (docs/layout-rules.md). */
#ifndef KMODAUDIT_LAYOUT_RULES_H
#define KMODAUDIT_LAYOUT_RULES_H

#include "base/error.h"
#include "facts/config/config.h"
#include "facts/compare/layout_reach.h"

struct layout_rules;

enum { MEMBERS_TOLD = 4 }; /* of a struct; of more only the number is told */

/* Parses a rules file. Errors begin with NAME. */
bool layout_rules_read(struct arena *arena, const char *name, struct span text,
		       const struct layout_rules **ret, struct error *error);
/* Reads only what layout_exporter() and layout_effects() ask, a twentieth of the file,
 * from a file of this project. */
bool layout_effects_read(struct arena *arena, const char *name, struct span text,
			 const struct layout_rules **ret, struct error *error);
/* The series, such as "6.1". */
const char *layout_rules_series(const struct layout_rules *rules);
/* True if they are of exactly the series of RELEASE. An option may be absent from another one, as
 * SRCU is before 4.0, where its code always was. */
bool layout_rules_of(const struct layout_rules *rules, const char *release);
/* The part of the rules about modules that an option can change. */
const struct layout_reach *layout_rules_reach(const struct layout_rules *rules);
/* True if the rules list symbols. Rules from an older scan do not, and prove
 * that nothing fits. */
bool layout_rules_graded(const struct layout_rules *rules);

/* A struct that differs between two configs. */
struct struct_change {
	const char *name; /* "sk_buff" */
	const char *subsystem; /* "net" */
	const char *option; /* the option that changes it, with CONFIG_ */
	/* "include/linux/skbuff.h: _nfct", or for a struct that contains another: "it
	 * contains struct net" */
	const char *where;
	struct strings members; /* that the option adds, removes or changes, as far as known */
	/* comparison_place(): where they are in the image's struct, in words;
	 * NULL: not known */
	const char *place;
	bool holder; /* it differs only because it contains a changed struct */
	bool ambient; /* code that imports no symbol can use it */
};

struct struct_changes {
	struct struct_change *list;
	size_t count, room;
};

/* Adds to CHANGES the structs that OPTION (with CONFIG_) changes when its value goes
 * from BEFORE to AFTER (NULL: not set), and all structs that contain them. */
void layout_changes(struct arena *arena, const struct layout_rules *rules, const char *option,
		    const char *before, const char *after, struct struct_changes *changes);

/* The tristates that can turn on the bool OPTION (with select); NULL if no
 * rule lists any. */
const struct strings *layout_dragged_by(const struct layout_rules *rules, const char *option);

enum option_origin {
	OPTION_UNKNOWN, /* the rules list no options */
	OPTION_KNOWN, /* a tristate of the series' own sources */
	OPTION_FOREIGN, /* not an option of these sources: a patch adds it */
};

/* Whether OPTION, with or without CONFIG_, is a tristate in the sources that the rules
 * were made from. */
enum option_origin layout_option(const struct layout_rules *rules, const char *option);

/* A symbol that is exported only if a bool option is =y. */
struct effect {
	const char *option, *symbol; /* OPTION includes CONFIG_ */
};

struct effects {
	struct effect *list;
	size_t count, room;
};

struct effects layout_effects(struct arena *arena, const struct layout_rules *rules);

/* The option, with CONFIG_, without which SYMBOL is not exported; NULL if no
 * rule names one. */
const char *layout_exporter(struct arena *arena, const struct layout_rules *rules,
			    const char *symbol);

enum exposure {
	EXPOSURE_CLEAN, /* the symbol has nothing to do with the structs of the subsystem */
	EXPOSURE_NEAR, /* it is near them, or unknown */
	EXPOSURE_DIRECT, /* a module that imports the symbol uses the structs */
};

enum exposure layout_exposure(const struct layout_rules *rules, const char *subsystem,
			      const char *symbol);

#endif
