/* SPDX-License-Identifier: ISC */
/* Joins the ledgers of all shards of a plan into one and refuses shards that are
 * missing, doubled or of different runs. */
#include "report/ledger/ledger_read.h"

#include "base/text.h"

#include <string.h>

bool shard_parse(const char *text, unsigned *ret_shard, unsigned *ret_shards)
{
	struct span shard, shards;
	uint64_t number = 0, of = 0;

	if (!span_split(span_text(text), '/', &shard, &shards) ||
	    !span_number(shard, 10, &number) || !span_number(shards, 10, &of) || number < 1 ||
	    number > of || of > SHARDS_MOST)
		return false;
	*ret_shard = (unsigned)number;
	*ret_shards = (unsigned)of;
	return true;
}

/* Checks that the shards are from one run, and that each shard of the plan exists once.
 * ORDER[n] gets 1 + the index in PATHS of shard n. */
static bool shards_whole(const struct strings *paths, const struct ledger *shards, unsigned all,
			 size_t *order, struct error *error)
{
	for (size_t i = 0; i < paths->count; i++) {
		const struct ledger *shard = &shards[i], *first = &shards[0];
		const char *path = paths->list[i], *first_path = paths->list[0];
		unsigned number = shard->shards ? shard->shard : 1;

		if (strcmp(shard->plan_sha256, first->plan_sha256) != 0 ||
		    shard->shards != first->shards)
			return fail(error, "%s: not from the same plan and number of shards as %s",
				    path, first_path);
		/* a pattern in a plan may match other files on another machine */
		if (!strings_same(&shard->images, &first->images) ||
		    !strings_same(&shard->feeds, &first->feeds) || shard->planned != first->planned)
			return fail(error, "%s: not the same images and feeds as %s", path,
				    first_path);
		if (!ledger_policy_same(shard->rules, first->rules))
			return fail(error, "%s: not the same policy as %s", path, first_path);
		if (order[number])
			return fail(error, "%s: shard %u of %u, which is also %s", path, number,
				    all, paths->list[order[number] - 1]);
		order[number] = i + 1;
	}
	for (unsigned number = 1; number <= all; number++)
		if (!order[number])
			return fail(error, "shard %u of %u is missing", number, all);
	return true;
}

static void waivers_adopt(const struct ledger *to, const struct ledger *from,
			  struct ledger_findings *findings)
{
	array_each(finding, findings)
		if (finding->waiver)
			finding->waiver = &to->waivers.list[finding->waiver - from->waivers.list];
}

static bool same_waiver(const struct waiver *a, const struct waiver *b)
{
	const char *const texts[][2] = {
		{a->witness, b->witness}, {a->rule, b->rule},	    {a->reason, b->reason},
		{a->owner, b->owner},	  {a->expires, b->expires}, {a->refused, b->refused},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!text_same(texts[i][0], texts[i][1]))
			return false;
	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		if (!text_same(a->globs[i], b->globs[i]))
			return false;
	return a->unknown == b->unknown;
}

/* Adds the waivers of a shard, with the number of findings that they cover. All shards
 * have them in the same order. */
static bool waivers_join(struct arena *arena, const char *path, const struct ledger *from,
			 bool first, struct ledger *to, struct error *error)
{
	if (first) {
		to->waivers.source = from->waivers.source;
		array_append(arena, &to->waivers, &from->waivers);
		return true;
	}
	if (!text_same(to->waivers.source, from->waivers.source) ||
	    to->waivers.count != from->waivers.count)
		return fail(error, "%s: not the same waivers as the other shards", path);
	for (size_t i = 0; i < to->waivers.count; i++) {
		struct waiver *mine = &to->waivers.list[i];
		const struct waiver *other = &from->waivers.list[i];

		if (!same_waiver(mine, other))
			return fail(error, "%s: not the same waivers as the other shards", path);
		if (mine->expired != other->expired)
			return fail(error,
				    "%s: from another day, and a waiver expired between: run all "
				    "shards with the same --today",
				    path);
		mine->used += other->used;
		mine->overlap = mine->overlap ? mine->overlap : other->overlap;
	}
	return true;
}

bool ledger_join(struct arena *arena, const struct strings *paths, const struct ledger *shards,
		 struct ledger *ret, struct error *error)
{
	unsigned all = shards[0].shards ? shards[0].shards : 1;
	size_t *order = arena_get(arena, (all + 1) * sizeof *order);

	*ret = (struct ledger){.rules = shards[0].rules,
			       .plan = shards[0].plan,
			       .plan_sha256 = shards[0].plan_sha256,
			       .planned = shards[0].planned,
			       .images = shards[0].images,
			       .feeds = shards[0].feeds};
	if (!shards_whole(paths, shards, all, order, error))
		return false;
	for (unsigned number = 1; number <= all; number++) {
		size_t at = order[number] - 1;

		if (!waivers_join(arena, paths->list[at], &shards[at], number == 1, ret, error))
			return false;
		array_each(pair, &shards[at].pairs) {
			waivers_adopt(ret, &shards[at], &pair->image_findings);
			waivers_adopt(ret, &shards[at], &pair->feed_findings);
			array_each(cell, &pair->cells)
				waivers_adopt(ret, &shards[at], &cell->findings);
			*array_add(arena, &ret->pairs) = *pair;
		}
	}
	ledger_finish(arena, ret);
	if (ret->pairs.count != ret->planned)
		return fail(error, "the plan has %zu pairs, but these reports have %zu",
			    ret->planned, ret->pairs.count);
	for (size_t i = 0; i < ret->pairs.count; i++)
		if (ret->pairs.list[i].place != i)
			return fail(error, "pair %zu of the plan is missing or occurs twice",
				    i + 1);
	return true;
}
