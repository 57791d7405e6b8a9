/* SPDX-License-Identifier: ISC */
/* Matches the findings of a run with those of an earlier report and marks
 * the known ones. */
#include "verdict/gate/baseline_parts.h"

#include "base/text.h"

#include <string.h>

/* A finding "needs" is compared by the name of the needed package alone: what is wrong
 * with that package is reported, and compared, under its own name. */
static bool is_needs(const char *rule)
{
	return strcmp(rule, "needs") == 0;
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) : 0;
}

/* The sizes keep two keys apart whatever characters the names have. */
const char *baseline_key(struct arena *arena, bool package, const char *owner, const char *rule,
			 const char *module, const char *subject, enum level level)
{
	if (is_needs(rule))
		return arena_format(arena, "%s %zu %s", rule, size_of(owner), owner);
	return arena_format(arena, "%s %d %d %zu %s %zu %s %zu %s", rule, (int)level, package,
			    size_of(owner), owner, size_of(module), text_or_empty(module),
			    size_of(subject), text_or_empty(subject));
}

/* The place of the first thing with that KEY, from 1; 0: there is none. */
static size_t chain_start(const struct chains *chains, const char *key)
{
	uint32_t number = map_get(&chains->numbers, key);

	return number == MAP_NONE ? 0 : chains->list[number];
}

/* FINDING is known only if version, subject and sentence are the same as in the earlier
 * report, if it is one that no policy lets through, or about a needed package that the
 * earlier report does not list, because its own findings cannot be compared. */
static bool entry_fits(const struct baseline *baseline, const struct earlier *entry,
		       const struct pending *pending, bool any_version)
{
	const struct finding *finding = pending->finding;

	if (entry->used || finding->more > entry->more)
		return false;
	bool needs = is_needs(finding->id), strict = rule_fixed(finding->id) != NULL;
	if (needs && entry->level < pending->level)
		return false;
	if (needs)
		strict = !finding->subject || !chain_start(&baseline->names, finding->subject);
	if (strict)
		return text_same(entry->version, pending->version) &&
		       text_same(entry->text, finding->text) &&
		       text_same(entry->subject, finding->subject);
	return any_version || text_same(entry->version, pending->version);
}

static bool is_reported(const struct baseline *baseline, bool package, const char *owner)
{
	return !package || !baseline->only || !baseline->only->count ||
	       globs_fit(baseline->only, owner);
}

/* Looks for the finding in the earlier report and marks both as matched. A finding that
 * a waiver covers is neither known nor new, but its entry is used. */
static bool pending_match(struct baseline *baseline, struct pending *pending, bool any_version)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct finding *finding = pending->finding;
	const char *key = baseline_key(&scratch, pending->package, pending->owner, finding->id,
				       finding->module, finding->subject, pending->level);
	struct earlier *entry;

	for (size_t at = chain_start(&baseline->keys, key); at; at = entry->next) {
		entry = &baseline->entries.list[at - 1];
		if (!entry_fits(baseline, entry, pending, any_version))
			continue;
		entry->used = true;
		finding->known = !finding->waiver;
		baseline->unchanged += is_reported(baseline, pending->package, pending->owner);
		return true;
	}
	return false;
}

static struct pending pending_of(const char *owner, const struct package *package, enum level level,
				 struct finding *finding)
{
	return (struct pending){.finding = finding,
				.package = package != NULL,
				.owner = package ? package->name : owner,
				.version = package ? package->version : NULL,
				.level = level};
}

void baseline_mark_one(struct baseline *baseline, const char *owner, const struct package *package,
		       enum level level, struct finding *finding)
{
	struct pending pending = pending_of(owner, package, level, finding);

	if (level >= LEVEL_WARNING && !pending_match(baseline, &pending, false))
		*array_add(baseline->arena, &baseline->pending) = pending;
}

void baseline_mark(struct baseline *baseline, const char *owner, const struct package *package,
		   const struct rules *rules, struct findings *findings)
{
	array_each(finding, findings)
		baseline_mark_one(baseline, owner, package, rules_level(rules, finding), finding);
}

static void pending_count(struct baseline *baseline, const struct pending *pending)
{
	baseline->new +=
		!pending->finding->waiver &&is_reported(baseline, pending->package, pending->owner);
}

void baseline_settle(struct baseline *baseline)
{
	array_each(pending, &baseline->pending)
		if (!pending_match(baseline, pending, true))
			pending_count(baseline, pending);
	baseline->pending.count = 0;
}

/* The earlier report has the package in that version and says that no proof held; if it
 * does not have that version, any other version counts. */
static bool was_unproven(const struct baseline *baseline, const struct package *package)
{
	const struct listed *listed;
	bool any = false;

	for (size_t at = chain_start(&baseline->names, package->name); at; at = listed->next) {
		listed = &baseline->listed.list[at - 1];
		if (text_same(listed->version, package->version))
			return listed->unproven;
		any |= listed->unproven;
	}
	return any;
}

void baseline_mark_no_proof(struct baseline *baseline, const struct package *package,
			    struct finding *finding)
{
	struct pending pending = pending_of(NULL, package, LEVEL_UNKNOWN, finding);

	if (pending_match(baseline, &pending, false) || pending_match(baseline, &pending, true))
		return;
	if (was_unproven(baseline, package))
		finding->known = !finding->waiver;
	else
		pending_count(baseline, &pending);
}

void baseline_begin(struct baseline *baseline, const struct image *image,
		    const struct strings *only)
{
	const char *machine = machine_name(baseline->arena, image->machine);
	bool other_file = baseline->sha256 && image->sha256
				  ? !text_same(baseline->sha256, image->sha256)
				  : !text_same(baseline->image, image->source);

	baseline->only = only;
	if (baseline->architecture && machine && !text_same(baseline->architecture, machine))
		baseline->remark =
			arena_format(baseline->arena, "it is for another machine: %s, not %s",
				     baseline->architecture, machine);
	else if (other_file)
		baseline->remark = arena_format(
			baseline->arena, "it is for another image: %s%s", baseline->image,
			text_same(baseline->image, image->source) ? ", with different contents"
								  : "");
}

struct baseline_sums baseline_done(struct arena *arena, struct baseline *baseline)
{
	struct baseline_sums sums = {.source = baseline->source, .remark = baseline->remark};

	baseline_settle(baseline);
	sums.new = baseline->new;
	sums.unchanged = baseline->unchanged;
	array_each(entry, &baseline->entries) {
		if (entry->used || !is_reported(baseline, entry->package, entry->owner))
			continue;
		*array_add(arena, &sums.fixed_list) = arena_format(
			arena, "%s: %s%s%s%s%s", entry->owner, entry->rule,
			entry->module ? " " : "", entry->module ? entry->module : "",
			entry->subject ? " " : "", entry->subject ? entry->subject : "");
	}
	sums.fixed = sums.fixed_list.count;
	if (sums.fixed_list.count)
		qsort(sums.fixed_list.list, sums.fixed_list.count, sizeof *sums.fixed_list.list,
		      strings_compare);
	return sums;
}
