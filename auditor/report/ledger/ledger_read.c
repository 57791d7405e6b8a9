/* SPDX-License-Identifier: ISC */
#include "report/ledger/ledger_read.h"

#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "report/ledger/ledger_seal.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <string.h>

#define REPORT_MOST (1u << 30)

struct reading {
	struct arena *arena;
	const char *path;
	struct ledger *ledger;
	struct map pairs; /* "image\nfeed" -> index */
	struct map waivers; /* witness -> index */
};

static bool wrong(const struct reading *reading, const struct yaml *at, const char *what, struct error *error)
{
	return fail(error, "%s: line %zu: %s", reading->path, at ? at->line : 1, what);
}

static const char *text_of(const struct reading *reading, const struct yaml *map, const char *key)
{
	return yaml_unquoted(reading->arena, map, key);
}

static bool number_of(const struct reading *reading, const struct yaml *map, const char *key, size_t *ret,
		      struct error *error)
{
	return yaml_number(map, key, ret) ||
	       wrong(reading, map, arena_format(reading->arena, "%s must be a number", key), error);
}

static bool is_true(const struct yaml *map, const char *key)
{
	const char *text = yaml_text(map, key);

	return text && strcmp(text, "true") == 0;
}

/* The place of the text at KEY among COUNT NAMES. */
static bool word_of(const struct reading *reading, const struct yaml *map, const char *key, const char *const *names,
		    unsigned count, unsigned *ret, struct error *error)
{
	*ret = text_place(yaml_text(map, key), names, count);
	return *ret < count || wrong(reading, map, arena_format(reading->arena, "%s has an unknown value", key), error);
}

static bool list_of(const struct reading *reading, const struct yaml *map, const char *key, const struct yaml **ret,
		    struct error *error)
{
	*ret = yaml_get(map, key);
	return (*ret && (*ret)->kind == YAML_LIST) ||
	       wrong(reading, map, arena_format(reading->arena, "%s must be a list", key), error);
}

static bool finding_read(struct reading *reading, const struct yaml *entry, struct ledger_finding *ret,
			 struct error *error)
{
	const char *waived = text_of(reading, entry, "waived");
	struct finding *finding = &ret->finding;
	size_t more = 0;
	unsigned level;

	if (!word_of(reading, entry, "level", level_name, LEVEL_COUNT, &level, error) ||
	    (yaml_get(entry, "more") && !number_of(reading, entry, "more", &more, error)))
		return false;
	ret->level = (enum level)level;
	ret->source = text_of(reading, entry, "source");
	*finding = (struct finding){
		.id = text_of(reading, entry, "id"),
		.module = text_of(reading, entry, "module"),
		.subject = text_of(reading, entry, "subject"),
		.expected = text_of(reading, entry, "expected"),
		.found = text_of(reading, entry, "found"),
		.witness = {text_of(reading, entry, "image_witness"), text_of(reading, entry, "package_witness")},
		.text = text_of(reading, entry, "text"),
		.settle = text_of(reading, entry, "settle"),
		.more = more,
		.known = is_true(entry, "known"),
	};
	if (!finding->id)
		return wrong(reading, entry, "a finding has no id", error);
	if (!waived)
		return true;

	uint32_t place = map_get(&reading->waivers, waived);
	if (place == MAP_NONE)
		return wrong(reading, entry, "a finding refers to a waiver that is not listed", error);
	ret->waiver = &reading->ledger->waivers.list[place];
	return true;
}

static bool findings_read(struct reading *reading, const struct yaml *map, const char *key, struct ledger_findings *ret,
			  struct error *error)
{
	const struct yaml *list;

	if (!list_of(reading, map, key, &list, error))
		return false;
	yaml_each(entry, list)
		if (!finding_read(reading, entry, array_add(reading->arena, ret), error))
			return false;
	return true;
}

static bool sums_read(struct reading *reading, const struct yaml *map, struct ledger_pair *pair, struct error *error)
{
	struct ledger_sums *sums = &pair->sums;
	const struct {
		const char *key;
		size_t *to;
	} keys[] = {
		{"packages", &sums->packages},
		{"unrelated", &sums->unrelated},
		{"installed", &sums->verdict[VERDICT_INSTALLED]},
		{"safe", &sums->verdict[VERDICT_SAFE]},
		{"unsafe", &sums->verdict[VERDICT_UNSAFE]},
		{"unproven", &sums->verdict[VERDICT_UNPROVEN]},
		{"failing_unsafe", &sums->failing[VERDICT_UNSAFE]},
		{"failing_unproven", &sums->failing[VERDICT_UNPROVEN]},
		{"waived", &sums->waived},
		{"known", &sums->known},
		{"new_findings", &sums->baseline_new},
		{"unchanged_findings", &sums->baseline_unchanged},
		{"fixed_findings", &sums->baseline_fixed},
	};
	size_t count = sizeof keys / sizeof *keys;

	pair->baseline = yaml_get(map, "new_findings") != NULL;
	for (size_t i = 0; i < (pair->baseline ? count : count - 3); i++)
		if (!number_of(reading, map, keys[i].key, keys[i].to, error))
			return false;
	return true;
}

static const char *pair_key(struct arena *arena, const char *image, const char *feed)
{
	return arena_format(arena, "%s\n%s", image, feed);
}

static bool pair_read(struct reading *reading, const struct yaml *entry, struct error *error)
{
	struct ledger *ledger = reading->ledger;
	uint32_t place = (uint32_t)ledger->pairs.count;
	struct ledger_pair *pair = array_add(reading->arena, &ledger->pairs);
	unsigned gate;
	size_t status;

	pair->image = text_of(reading, entry, "image");
	pair->feed = text_of(reading, entry, "feed");
	pair->source = text_of(reading, entry, "source");
	if (!pair->image || !pair->feed)
		return wrong(reading, entry, "a pair has no image or no feed", error);
	if (map_put(&reading->pairs, reading->arena, pair_key(reading->arena, pair->image, pair->feed), place) != place)
		return wrong(reading, entry, "a pair occurs twice", error);
	if (!number_of(reading, entry, "place", &pair->place, error) ||
	    !word_of(reading, entry, "gate", gate_name, GATE_COUNT, &gate, error) ||
	    !number_of(reading, entry, "status", &status, error) ||
	    !sums_read(reading, yaml_get(entry, "summary"), pair, error) ||
	    !findings_read(reading, entry, "image_findings", &pair->image_findings, error) ||
	    !findings_read(reading, entry, "feed_findings", &pair->feed_findings, error))
		return false;
	pair->gate = (enum gate)gate;
	pair->status = (int)status;
	return status <= 3 || wrong(reading, entry, "unknown status", error);
}

static bool cell_read(struct reading *reading, const struct yaml *row, const struct yaml *entry, struct error *error)
{
	const char *image = text_of(reading, entry, "image"), *feed = text_of(reading, row, "feed");
	unsigned verdict, gate;
	uint32_t place = MAP_NONE;

	if (image && feed)
		place = map_get(&reading->pairs, pair_key(reading->arena, image, feed));
	if (place == MAP_NONE)
		return wrong(reading, entry, "a package belongs to no pair", error);

	struct ledger_cell *cell = array_add(reading->arena, &reading->ledger->pairs.list[place].cells);

	cell->name = text_of(reading, row, "package");
	cell->version = text_of(reading, row, "version");
	cell->file = text_of(reading, row, "file");
	cell->proof = text_of(reading, entry, "proof");
	cell->deciding = text_of(reading, entry, "finding");
	cell->deciding_text = text_of(reading, entry, "text");
	cell->waived = is_true(entry, "waived");
	cell->known = is_true(entry, "known");
	if (!cell->name)
		return wrong(reading, row, "a package has no name", error);
	if (!word_of(reading, entry, "verdict", verdict_name, VERDICT_COUNT, &verdict, error) ||
	    !word_of(reading, entry, "gate", gate_name, GATE_COUNT, &gate, error))
		return false;
	cell->verdict = (enum verdict)verdict;
	cell->gate = (enum gate)gate;
	return !yaml_get(entry, "findings") || findings_read(reading, entry, "findings", &cell->findings, error);
}

static bool row_read(struct reading *reading, const struct yaml *row, struct error *error)
{
	const struct yaml *images;

	if (!list_of(reading, row, "images", &images, error))
		return false;
	yaml_each(entry, images)
		if (!cell_read(reading, row, entry, error))
			return false;
	return true;
}

static bool waiver_read(struct reading *reading, const struct yaml *entry, struct error *error)
{
	uint32_t place = (uint32_t)reading->ledger->waivers.count;
	struct waiver *waiver = array_add(reading->arena, &reading->ledger->waivers);

	*waiver = (struct waiver){
		.rule = text_of(reading, entry, "rule"),
		.unknown = is_true(entry, "unknown"),
		.reason = text_of(reading, entry, "reason"),
		.owner = text_of(reading, entry, "owner"),
		.expires = text_of(reading, entry, "expires"),
		.witness = text_of(reading, entry, "by"),
		.expired = is_true(entry, "expired"),
		.refused = text_of(reading, entry, "refused"),
		.overlap = text_of(reading, entry, "overlap"),
	};
	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		waiver->globs[i] = text_of(reading, entry, waiver_glob_name[i]);
	if (!waiver->rule || !waiver->reason || !waiver->owner || !waiver->expires || !waiver->witness)
		return wrong(reading, entry, "a waiver lacks its rule, reason, owner, expires or by", error);
	if (map_put(&reading->waivers, reading->arena, waiver->witness, place) != place)
		return wrong(reading, entry, "a waiver occurs twice", error);
	return number_of(reading, entry, "findings", &waiver->used, error);
}

static bool waivers_take(struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *waivers = yaml_get(root, "waivers"), *list;

	if (!waivers)
		return true;
	reading->ledger->waivers.source = text_of(reading, waivers, "source");
	if (!reading->ledger->waivers.source)
		return wrong(reading, waivers, "waivers have no source", error);
	if (!list_of(reading, waivers, "list", &list, error))
		return false;
	yaml_each(entry, list)
		if (!waiver_read(reading, entry, error))
			return false;
	return true;
}

static bool names_read(const struct reading *reading, const struct yaml *root, const char *key, struct strings *ret,
		       struct error *error)
{
	const struct yaml *list;

	if (!list_of(reading, root, key, &list, error))
		return false;
	yaml_each(entry, list) {
		if (entry->kind != YAML_TEXT)
			return wrong(reading, entry, arena_format(reading->arena, "%s must be a list of names", key),
				     error);
		*array_add(reading->arena, ret) = unquote(reading->arena, entry->text);
	}
	return true;
}

/* "2/4", or null for the whole. */
static bool shard_read(struct reading *reading, const struct yaml *plan, struct error *error)
{
	const char *text = text_of(reading, plan, "shard");
	struct ledger *ledger = reading->ledger;

	if (!text)
		return true;
	return shard_parse(text, &ledger->shard, &ledger->shards) ||
	       wrong(reading, plan, "shard must be NUMBER/NUMBER", error);
}

static bool plan_take(struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *plan = yaml_get(root, "plan");
	struct ledger *ledger = reading->ledger;

	ledger->plan = text_of(reading, plan, "source");
	ledger->plan_sha256 = text_of(reading, plan, "sha256");
	if (!ledger->plan || !ledger->plan_sha256)
		return wrong(reading, root, "the plan is missing", error);
	if (!number_of(reading, plan, "pairs", &ledger->planned, error) || !shard_read(reading, plan, error))
		return false;
	return ledger->planned <= PAIRS_MOST || wrong(reading, plan, "too many pairs", error);
}

static bool root_read(struct reading *reading, const struct yaml *root, const struct rules *rules, struct error *error)
{
	const char *schema = yaml_text(root, "schema"), *version = yaml_text(yaml_get(root, "tool"), "version");
	const struct yaml *pairs, *matrix;

	if (!schema || strcmp(schema, "kmodaudit/gate/1") != 0)
		return fail(error, "%s: not a report of kmodaudit gate in YAML or JSON", reading->path);
	if (!version || strcmp(version, KMODAUDIT_VERSION) != 0)
		return fail(error, "%s: written by kmodaudit %s, but this is version %s", reading->path,
			    version ? version : "?", KMODAUDIT_VERSION);
	if (!plan_take(reading, root, error) ||
	    !ledger_policy_read(reading->arena, reading->path, yaml_get(root, "policy"), rules, &reading->ledger->rules,
				error) ||
	    !names_read(reading, root, "images", &reading->ledger->images, error) ||
	    !names_read(reading, root, "feeds", &reading->ledger->feeds, error) ||
	    !waivers_take(reading, root, error) || !list_of(reading, root, "pairs", &pairs, error) ||
	    !list_of(reading, root, "matrix", &matrix, error))
		return false;
	yaml_each(entry, pairs)
		if (!pair_read(reading, entry, error))
			return false;
	yaml_each(row, matrix)
		if (!row_read(reading, row, error))
			return false;
	return true;
}

bool ledger_read(struct arena *arena, const char *path, const struct rules *rules, struct ledger *ret,
		 struct error *error)
{
	struct reading reading = {.arena = arena, .path = path, .ledger = ret};
	const struct yaml *root;
	struct span text;

	*ret = (struct ledger){0};
	return file_read(arena, path, REPORT_MOST, &text, error) && yaml_parse_large(arena, path, text, &root, error) &&
	       root_read(&reading, root, rules, error) &&
	       (span_starts(text, "{") || seal_check(arena, path, text, error));
}
