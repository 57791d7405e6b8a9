/* SPDX-License-Identifier: ISC */
/* Folds the findings of a ledger into remarks, one per reason with all packages and
 * images it concerns, for annotations and summaries. */
#include "report/remarks.h"

#include "base/map.h"
#include "base/text.h"
#include "report/report.h"
#include "verdict/settle.h"

struct gathering {
	struct arena *arena;
	const struct ledger *ledger;
	struct map reasons; /* the key of a reason -> index in REMARKS */
	struct map leading; /* ids of rules that decided about some package */
	struct map texts; /* remark and sentence, to count different sentences */
	struct remarks remarks;
};

/* What a finding is about; members that do not apply are NULL. */
struct about {
	const char *package, *file, *image, *feed;
};

/* Findings with equal keys become one remark. If two values were compared, the values
 * are the reason, because the sentence may contain the module's name. */
static const char *reason_key(struct arena *arena, const struct ledger_finding *from,
			      enum gate weight)
{
	const struct finding *finding = &from->finding;
	bool compared = finding->expected && finding->found;
	const char *reason =
		compared ? arena_format(arena, "%s\n%s", finding->expected, finding->found)
			 : text_or_empty(finding->text);

	return arena_format(arena, "%d %d %d %p %d\n%s\n%s", (int)weight, (int)from->level,
			    (int)finding->known, (const void *)from->waiver, (int)compared,
			    finding->id, reason);
}

static void name_add(struct arena *arena, struct strings *names, const char *name)
{
	if (name)
		*array_add(arena, names) = name;
}

static struct remark *remark_add(struct gathering *gathering, const struct ledger_finding *from,
				 enum gate weight, struct about about)
{
	struct arena *arena = gathering->arena;
	uint32_t next = (uint32_t)gathering->remarks.count;
	uint32_t place = map_put(&gathering->reasons, arena, reason_key(arena, from, weight), next);
	const char *sentence =
		arena_format(arena, "%u\n%s", place, text_or_empty(from->finding.text));
	uint32_t seen = (uint32_t)gathering->texts.count;

	if (place == next) {
		const struct finding *first = &from->finding;
		const struct rules *rules = gathering->ledger->rules;
		const struct rule *rule = rules_find(rules, first->id);

		*array_add(arena, &gathering->remarks) = (struct remark){
			.weight = weight,
			.level = from->level,
			.id = first->id,
			.text = text_or_empty(first->text ? first->text : first->subject),
			.settle = settle_told(arena, first->settle, SETTLE_AUDIT),
			.waiver = from->waiver,
			.known = first->known,
			.place = rule ? (size_t)(rule - rules->list) : SIZE_MAX,
			.beside = about.package &&
				  map_get(&gathering->leading, first->id) == MAP_NONE,
		};
	}

	struct remark *remark = &gathering->remarks.list[place];

	remark->texts += map_put(&gathering->texts, arena, sentence, seen) == seen;
	remark->count += 1 + from->finding.more;
	remark->file = remark->file ? remark->file : about.file;
	name_add(arena, &remark->packages, about.package);
	name_add(arena, &remark->images, about.image);
	name_add(arena, &remark->feeds, about.feed);
	return remark;
}

/* How much FROM weighs. FAILING: the gate's result for its package, image or feed. */
static enum gate weight_of(const struct rules *rules, const struct ledger_finding *from,
			   enum gate failing)
{
	if (from->waiver || from->finding.known || from->level == LEVEL_NOTE)
		return GATE_PASS;
	if (from->level == LEVEL_ERROR)
		return failing;
	if (from->level != LEVEL_UNKNOWN)
		return GATE_WARN;
	return failing < rules->unproven ? failing : rules->unproven;
}

static void cell_gather(struct gathering *gathering, const struct ledger_pair *pair,
			const struct ledger_cell *cell)
{
	struct about about = {.package = cell->name, .file = cell->file, .image = pair->image};
	bool said = cell->gate == GATE_PASS;

	array_each(finding, &cell->findings) {
		enum gate weight = weight_of(gathering->ledger->rules, finding, cell->gate);

		/* whether a package fits does not matter once it is installed */
		if (cell->verdict == VERDICT_INSTALLED && cell->gate == GATE_PASS &&
		    finding->level == LEVEL_UNKNOWN && !finding->waiver && !finding->finding.known)
			continue;
		remark_add(gathering, finding, weight, about);
		said |= weight >= cell->gate && finding->level > LEVEL_WARNING;
	}
	if (!said) {
		/* there is always a remark for a package that the gate does not pass */
		struct ledger_finding reason = {
			.level = cell->verdict == VERDICT_UNSAFE ? LEVEL_ERROR : LEVEL_UNKNOWN,
			.finding.id = cell->deciding ? cell->deciding : verdict_name[cell->verdict],
			.finding.text =
				cell->deciding_text ? cell->deciding_text : "no reason stated",
		};

		remark_add(gathering, &reason, cell->gate, about);
	}
}

static int order(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

/* 0: A and B have the same rule and weight. */
static int rule_compare(const struct remark *a, const struct remark *b)
{
	int by_weight = order(b->weight, a->weight), by_level = order(b->level, a->level);
	int by_place = order(a->place, b->place), by_id = strcmp(a->id, b->id);
	int by_waiver = order((uintptr_t)a->waiver, (uintptr_t)b->waiver),
	    by_known = order(a->known, b->known);
	int by_cause = order(a->beside, b->beside);
	int by[] = {by_weight, by_level, by_cause, by_place, by_id, by_waiver, by_known};

	for (size_t i = 0; i < sizeof by / sizeof *by; i++)
		if (by[i])
			return by[i];
	return 0;
}

static int remark_compare(const void *left, const void *right)
{
	const struct remark *a = left, *b = right;
	int by_rule = rule_compare(a, b), by_count = order(b->count, a->count);

	return by_rule ? by_rule : by_count ? by_count : strcmp(a->text, b->text);
}

static void remark_tidy(struct remark *remark)
{
	strings_unique(&remark->packages);
	strings_unique(&remark->images);
	strings_unique(&remark->feeds);
}

struct remarks remarks_of(struct arena *arena, const struct ledger *ledger)
{
	struct gathering gathering = {.arena = arena, .ledger = ledger};

	array_each(pair, &ledger->pairs)
		array_each(cell, &pair->cells)
			if (cell->deciding)
				map_put(&gathering.leading, arena, cell->deciding, 1);
	array_each(pair, &ledger->pairs) {
		array_each(finding, &pair->image_findings)
			remark_add(&gathering, finding,
				   weight_of(ledger->rules, finding, pair->gate),
				   (struct about){.image = pair->image});
		array_each(finding, &pair->feed_findings)
			remark_add(&gathering, finding,
				   weight_of(ledger->rules, finding, pair->gate),
				   (struct about){.feed = finding->source ? finding->source
									  : pair->feed});
		array_each(cell, &pair->cells)
			cell_gather(&gathering, pair, cell);
	}
	array_each(finding, &ledger->waiver_findings) {
		struct ledger_finding from = {.finding = *finding,
					      .level = rules_level(ledger->rules, finding)};
		enum gate weight = from.level == LEVEL_ERROR  ? GATE_FAIL
				   : from.level == LEVEL_NOTE ? GATE_PASS
							      : GATE_WARN;
		struct about about = {.file = ledger->waivers.source};
		struct remark *remark = remark_add(&gathering, &from, weight, about);

		remark->line = remark->line ? remark->line : ledger_line(finding);
	}
	array_each(remark, &gathering.remarks)
		remark_tidy(remark);
	array_sort(&gathering.remarks, remark_compare);
	return gathering.remarks;
}

struct remarks remarks_by_rule(struct arena *arena, const struct remarks *remarks, size_t most)
{
	struct remarks folded = {0};

	for (size_t i = 0, same; i < remarks->count; i += same) {
		const struct remark *first = &remarks->list[i];
		for (same = 1; i + same < remarks->count && rule_compare(first, first + same) == 0;
		     same++)
			;
		if (same <= most) {
			for (size_t j = 0; j < same; j++)
				*array_add(arena, &folded) = first[j];
			continue;
		}

		struct remark *whole = array_add(arena, &folded);

		*whole = *first;
		whole->packages = whole->images = whole->feeds = (struct strings){0};
		whole->count = whole->texts = 0;
		for (size_t j = 0; j < same; j++) {
			whole->count += first[j].count;
			whole->texts += first[j].texts;
			array_append(arena, &whole->packages, &first[j].packages);
			array_append(arena, &whole->images, &first[j].images);
			array_append(arena, &whole->feeds, &first[j].feeds);
		}
		remark_tidy(whole);
	}
	return folded;
}

const char *remark_scope(struct arena *arena, const struct remark *remark)
{
	const char *packages = text_count(arena, remark->packages.count, "package");
	const char *images = text_count(arena, remark->images.count, "image");

	if (remark->packages.count)
		return arena_format(arena, "%s on %s", packages, images);
	if (remark->images.count)
		return images;
	return remark->feeds.count ? text_count(arena, remark->feeds.count, "feed") : "";
}

const char *remark_passes(struct arena *arena, const struct remark *remark)
{
	if (remark->waiver)
		return arena_format(arena, "waived by %s until %s: %s", remark->waiver->owner,
				    remark->waiver->expires, remark->waiver->reason);
	return remark->known ? "known from the baseline" : NULL;
}
