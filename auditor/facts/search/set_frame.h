/* SPDX-License-Identifier: ISC */
/* set_frame - one composed set as the search works on it: its text, where each line of the model
 * stands in it, and the MD5 state after each block. */
#ifndef KMODAUDIT_SET_FRAME_H
#define KMODAUDIT_SET_FRAME_H

#include "facts/search/md5_lanes.h"
#include "facts/search/set_compose.h"

enum set_turn_kind {
	SET_TURN_PACKAGE, /* value: selected or not */
	SET_TURN_OPTION, /* value: enum set_option_state */
	SET_TURN_LINE, /* value: what is forced: a value of the model, SET_NONE for no line */
};

struct set_turn {
	enum set_turn_kind kind;
	uint32_t index; /* of the package or the symbol */
	uint32_t value;
};

struct set_turns {
	struct set_turn *list;
	size_t count, room;
};

/* Turns, keeping in BEFORE (as many) what was there, and back. */
void set_turns_do(struct set_state *state, const struct set_turns *turns, uint32_t *before);
void set_turns_undo(struct set_state *state, const struct set_turns *turns, const uint32_t *before);
void set_state_turn(struct set_state *state, const struct set_turns *turns);

struct frame {
	const struct set_model *model;
	const uint32_t *lengths; /* per line of the model, with its '\n' */
	uint32_t *line_of; /* per symbol: its line, or SET_NONE */
	uint8_t *active; /* per line of the model: some symbol has it */
	uint32_t *offset; /* per line: where it stands, or would stand, in TEXT */
	uint8_t *text;
	size_t size;
	struct md5_state *marks; /* after each whole block */
};

/* A line that a try adds or takes away. */
struct change {
	uint32_t line;
	bool add;
};

/* The symbols whose line may change with an atom. */
struct reach {
	uint32_t *symbols; /* at most one of each */
	size_t count;
};

/* Empty; LENGTHS is borrowed. */
struct frame frame_new(struct arena *arena, const struct set_model *model, const uint32_t *lengths);
/* How many bytes a set of MODEL can have. */
size_t frame_most(const struct set_model *model, const uint32_t *lengths);
/* Makes FRAME the set of STATE. */
void frame_compose(struct frame *frame, const struct set_state *state);
/* Both are of one model. */
void frame_copy(const struct frame *from, struct frame *ret);
/* The symbols that TURNS can change; SEEN: zeros, one a symbol, and zeros again after. */
struct reach reach_of(struct arena *arena, const struct set_model *model,
		      const struct set_turns *turns, uint8_t *seen);
/* The lines that differ between FRAME and STATE among the symbols of REACH, in order; RET has
 * room for two a symbol. */
size_t frame_changes(const struct frame *frame, const struct set_state *state,
		     const struct reach *reach, struct change *ret);
/* Makes FRAME the set of STATE, which differs from it only in the symbols of REACH. CHANGES as
 * above. */
void frame_turn(struct frame *frame, const struct set_state *state, const struct reach *reach,
		struct change *changes);

#endif
