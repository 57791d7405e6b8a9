/* SPDX-License-Identifier: ISC */
/* layout_rules - which kernel options change which structs, and which exported symbols handle
 * them: rules/kernel/SERIES.yaml, made by scripts/derive-rules (docs/layout-rules.md). */
#ifndef KMODAUDIT_LAYOUT_RULES_H
#define KMODAUDIT_LAYOUT_RULES_H

#include "base/error.h"
#include "facts/config/config.h"
#include "facts/compare/layout_reach.h"

struct layout_rules;

/* NAME starts the error. */
bool layout_rules_read(struct arena *arena, const char *name, struct span text,
		       const struct layout_rules **ret, struct error *error);
/* "6.1" */
const char *layout_rules_series(const struct layout_rules *rules);
/* Which modules an option can change. */
const struct layout_reach *layout_rules_reach(const struct layout_rules *rules);
/* The file tells of symbols; one made from an older scan does not, and can clear nothing. */
bool layout_rules_graded(const struct layout_rules *rules);

/* A struct that differs between two configs. */
struct struct_change {
	const char *name; /* "sk_buff" */
	const char *subsystem; /* "net" */
	const char *option; /* with CONFIG_: who changes it */
	/* "include/linux/skbuff.h: _nfct"; what holds another one: "it holds struct net" */
	const char *where;
	bool holder; /* it changes because it holds another one */
	bool ambient; /* within reach of code that imports nothing */
};

struct struct_changes {
	struct struct_change *list;
	size_t count, room;
};

/* Structs that OPTION (with CONFIG_) changes when its value goes from BEFORE to AFTER (NULL:
 * not set), those that hold them included. */
void layout_changes(struct arena *arena, const struct layout_rules *rules, const char *option,
		    const char *before, const char *after, struct struct_changes *changes);

/* Tristates that can turn the bool OPTION on; NULL: no rule knows one. */
const struct strings *layout_dragged_by(const struct layout_rules *rules, const char *option);

enum option_origin {
	OPTION_UNKNOWN, /* the rules list no options */
	OPTION_KNOWN, /* a tristate of the series' own sources */
	OPTION_FOREIGN, /* none of theirs: a patch brings it */
};

/* Whether OPTION, with or without CONFIG_, is a tristate of the sources that the rules were
 * made from. */
enum option_origin layout_option(const struct layout_rules *rules, const char *option);

/* A symbol that is exported only with a bool option. */
struct effect {
	const char *option, *symbol; /* option with CONFIG_ */
};

struct effects {
	struct effect *list;
	size_t count, room;
};

struct effects layout_effects(struct arena *arena, const struct layout_rules *rules);

/* The option whose kernel alone exports SYMBOL, with CONFIG_, or NULL: no rule knows. */
const char *layout_exporter(struct arena *arena, const struct layout_rules *rules,
			    const char *symbol);

enum exposure {
	EXPOSURE_CLEAN, /* far from the structs of the subsystem */
	EXPOSURE_NEAR, /* near them, or not known */
	EXPOSURE_DIRECT, /* a module that imports it uses them */
};

enum exposure layout_exposure(const struct layout_rules *rules, const char *subsystem,
			      const char *symbol);

#endif
