/* SPDX-License-Identifier: ISC */
/* set_compose - composes the set of a build from parts, as OpenWrt's
 * include/kernel-defaults.mk and scripts/kconfig.pl do: first the target's own lines,
 * then the KERNEL_ options (one that is off removes its line), then the lines that the
 * selected packages ask for, in build order. */
#ifndef KMODAUDIT_SET_COMPOSE_H
#define KMODAUDIT_SET_COMPOSE_H

#include "base/map.h"
#include "facts/abi/abi_database.h"

#define SET_NONE UINT32_MAX

/* A value that a symbol can have. */
struct set_value {
	const char *text; /* "y", "m", "n", "\"text\"", "16" */
	uint32_t line; /* index of the model's lines; SET_NONE: it gives no hashed line */
	bool yes, no; /* TEXT is "y", "n" */
};

struct set_asker {
	uint32_t package, value;
};

struct set_askers {
	struct set_asker *list;
	size_t count, room;
};

struct set_symbol {
	const char *name; /* with CONFIG_ */
	uint32_t own; /* value of the target's config, or SET_NONE */
	uint32_t yes, module; /* the values "y" and "m" */
	struct set_askers askers; /* in build order */
	bool option; /* a KERNEL_ option of the build */
};

/* All lines that sets of these parts can have. Not changed after it was made. */
struct set_model {
	const struct abi_parts *parts;
	struct {
		struct set_symbol *list;
		size_t count, room;
	} symbols;
	struct {
		struct set_value *list;
		size_t count, room;
	} values;
	struct strings lines; /* sorted by their bytes, without duplicates */
	uint32_t *line_symbol, *line_value; /* of each line */
	struct map symbol_of; /* name with CONFIG_ -> symbol */
	struct map package_of; /* name -> number in parts->kmods */
	uint32_t **asked; /* by package: the symbols for which it asks, one for each of its lines */
};

enum set_option_state { SET_OPTION_ABSENT, SET_OPTION_OFF, SET_OPTION_ON };

/* The choices of a build, from which a model makes its lines. */
struct set_state {
	uint8_t *package; /* by package: it is selected */
	uint8_t *option; /* by symbol: enum set_option_state */
	/* by symbol: a value that overrides all others, SET_NONE for "no
	 * line", or SET_UNFORCED */
	uint32_t *forced;
};

#define SET_UNFORCED (UINT32_MAX - 1)

/* Makes the model of PARTS and of EXTRA, further lines that sets can have (NULL: none).
 * Both are borrowed. */
struct set_model *set_model_of(struct arena *arena, const struct abi_parts *parts,
			       const struct strings *extra);
/* Returns the symbol NAME, with CONFIG_, or SET_NONE. */
uint32_t set_model_symbol(const struct set_model *model, const char *name);
/* The line TEXT, "CONFIG_X=y", or SET_NONE. */
uint32_t set_model_line(const struct set_model *model, const char *text);

/* Returns the choices of the official build that PARTS describes. */
struct set_state set_state_official(struct arena *arena, const struct set_model *model);
struct set_state set_state_copy(struct arena *arena, const struct set_model *model,
				const struct set_state *state);
/* Selects exactly those of the model's packages that are in NAMES. */
void set_state_select(const struct set_model *model, struct set_state *state,
		      const struct strings *names);

/* Returns the line that SYMBOL has in STATE, or SET_NONE. */
uint32_t set_line(const struct set_model *model, const struct set_state *state, uint32_t symbol);
struct config_set set_compose(struct arena *arena, const struct set_model *model,
			      const struct set_state *state);
/* Changes MODEL and its STATE so that they give SET, whose lines the model must have.
 * Used for a release whose set is known, with the parts of another release. */
void set_transfer(struct set_model *model, struct set_state *state, const struct config_set *set);

#endif
