/* SPDX-License-Identifier: ISC */
/* set_frame - a composed set in the form that the search needs: its text, the offset of
 * each line of the model in it, and the MD5 state after each block. */
#ifndef KMODAUDIT_SET_FRAME_H
#define KMODAUDIT_SET_FRAME_H

#include "facts/search/md5_lanes.h"
#include "facts/search/set_compose.h"

enum set_turn_kind {
	SET_TURN_PACKAGE, /* value: selected or not */
	SET_TURN_OPTION, /* value: enum set_option_state */
	SET_TURN_LINE, /* value: a value of the model, or SET_NONE for no line */
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

/* Applies TURNS and stores the previous choices, as many, in BEFORE; the second
 * function restores them. */
void set_turns_do(struct set_state *state, const struct set_turns *turns, uint32_t *before);
void set_turns_undo(struct set_state *state, const struct set_turns *turns, const uint32_t *before);
void set_state_turn(struct set_state *state, const struct set_turns *turns);

struct frame {
	const struct set_model *model;
	const uint32_t *lengths; /* by line of the model, including its '\n' */
	uint32_t *line_of; /* by symbol: its line, or SET_NONE */
	uint8_t *active; /* by line of the model: some symbol has it */
	uint32_t *offset; /* by line: its offset in TEXT, or the one that it would have */
	uint8_t *text;
	size_t size;
	struct md5_state *marks; /* after each whole block */
};

/* A line that a try adds or removes. */
struct change {
	uint32_t line;
	bool add;
};

/* The symbols whose line may change when an atom is turned. */
struct touched {
	uint32_t *symbols; /* without duplicates */
	size_t count;
};

/* The lengths of MODEL's lines. */
uint32_t *frame_lengths(struct arena *arena, const struct set_model *model);
/* Makes an empty frame; LENGTHS is borrowed. */
struct frame frame_new(struct arena *arena, const struct set_model *model, const uint32_t *lengths);
/* The maximum number of bytes of a set of MODEL. */
size_t frame_most(const struct set_model *model, const uint32_t *lengths);
/* Sets FRAME to the set of STATE. */
void frame_compose(struct frame *frame, const struct set_state *state);
/* Copies FROM to RET, a frame of the same model. */
void frame_copy(const struct frame *from, struct frame *ret);
/* Returns the symbols that TURNS can change. SEEN has a zero for each symbol, and
 * is zeroed again. */
struct touched touched_by(struct arena *arena, const struct set_model *model,
			  const struct set_turns *turns, uint8_t *seen);
/* Finds the lines that differ between FRAME and STATE among the symbols of TOUCHED, in
 * order. RET must have room for two lines of each symbol. */
size_t frame_changes(const struct frame *frame, const struct set_state *state,
		     const struct touched *touched, struct change *ret);
/* Sets FRAME to the set of STATE, which differs from it only in the symbols of TOUCHED.
 * CHANGES is as above. */
void frame_turn(struct frame *frame, const struct set_state *state, const struct touched *touched,
		struct change *changes);

#endif
