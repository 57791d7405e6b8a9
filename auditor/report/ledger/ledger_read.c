/* SPDX-License-Identifier: ISC */
/* Parses the YAML report of `kmodaudit gate` (schema kmodaudit/gate/1) back
 * into a ledger. */
#include "report/ledger/ledger_read.h"

#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "report/ledger/fields.h"
#include "report/ledger/ledger_members.h"
#include "report/ledger/ledger_seal.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <string.h>

#define REPORT_MOST (1u << 30)

struct reading {
	struct fields *in;
	struct arena *arena;
	struct ledger *ledger;
	struct map pairs; /* "image\nfeed" -> index */
	struct map waivers; /* witness -> index */
};

static struct ledger_findings findings_read(struct reading *reading, const struct yaml *map,
					    const char *key)
{
	const struct yaml *list = field_list(reading->in, map, key);
	struct ledger_findings findings = {0};

	yaml_each(entry, list) {
		struct ledger_finding *one = array_add(reading->arena, &findings);
		struct finding *finding = &one->finding;
		const char *waived = field_text(reading->in, entry, "waived");
		uint32_t place = waived ? map_get(&reading->waivers, waived) : MAP_NONE;

		one->level = (enum level)field_word(reading->in, entry, "level", level_name,
						    LEVEL_COUNT);
		if (yaml_get(entry, "more"))
			finding->more = field_number(reading->in, entry, "more");
		one->source = field_text(reading->in, entry, "source");
		finding->id = field_text(reading->in, entry, "id");
		for (const struct ledger_member *at = ledger_finding_members; at->key; at++)
			*ledger_finding_text(finding, at) = field_text(reading->in, entry, at->key);
		finding->known = field_true(entry, "known");
		if (!finding->id)
			field_wrong(reading->in, entry, "a finding has no id");
		if (waived && place == MAP_NONE)
			field_wrong(reading->in, entry,
				    "a finding refers to a waiver that is not listed");
		else if (waived)
			one->waiver = &reading->ledger->waivers.list[place];
	}
	return findings;
}

static const char *pair_key(struct arena *arena, const char *image, const char *feed)
{
	return arena_format(arena, "%s\n%s", image, feed);
}

static struct ledger_options differing_read(struct reading *reading, const struct yaml *map)
{
	struct ledger_options options = {.compared = true,
					 .series = field_text(reading->in, map, "series"),
					 .places = field_text(reading->in, map, "places"),
					 .more = field_number(reading->in, map, "more")};
	const struct yaml *list = field_list(reading->in, map, "list");

	yaml_each(entry, list) {
		struct ledger_option *option = array_add(reading->arena, &options);

		*option = (struct ledger_option){
			.option = field_text(reading->in, entry, "option"),
			.before = field_text(reading->in, entry, "before"),
			.after = field_text(reading->in, entry, "after"),
			.core = field_true(entry, "core"),
			.by = field_text(reading->in, entry, "by"),
		};
		if (!option->option)
			field_wrong(reading->in, entry, "an option has no name");
		option->structs = field_names(reading->in, entry, "structs");
	}
	return options;
}

static void pair_read(struct reading *reading, const struct yaml *entry)
{
	uint32_t place = (uint32_t)reading->ledger->pairs.count;
	struct ledger_pair *pair = array_add(reading->arena, &reading->ledger->pairs);
	const struct yaml *card = yaml_get(entry, "card"), *sums = yaml_get(entry, "summary");

	pair->image = field_text(reading->in, entry, "image");
	pair->feed = field_text(reading->in, entry, "feed");
	pair->source = field_text(reading->in, entry, "source");
	for (const struct ledger_member *at = ledger_card_members; at->key; at++)
		*ledger_card_text(&pair->card, at) = field_text(reading->in, card, at->key);
	if (!pair->image || !pair->feed)
		field_wrong(reading->in, entry, "a pair has no image or no feed");
	else if (map_put(&reading->pairs, reading->arena,
			 pair_key(reading->arena, pair->image, pair->feed), place) != place)
		field_wrong(reading->in, entry, "a pair occurs twice");
	pair->place = field_number(reading->in, entry, "place");
	pair->gate = (enum gate)field_word(reading->in, entry, "gate", gate_name, GATE_COUNT);
	pair->status = (int)field_number(reading->in, entry, "status");
	pair->baseline = yaml_get(sums, "new_findings") != NULL;
	for (const struct ledger_member *at = ledger_sum_members; at->key; at++)
		if (pair->baseline || !at->baseline)
			*ledger_sum(&pair->sums, at) = field_number(reading->in, sums, at->key);
	if (yaml_get(entry, "options"))
		pair->options = differing_read(reading, yaml_get(entry, "options"));
	pair->image_findings = findings_read(reading, entry, "image_findings");
	pair->feed_findings = findings_read(reading, entry, "feed_findings");
	if (pair->status < 0 || pair->status > 3)
		field_wrong(reading->in, entry, "unknown status");
}

static void cell_read(struct reading *reading, const struct yaml *row, const struct yaml *entry)
{
	const char *image = field_text(reading->in, entry, "image"),
		   *feed = field_text(reading->in, row, "feed");
	uint32_t place = MAP_NONE;

	if (image && feed)
		place = map_get(&reading->pairs, pair_key(reading->arena, image, feed));
	if (place == MAP_NONE) {
		field_wrong(reading->in, entry, "a package belongs to no pair");
		return;
	}

	struct ledger_cell *cell =
		array_add(reading->arena, &reading->ledger->pairs.list[place].cells);

	cell->name = field_text(reading->in, row, "package");
	cell->version = field_text(reading->in, row, "version");
	cell->file = field_text(reading->in, row, "file");
	cell->proof = field_text(reading->in, entry, "proof");
	cell->deciding = field_text(reading->in, entry, "finding");
	cell->deciding_text = field_text(reading->in, entry, "text");
	cell->waived = field_true(entry, "waived");
	cell->known = field_true(entry, "known");
	if (!cell->name)
		field_wrong(reading->in, row, "a package has no name");
	cell->verdict = (enum verdict)field_word(reading->in, entry, "verdict", verdict_name,
						 VERDICT_COUNT);
	cell->gate = (enum gate)field_word(reading->in, entry, "gate", gate_name, GATE_COUNT);
	if (yaml_get(entry, "needs"))
		cell->needs = field_names(reading->in, entry, "needs");
	if (yaml_get(entry, "notes"))
		cell->notes = findings_read(reading, entry, "notes");
	if (yaml_get(entry, "findings"))
		cell->findings = findings_read(reading, entry, "findings");
}

static void waivers_key_read(struct reading *reading, const struct yaml *map)
{
	struct waivers *waivers = &reading->ledger->waivers;
	const struct yaml *list;

	waivers->source = field_text(reading->in, map, "source");
	if (!waivers->source)
		field_wrong(reading->in, map, "waivers have no source");
	list = field_list(reading->in, map, "list");
	yaml_each(entry, list) {
		uint32_t place = (uint32_t)waivers->count;
		struct waiver *waiver = array_add(reading->arena, waivers);

		*waiver = field_waiver(reading->in, entry);
		waiver->expired = field_true(entry, "expired");
		waiver->refused = field_text(reading->in, entry, "refused");
		waiver->overlap = field_text(reading->in, entry, "overlap");
		if (waiver->witness &&
		    map_put(&reading->waivers, reading->arena, waiver->witness, place) != place)
			field_wrong(reading->in, entry, "a waiver occurs twice");
		waiver->used = field_number(reading->in, entry, "findings");
	}
}

static void plan_key_read(struct reading *reading, const struct yaml *root)
{
	const struct yaml *plan = yaml_get(root, "plan");
	const char *shard = field_text(reading->in, plan, "shard");
	struct ledger *ledger = reading->ledger;

	ledger->plan = field_text(reading->in, plan, "source");
	ledger->plan_sha256 = field_text(reading->in, plan, "sha256");
	if (!ledger->plan || !ledger->plan_sha256)
		field_wrong(reading->in, root, "the plan is missing");
	ledger->planned = field_number(reading->in, plan, "pairs");
	/* "2/4", or null for a ledger that is not a shard */
	if (shard && !shard_parse(shard, &ledger->shard, &ledger->shards))
		field_wrong(reading->in, plan, "shard must be NUMBER/NUMBER");
	if (ledger->planned > PAIRS_MOST)
		field_wrong(reading->in, plan, "too many pairs");
}

static bool root_read(struct reading *reading, const struct yaml *root, const struct rules *rules,
		      struct error *error)
{
	const char *version = yaml_text(yaml_get(root, "tool"), "version");
	struct ledger *ledger = reading->ledger;
	const struct yaml *pairs, *matrix;

	if (!text_same(yaml_text(root, "schema"), "kmodaudit/gate/1"))
		return fail(error, "%s: not a report of kmodaudit gate in YAML or JSON",
			    reading->in->path);
	if (!text_same(version, KMODAUDIT_VERSION))
		return fail(error, "%s: written by kmodaudit %s, but this is version %s",
			    reading->in->path, version ? version : "?", KMODAUDIT_VERSION);
	plan_key_read(reading, root);
	if (reading->in->failed ||
	    !ledger_policy_read(reading->arena, reading->in->path, yaml_get(root, "policy"), rules,
				&ledger->rules, error))
		return false;
	ledger->images = field_names(reading->in, root, "images");
	ledger->feeds = field_names(reading->in, root, "feeds");
	if (yaml_get(root, "waivers"))
		waivers_key_read(reading, yaml_get(root, "waivers"));
	pairs = field_list(reading->in, root, "pairs");
	matrix = field_list(reading->in, root, "matrix");
	yaml_each(entry, pairs)
		pair_read(reading, entry);
	yaml_each(row, matrix) {
		const struct yaml *images = field_list(reading->in, row, "images");

		yaml_each(entry, images)
			cell_read(reading, row, entry);
	}
	return !reading->in->failed;
}

bool ledger_read(struct arena *arena, const char *path, const struct rules *rules,
		 struct ledger *ret, struct error *error)
{
	struct fields in = {arena, path, error, false};
	struct reading reading = {.in = &in, .arena = arena, .ledger = ret};
	const struct yaml *root;
	struct span text;

	*ret = (struct ledger){0};
	return file_read(arena, path, REPORT_MOST, &text, error) &&
	       yaml_parse_large(arena, path, text, &root, error) &&
	       root_read(&reading, root, rules, error) &&
	       (span_starts(text, "{") || seal_check(arena, path, text, error));
}
