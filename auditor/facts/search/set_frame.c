/* SPDX-License-Identifier: ISC */
/* Maintains the text of a composed set with its MD5 states, and finds the
 * lines that change. */
#include "facts/search/set_frame.h"

/* Writes FRAME's text, offsets and marks from its active lines, from line FIRST on. */
static void frame_write(struct frame *frame, uint32_t first)
{
	const struct strings *lines = &frame->model->lines;
	size_t at = frame->offset[first], block = at / MD5_BLOCK;

	for (size_t i = first; i < lines->count; i++) {
		frame->offset[i] = (uint32_t)at;
		if (!frame->active[i])
			continue;
		memcpy(frame->text + at, lines->list[i], frame->lengths[i] - 1);
		frame->text[at + frame->lengths[i] - 1] = '\n';
		at += frame->lengths[i];
	}
	frame->offset[lines->count] = (uint32_t)at;
	frame->size = at;
	md5_marks(block ? frame->marks[block - 1] : md5_start(), frame->text + block * MD5_BLOCK,
		  at / MD5_BLOCK - block, frame->marks + block);
}

uint32_t *frame_lengths(struct arena *arena, const struct set_model *model)
{
	uint32_t *lengths = arena_raw(arena, (model->lines.count + 1) * sizeof *lengths);

	for (size_t i = 0; i < model->lines.count; i++)
		lengths[i] = (uint32_t)strlen(model->lines.list[i]) + 1;
	return lengths;
}

size_t frame_most(const struct set_model *model, const uint32_t *lengths)
{
	size_t most = 0;

	for (size_t i = 0; i < model->lines.count; i++)
		most += lengths[i];
	return most;
}

struct frame frame_new(struct arena *arena, const struct set_model *model, const uint32_t *lengths)
{
	size_t most = frame_most(model, lengths);

	return (struct frame){
		.model = model,
		.lengths = lengths,
		.line_of = arena_get(arena, (model->symbols.count + 1) * sizeof(uint32_t)),
		.active = arena_get(arena, model->lines.count + 1),
		.offset = arena_get(arena, (model->lines.count + 1) * sizeof(uint32_t)),
		.text = arena_raw(arena, most + MD5_PADDING),
		.marks = arena_raw(arena, (most / MD5_BLOCK + 1) * sizeof(struct md5_state)),
	};
}

void frame_compose(struct frame *frame, const struct set_state *state)
{
	memset(frame->active, 0, frame->model->lines.count);
	for (uint32_t i = 0; i < frame->model->symbols.count; i++) {
		frame->line_of[i] = set_line(frame->model, state, i);
		if (frame->line_of[i] != SET_NONE)
			frame->active[frame->line_of[i]] = 1;
	}
	frame->offset[0] = 0;
	frame_write(frame, 0);
}

void frame_copy(const struct frame *from, struct frame *ret)
{
	const struct set_model *model = from->model;

	memcpy(ret->line_of, from->line_of, model->symbols.count * sizeof *ret->line_of);
	memcpy(ret->active, from->active, model->lines.count);
	memcpy(ret->offset, from->offset, (model->lines.count + 1) * sizeof *ret->offset);
	memcpy(ret->text, from->text, from->size);
	memcpy(ret->marks, from->marks, from->size / MD5_BLOCK * sizeof *ret->marks);
	ret->size = from->size;
}

size_t frame_changes(const struct frame *frame, const struct set_state *state,
		     const struct touched *touched, struct change *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < touched->count; i++) {
		uint32_t before = frame->line_of[touched->symbols[i]];
		uint32_t after = set_line(frame->model, state, touched->symbols[i]);

		if (before == after)
			continue;
		if (before != SET_NONE)
			ret[count++] = (struct change){before, false};
		if (after != SET_NONE)
			ret[count++] = (struct change){after, true};
	}
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && ret[k - 1].line > ret[k].line; k--) {
			struct change swap = ret[k];

			ret[k] = ret[k - 1];
			ret[k - 1] = swap;
		}
	return count;
}

void frame_turn(struct frame *frame, const struct set_state *state, const struct touched *touched,
		struct change *changes)
{
	size_t count = frame_changes(frame, state, touched, changes);

	for (size_t i = 0; i < count; i++)
		frame->active[changes[i].line] = changes[i].add;
	for (size_t i = 0; i < touched->count; i++)
		frame->line_of[touched->symbols[i]] =
			set_line(frame->model, state, touched->symbols[i]);
	if (count > 0)
		frame_write(frame, changes[0].line);
}

void set_state_turn(struct set_state *state, const struct set_turns *turns)
{
	array_each(turn, turns) {
		if (turn->kind == SET_TURN_PACKAGE)
			state->package[turn->index] = (uint8_t)turn->value;
		else if (turn->kind == SET_TURN_OPTION)
			state->option[turn->index] = (uint8_t)turn->value;
		else
			state->forced[turn->index] = turn->value;
	}
}

void set_turns_do(struct set_state *state, const struct set_turns *turns, uint32_t *before)
{
	for (size_t i = 0; i < turns->count; i++) {
		const struct set_turn *turn = &turns->list[i];

		if (turn->kind == SET_TURN_PACKAGE)
			before[i] = state->package[turn->index];
		else if (turn->kind == SET_TURN_OPTION)
			before[i] = state->option[turn->index];
		else
			before[i] = state->forced[turn->index];
	}
	set_state_turn(state, turns);
}

void set_turns_undo(struct set_state *state, const struct set_turns *turns, const uint32_t *before)
{
	for (size_t i = turns->count; i-- > 0;) {
		struct set_turn back = turns->list[i];

		back.value = before[i];
		set_state_turn(state, &(struct set_turns){&back, 1, 1});
	}
}

/* Adds SYMBOL to TOUCHED unless SEEN has it. */
static void touched_add(struct touched *touched, uint8_t *seen, uint32_t symbol)
{
	if (seen[symbol])
		return;
	seen[symbol] = 1;
	touched->symbols[touched->count++] = symbol;
}

struct touched touched_by(struct arena *arena, const struct set_model *model,
			  const struct set_turns *turns, uint8_t *seen)
{
	struct touched touched = {.count = 0};
	size_t most = 0;

	array_each(turn, turns) {
		most += turn->kind != SET_TURN_PACKAGE;
		for (size_t i = 0;
		     turn->kind == SET_TURN_PACKAGE && model->asked[turn->index][i] != SET_NONE;
		     i++)
			most++;
	}
	touched.symbols = arena_raw(arena, (most + 1) * sizeof *touched.symbols);
	array_each(turn, turns) {
		if (turn->kind != SET_TURN_PACKAGE)
			touched_add(&touched, seen, turn->index);
		else
			for (const uint32_t *asked = model->asked[turn->index]; *asked != SET_NONE;
			     asked++)
				touched_add(&touched, seen, *asked);
	}
	for (size_t i = 0; i < touched.count; i++)
		seen[touched.symbols[i]] = 0;
	return touched;
}
