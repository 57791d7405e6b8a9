/* SPDX-License-Identifier: ISC */
/* Compares two saved reports pair by pair and sorts what changed into worse, new,
 * better, changed and gone. */
#include "report/saved/diff.h"

#include "base/text.h"
#include "report/ledger/ledger_rows.h"

#include <string.h>

const char *const diff_change_name[DIFF_CHANGES] = {"worse", "new", "better", "changed", "gone"};
const char *const diff_change_title[DIFF_CHANGES] = {"Worse", "New", "Better", "Changed, not worse",
						     "Gone"};

/* The cells of a pair, sorted by name, which are matched with the other report's. */
struct side {
	const struct ledger_cell **list;
	bool *taken;
	size_t count;
};

static int cell_order(const void *a, const void *b)
{
	return ledger_cell_compare(*(const struct ledger_cell *const *)a,
				   *(const struct ledger_cell *const *)b);
}

static struct side side_of(struct arena *arena, const struct ledger_pair *pair)
{
	struct side side = {.count = pair ? pair->cells.count : 0};

	side.list = arena_get(arena, (side.count + 1) * sizeof *side.list);
	side.taken = arena_get(arena, side.count + 1);
	for (size_t i = 0; i < side.count; i++)
		side.list[i] = &pair->cells.list[i];
	if (side.count > 1)
		qsort(side.list, side.count, sizeof *side.list, cell_order);
	return side;
}

/* How similar two cells with the same name are: same version, same file name. */
static unsigned likeness(const struct ledger_cell *a, const struct ledger_cell *b)
{
	bool file = a->file && b->file && strcmp(path_last(a->file), path_last(b->file)) == 0;

	return 1 + (text_same(a->version, b->version) ? 2 : 0) + (file ? 1 : 0);
}

/* The unmatched cell of OLD that is most similar to CELL; NULL if none has its name. */
static const struct ledger_cell *side_match(struct side *old, const struct ledger_cell *cell)
{
	size_t best = SIZE_MAX;
	unsigned most = 0;

	for (size_t i = array_lower(one, old, strcmp((*one)->name, cell->name) < 0);
	     i < old->count && !strcmp(old->list[i]->name, cell->name); i++)
		if (!old->taken[i] && likeness(old->list[i], cell) > most) {
			most = likeness(old->list[i], cell);
			best = i;
		}
	if (best == SIZE_MAX)
		return NULL;
	old->taken[best] = true;
	return old->list[best];
}

static bool finding_same(const struct ledger_finding *a, const struct ledger_finding *b)
{
	const struct finding *x = &a->finding, *y = &b->finding;

	return a->level == b->level && strcmp(x->id, y->id) == 0 &&
	       text_same(x->module, y->module) && text_same(x->subject, y->subject);
}

/* The findings of FROM with level unknown or error that TO does not have. Each finding
 * of TO matches only one. */
static struct diff_findings findings_less(struct arena *arena, const struct ledger_findings *from,
					  const struct ledger_findings *to)
{
	bool *taken = arena_get(arena, (to ? to->count : 0) + 1);
	struct diff_findings less = {0};

	array_each(finding, from) {
		size_t at = 0;

		if (finding->level < LEVEL_UNKNOWN)
			continue;
		while (to && at < to->count && (taken[at] || !finding_same(finding, &to->list[at])))
			at++;
		if (to && at < to->count)
			taken[at] = true;
		else
			*array_add(arena, &less) = finding;
	}
	return less;
}

static bool any_error(const struct diff_findings *findings)
{
	return array_any(finding, findings, (*finding)->level == LEVEL_ERROR);
}

/* For a comparison installed is as good as safe. */
static unsigned rank(const struct ledger_cell *cell)
{
	return cell->verdict <= VERDICT_SAFE ? 0 : cell->verdict == VERDICT_UNPROVEN ? 1 : 2;
}

static void item_count(struct diff *diff, const struct diff_item *item)
{
	if (item->old || item->new)
		diff->changes[item->change]++;
	diff->new_bad += item->change == DIFF_NEW && item->worse;
	diff->appeared += item->appeared.count;
	diff->fixed += item->fixed.count;
	diff->worse |= item->worse;
	diff->better |= item->change == DIFF_BETTER;
}

static enum diff_change change_of(const struct diff_item *item)
{
	if (!item->old)
		return DIFF_NEW;
	if (!item->new)
		return DIFF_GONE;
	if (rank(item->new) > rank(item->old) || any_error(&item->appeared))
		return DIFF_WORSE;
	return rank(item->new) < rank(item->old) || any_error(&item->fixed) ? DIFF_BETTER
									    : DIFF_CHANGED;
}

static void cell_compare(struct arena *arena, struct diff *diff, const struct ledger_pair *pair,
			 const struct ledger_cell *old, const struct ledger_cell *new)
{
	static const struct ledger_findings none = {0};
	struct diff_item item = {.pair = pair, .old = old, .new = new};

	item.appeared =
		findings_less(arena, new ? &new->findings : &none, old ? &old->findings : NULL);
	if (new)
		item.fixed = findings_less(arena, old ? &old->findings : &none, &new->findings);
	item.change = change_of(&item);
	item.worse = item.change == DIFF_WORSE || (item.change == DIFF_NEW && rank(new) > 0);
	if (old && new && old->verdict == new->verdict && text_same(old->version, new->version) &&
	    !item.appeared.count && !item.fixed.count) {
		diff->unchanged++;
		return;
	}
	*array_add(arena, &diff->items) = item;
	item_count(diff, &item);
}

static struct ledger_findings both(struct arena *arena, const struct ledger_pair *pair)
{
	struct ledger_findings all = {0};

	if (!pair)
		return all;
	array_append(arena, &all, &pair->image_findings);
	array_append(arena, &all, &pair->feed_findings);
	return all;
}

static void pair_compare(struct arena *arena, struct diff *diff, const struct ledger_pair *old,
			 const struct ledger_pair *new)
{
	struct side before = side_of(arena, old), after = side_of(arena, new);
	struct ledger_findings *were = arena_new(arena, struct ledger_findings);
	struct ledger_findings *are = arena_new(arena, struct ledger_findings);
	/* the findings about the image and the feed */
	struct diff_item beside = {.pair = new ? new : old};

	*were = both(arena, old);
	*are = both(arena, new);
	beside.appeared = findings_less(arena, are, were);
	if (new)
		beside.fixed = findings_less(arena, were, are);
	if (beside.appeared.count || beside.fixed.count) {
		beside.worse = any_error(&beside.appeared);
		beside.change = beside.worse		   ? DIFF_WORSE
				: any_error(&beside.fixed) ? DIFF_BETTER
							   : DIFF_CHANGED;
		*array_add(arena, &diff->items) = beside;
		item_count(diff, &beside);
	}
	for (size_t i = 0; i < after.count; i++)
		cell_compare(arena, diff, new, side_match(&before, after.list[i]), after.list[i]);
	for (size_t i = 0; i < before.count; i++)
		if (!before.taken[i])
			cell_compare(arena, diff, old, before.list[i], NULL);
}

static const struct ledger_pair *pair_find(const struct ledger *ledger,
					   const struct ledger_pair *wanted)
{
	return array_find(pair, &ledger->pairs,
			  strcmp(pair->image, wanted->image) == 0 &&
				  strcmp(pair->feed, wanted->feed) == 0);
}

bool diff_make(struct arena *arena, const struct saved *old, const struct saved *new,
	       struct diff *ret, struct error *error)
{
	*ret = (struct diff){.old = old, .new = new};
	if (old->gate != new->gate)
		return fail(
			error,
			"cannot compare: %s is a report of kmodaudit %s, %s one of kmodaudit %s",
			old->path, old->gate ? "gate" : "audit", new->path,
			new->gate ? "gate" : "audit");
	if (old->gate) {
		ret->image_changed = !text_same(old->ledger.plan_sha256, new->ledger.plan_sha256);
		array_each(pair, &new->ledger.pairs)
			pair_compare(arena, ret, pair_find(&old->ledger, pair), pair);
		array_each(pair, &old->ledger.pairs)
			if (!pair_find(&new->ledger, pair))
				pair_compare(arena, ret, pair, NULL);
		return true;
	}
	ret->image_changed = !text_same(old->image_sha256, new->image_sha256) ||
			     (!old->image_sha256 && strcmp(old->ledger.pairs.list[0].source,
							   new->ledger.pairs.list[0].source) != 0);
	pair_compare(arena, ret, &old->ledger.pairs.list[0], &new->ledger.pairs.list[0]);
	return true;
}

const char *diff_result(const struct diff *diff)
{
	return diff->worse ? "worse" : diff->better ? "better" : "same";
}

const char *diff_headline(struct arena *arena, const struct diff *diff)
{
	struct strings parts = {0};
	const char *word = diff_result(diff);

	for (size_t i = 0; i < DIFF_CHANGES; i++)
		if (diff->changes[i])
			*array_add(arena, &parts) = arena_format(
				arena, "%zu %s%s", diff->changes[i], diff_change_name[i],
				i == DIFF_NEW && diff->new_bad
					? arena_format(arena, " (%zu unproven or unsafe)",
						       diff->new_bad)
					: "");
	/* a report with fewer packages or other changes is not called "same" */
	if (parts.count && !diff->worse && !diff->better)
		word = "not worse";
	if (diff->unchanged || !parts.count)
		*array_add(arena, &parts) = arena_format(arena, "%zu unchanged", diff->unchanged);
	return arena_format(arena, "%s: packages: %s", word,
			    strings_join(arena, &parts, parts.count));
}
