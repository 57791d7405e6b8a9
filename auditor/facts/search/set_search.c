/* SPDX-License-Identifier: ISC */
/* Searches sets near a base. Each set is a subsequence of the model's sorted lines. A
 * frame is a base, or a base with one atom turned: its text, the offset of each line
 * in it, and the MD5 state after each block. A try starts with the state before the
 * first line that its atom changes and hashes only the text after it, sixteen tries
 * at once (facts/search/md5_lanes.h). */
#include "facts/search/set_search.h"

#include "base/pool.h"
#include "facts/search/set_frame.h"

#include <stdatomic.h>

struct worker {
	struct frame frame;
	struct set_state state; /* that of the frame */
	struct change *changes;
	uint32_t *before[2]; /* values that the turns of the frame and of a try replaced */
	uint8_t *buffers[MD5_LANES];
	struct md5_lane lanes[MD5_LANES];
	uint32_t atoms[MD5_LANES]; /* of each lane */
	size_t used;
	uint32_t hit; /* the first atom that gave the hash, or SET_NONE */
};

struct searching {
	const struct set_search *search;
	struct md5_state wanted;
	struct frame base;
	struct touched *touched; /* per atom */
	uint32_t *by_place; /* atoms in the order of their first line */
	uint32_t *lengths; /* per line, with its '\n' */
	struct worker *workers;
	unsigned depth;
	uint64_t from, to; /* range of the numbers of sets, in the order of the depth */
	atomic_ullong best; /* order number of the best hit so far */
};

enum { CHUNK = 64 }; /* the number of tries of depth 1 in one work item */

/* Hashes the waiting lanes and compares their results. */
static void lanes_flush(const struct searching *searching, struct worker *worker)
{
	if (worker->used == 0)
		return;
	md5_lanes(worker->lanes, worker->used);
	for (size_t i = 0; i < worker->used; i++)
		if (memcmp(&worker->lanes[i].state, &searching->wanted, sizeof searching->wanted) ==
			    0 &&
		    worker->atoms[i] < worker->hit)
			worker->hit = worker->atoms[i];
	worker->used = 0;
}

/* Appends FRAME's text from line FROM up to, but without, line TO to BUFFER. */
static size_t text_copy(const struct frame *frame, uint32_t from, uint32_t to, uint8_t *buffer)
{
	size_t size = frame->offset[to] - frame->offset[from];

	memcpy(buffer, frame->text + frame->offset[from], size);
	return size;
}

/* Adds a lane with FRAME's text after COUNT CHANGES, from the block of the
 * first change on. */
static void lane_add(const struct searching *searching, struct worker *worker, uint32_t atom,
		     size_t count)
{
	const struct strings *lines = &searching->search->model->lines;
	const struct frame *frame = &worker->frame;
	uint32_t line = worker->changes[0].line;
	size_t block = frame->offset[line] / MD5_BLOCK, start = block * MD5_BLOCK, at;
	uint8_t *buffer = worker->buffers[worker->used];

	at = frame->offset[line] - start;
	memcpy(buffer, frame->text + start, at);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &worker->changes[i];

		at += text_copy(frame, line, change->line, buffer + at);
		line = change->line + 1;
		if (!change->add)
			continue;
		memcpy(buffer + at, lines->list[change->line],
		       searching->lengths[change->line] - 1);
		at += searching->lengths[change->line];
		buffer[at - 1] = '\n';
	}
	at += text_copy(frame, line, (uint32_t)lines->count, buffer + at);

	size_t whole = at / MD5_BLOCK;
	worker->lanes[worker->used] = (struct md5_lane){
		.state = block ? frame->marks[block - 1] : md5_start(),
		.data = buffer,
		.blocks = whole + md5_pad(buffer + whole * MD5_BLOCK, start + at),
	};
	worker->atoms[worker->used++] = atom;
	if (worker->used == MD5_LANES)
		lanes_flush(searching, worker);
}

/* Finds the lines of the worker's frame that ATOM changes. */
static size_t atom_changes(const struct searching *searching, struct worker *worker, uint32_t atom)
{
	const struct set_turns *turns = &searching->search->atoms->list[atom].turns;

	set_turns_do(&worker->state, turns, worker->before[1]);
	size_t count = frame_changes(&worker->frame, &worker->state, &searching->touched[atom],
				     worker->changes);
	set_turns_undo(&worker->state, turns, worker->before[1]);
	return count;
}

/* Tries the frame with each of the atoms FROM to TO - 1 turned. Atoms whose lines are near
 * each other are tried together, so that the lanes have similar lengths. */
static void atoms_try(const struct searching *searching, struct worker *worker, uint32_t from,
		      uint32_t to)
{
	worker->hit = SET_NONE;
	for (size_t i = 0; i < searching->search->atoms->count; i++) {
		uint32_t atom = searching->by_place[i];
		size_t count =
			atom >= from && atom < to ? atom_changes(searching, worker, atom) : 0;

		/* without a change it gives the frame itself, which was tried already */
		if (count > 0)
			lane_add(searching, worker, atom, count);
	}
	lanes_flush(searching, worker);
}

/* Converts HASH, 32 hex digits, to the final state of MD5. */
static struct md5_state hash_state(const char *hash)
{
	uint8_t digest[16] = {0};

	for (unsigned i = 0; i < 32; i++) {
		unsigned digit = (unsigned)(hash[i] <= '9' ? hash[i] - '0' : hash[i] - 'a' + 10);

		digest[i / 2] = (uint8_t)(digest[i / 2] << 4 | (digit & 15));
	}
	return md5_wanted(digest);
}

static void hit_note(struct searching *searching, unsigned long long number)
{
	unsigned long long best = atomic_load(&searching->best);

	while (number < best && !atomic_compare_exchange_weak(&searching->best, &best, number))
		;
}

/* Runs one work item of depth 1: CHUNK atoms from ITEM * CHUNK on. */
static void single_run(void *context, unsigned number, size_t item)
{
	struct searching *searching = context;
	struct worker *worker = &searching->workers[number];
	uint64_t from = searching->from + item * CHUNK, to = from + CHUNK;

	if (from > atomic_load(&searching->best))
		return;
	atoms_try(searching, worker, (uint32_t)from,
		  (uint32_t)(to < searching->to ? to : searching->to));
	if (worker->hit != SET_NONE)
		hit_note(searching, worker->hit);
}

/* Runs one work item of depth 2: atom ITEM + 1 with each one before it. Pair (i, j) has
 * the number j(j-1)/2 + i. */
static void pair_run(void *context, unsigned number, size_t item)
{
	struct searching *searching = context;
	const struct set_search *search = searching->search;
	struct worker *worker = &searching->workers[number];
	uint32_t atom = (uint32_t)item + 1;
	uint64_t first = (uint64_t)atom * (atom - 1) / 2, from = 0, to = atom;

	if (first >= searching->to || first + atom <= searching->from ||
	    first > atomic_load(&searching->best))
		return;
	if (first < searching->from)
		from = searching->from - first;
	if (first + to > searching->to)
		to = searching->to - first;
	frame_copy(&searching->base, &worker->frame);
	set_turns_do(&worker->state, &search->atoms->list[atom].turns, worker->before[0]);
	frame_turn(&worker->frame, &worker->state, &searching->touched[atom], worker->changes);
	atoms_try(searching, worker, (uint32_t)from, (uint32_t)to);
	set_turns_undo(&worker->state, &search->atoms->list[atom].turns, worker->before[0]);
	if (worker->hit != SET_NONE)
		hit_note(searching, first + worker->hit);
}

struct place {
	uint32_t line, atom;
};

static int place_compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->atom > y->atom) - (x->atom < y->atom);
}

static struct worker worker_new(struct arena *arena, const struct searching *searching)
{
	const struct set_search *search = searching->search;
	size_t turns = 1, symbols = 1, most = frame_most(search->model, searching->lengths);
	struct worker worker = {.frame = frame_new(arena, search->model, searching->lengths),
				.state = set_state_copy(arena, search->model, search->base)};

	for (size_t i = 0; i < search->atoms->count; i++) {
		if (search->atoms->list[i].turns.count > turns)
			turns = search->atoms->list[i].turns.count;
		if (searching->touched[i].count > symbols)
			symbols = searching->touched[i].count;
	}
	worker.changes = arena_raw(arena, 2 * symbols * sizeof *worker.changes);
	for (unsigned i = 0; i < 2; i++)
		worker.before[i] = arena_raw(arena, turns * sizeof *worker.before[i]);
	for (unsigned i = 0; i < MD5_LANES; i++)
		worker.buffers[i] = arena_raw(arena, most + MD5_PADDING + MD5_BLOCK);
	frame_copy(&searching->base, &worker.frame);
	return worker;
}

/* Makes the base, its frame, the order of its atoms and a worker for each thread. */
static void searching_begin(struct arena *arena, struct searching *searching, unsigned threads)
{
	const struct set_search *search = searching->search;
	size_t count = search->atoms->count;
	uint8_t *seen = arena_get(arena, search->model->symbols.count + 1);
	struct place *places = arena_raw(arena, (count + 1) * sizeof *places);

	searching->lengths = frame_lengths(arena, search->model);
	searching->base = frame_new(arena, search->model, searching->lengths);
	frame_compose(&searching->base, search->base);
	searching->touched = arena_get(arena, (count + 1) * sizeof *searching->touched);
	searching->by_place = arena_raw(arena, (count + 1) * sizeof *searching->by_place);
	for (size_t i = 0; i < count; i++)
		searching->touched[i] =
			touched_by(arena, search->model, &search->atoms->list[i].turns, seen);
	searching->workers = arena_get(arena, threads * sizeof *searching->workers);
	for (unsigned i = 0; i < threads; i++)
		searching->workers[i] = worker_new(arena, searching);
	for (uint32_t i = 0; i < count; i++) {
		struct worker *worker = &searching->workers[0];
		size_t changes = atom_changes(searching, worker, i);

		places[i] = (struct place){changes ? worker->changes[0].line : SET_NONE, i};
	}
	qsort(places, count, sizeof *places, place_compare);
	for (size_t i = 0; i < count; i++)
		searching->by_place[i] = places[i].atom;
}

static struct set_hit hit_of(const struct searching *searching, unsigned depth)
{
	uint64_t best = atomic_load(&searching->best), atom = 1;
	struct set_hit hit = {.found = best != UINT64_MAX,
			      .tried = searching->to - searching->from};

	if (!hit.found)
		return hit;
	hit.tried = best + 1 - searching->from;
	hit.atoms[0] = (uint32_t)best;
	if (depth < 2)
		return hit;
	while (atom * (atom + 1) / 2 <= best)
		atom++;
	hit.atoms[0] = (uint32_t)(best - atom * (atom - 1) / 2);
	hit.atoms[1] = (uint32_t)atom;
	return hit;
}

struct set_hit set_search(const struct set_search *search, unsigned depth, uint64_t budget)
{
	struct arena arena _cleanup_arena_ = {0};
	uint64_t atoms = search->atoms->count, all = 1, items;

	if (depth > 0)
		all = depth == 1 ? atoms : atoms * (atoms - (atoms > 0)) / 2;
	uint64_t left = all > search->skip ? all - search->skip : 0;
	struct searching searching = {.search = search,
				      .from = search->skip,
				      .to = search->skip + (left < budget ? left : budget),
				      .best = UINT64_MAX};
	unsigned threads = pool_size(search->threads);

	if (searching.from == searching.to)
		return (struct set_hit){.tried = 0};
	if (depth == 0) {
		struct config_set set = set_compose(&arena, search->model, search->base);

		return (struct set_hit){.found = strcmp(set.hash, search->hash) == 0, .tried = 1};
	}
	searching.wanted = hash_state(search->hash);
	items = depth == 1 ? (searching.to - searching.from + CHUNK - 1) / CHUNK
			   : search->atoms->count - 1;
	searching_begin(&arena, &searching, threads);
	pool_run(threads, (size_t)items, depth == 1 ? single_run : pair_run, &searching);
	return hit_of(&searching, depth);
}
