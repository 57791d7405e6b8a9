/* SPDX-License-Identifier: ISC */
/* Parses the YAML report of `kmodaudit gate` (schema kmodaudit/gate/1) back into a ledger. */
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
	struct fields fields;
	struct ledger *ledger;
	struct map pairs; /* "image\nfeed" -> index */
	struct map waivers; /* witness -> index */
};

static bool finding_read(struct reading *reading, const struct yaml *entry,
			 struct ledger_finding *ret, struct error *error)
{
	const char *waived = field_text(&reading->fields, entry, "waived");
	struct finding *finding = &ret->finding;
	size_t more = 0;
	unsigned level;

	if (!field_word(&reading->fields, entry, "level", level_name, LEVEL_COUNT, &level, error) ||
	    (yaml_get(entry, "more") &&
	     !field_number(&reading->fields, entry, "more", &more, error)))
		return false;
	ret->level = (enum level)level;
	ret->source = field_text(&reading->fields, entry, "source");
	finding->id = field_text(&reading->fields, entry, "id");
	for (const struct ledger_member *at = ledger_finding_members; at->key; at++)
		*ledger_finding_text(finding, at) = field_text(&reading->fields, entry, at->key);
	finding->more = more;
	finding->known = field_true(entry, "known");
	if (!finding->id)
		return field_wrong(&reading->fields, entry, "a finding has no id", error);
	if (!waived)
		return true;

	uint32_t place = map_get(&reading->waivers, waived);
	if (place == MAP_NONE)
		return field_wrong(&reading->fields, entry,
				   "a finding refers to a waiver that is not listed", error);
	ret->waiver = &reading->ledger->waivers.list[place];
	return true;
}

static bool findings_read(struct reading *reading, const struct yaml *map, const char *key,
			  struct ledger_findings *ret, struct error *error)
{
	const struct yaml *list;

	if (!field_list(&reading->fields, map, key, &list, error))
		return false;
	yaml_each(entry, list)
		if (!finding_read(reading, entry, array_add(reading->fields.arena, ret), error))
			return false;
	return true;
}

static bool sums_read(struct reading *reading, const struct yaml *map, struct ledger_pair *pair,
		      struct error *error)
{
	pair->baseline = yaml_get(map, "new_findings") != NULL;
	for (const struct ledger_member *at = ledger_sum_members; at->key; at++)
		if ((pair->baseline || !at->baseline) &&
		    !field_number(&reading->fields, map, at->key, ledger_sum(&pair->sums, at),
				  error))
			return false;
	return true;
}

static const char *pair_key(struct arena *arena, const char *image, const char *feed)
{
	return arena_format(arena, "%s\n%s", image, feed);
}

static bool option_entry_read(struct reading *reading, const struct yaml *entry,
			      struct ledger_options *options, struct error *error)
{
	struct ledger_option *option = array_add(reading->fields.arena, options);

	*option = (struct ledger_option){
		.option = field_text(&reading->fields, entry, "option"),
		.before = field_text(&reading->fields, entry, "before"),
		.after = field_text(&reading->fields, entry, "after"),
		.core = field_true(entry, "core"),
		.by = field_text(&reading->fields, entry, "by"),
	};
	if (!option->option)
		return field_wrong(&reading->fields, entry, "an option has no name", error);
	return field_names(&reading->fields, entry, "structs", &option->structs, error);
}

static bool differing_read(struct reading *reading, const struct yaml *map,
			   struct ledger_options *options, struct error *error)
{
	const struct yaml *list;

	if (!map)
		return true;
	options->compared = true;
	options->series = field_text(&reading->fields, map, "series");
	if (!field_number(&reading->fields, map, "more", &options->more, error) ||
	    !field_list(&reading->fields, map, "list", &list, error))
		return false;
	yaml_each(entry, list)
		if (!option_entry_read(reading, entry, options, error))
			return false;
	return true;
}

static void card_read(struct reading *reading, const struct yaml *map, struct ledger_card *card)
{
	for (const struct ledger_member *at = ledger_card_members; at->key; at++)
		*ledger_card_text(card, at) = field_text(&reading->fields, map, at->key);
}

static bool pair_read(struct reading *reading, const struct yaml *entry, struct error *error)
{
	struct ledger *ledger = reading->ledger;
	uint32_t place = (uint32_t)ledger->pairs.count;
	struct ledger_pair *pair = array_add(reading->fields.arena, &ledger->pairs);
	unsigned gate;
	size_t status;

	pair->image = field_text(&reading->fields, entry, "image");
	pair->feed = field_text(&reading->fields, entry, "feed");
	pair->source = field_text(&reading->fields, entry, "source");
	card_read(reading, yaml_get(entry, "card"), &pair->card);
	if (!pair->image || !pair->feed)
		return field_wrong(&reading->fields, entry, "a pair has no image or no feed",
				   error);
	if (map_put(&reading->pairs, reading->fields.arena,
		    pair_key(reading->fields.arena, pair->image, pair->feed), place) != place)
		return field_wrong(&reading->fields, entry, "a pair occurs twice", error);
	if (!field_number(&reading->fields, entry, "place", &pair->place, error) ||
	    !field_word(&reading->fields, entry, "gate", gate_name, GATE_COUNT, &gate, error) ||
	    !field_number(&reading->fields, entry, "status", &status, error) ||
	    !sums_read(reading, yaml_get(entry, "summary"), pair, error) ||
	    !differing_read(reading, yaml_get(entry, "options"), &pair->options, error) ||
	    !findings_read(reading, entry, "image_findings", &pair->image_findings, error) ||
	    !findings_read(reading, entry, "feed_findings", &pair->feed_findings, error))
		return false;
	pair->gate = (enum gate)gate;
	pair->status = (int)status;
	return status <= 3 || field_wrong(&reading->fields, entry, "unknown status", error);
}

static bool cell_read(struct reading *reading, const struct yaml *row, const struct yaml *entry,
		      struct error *error)
{
	const char *image = field_text(&reading->fields, entry, "image"),
		   *feed = field_text(&reading->fields, row, "feed");
	unsigned verdict, gate;
	uint32_t place = MAP_NONE;

	if (image && feed)
		place = map_get(&reading->pairs, pair_key(reading->fields.arena, image, feed));
	if (place == MAP_NONE)
		return field_wrong(&reading->fields, entry, "a package belongs to no pair", error);

	struct ledger_cell *cell =
		array_add(reading->fields.arena, &reading->ledger->pairs.list[place].cells);

	cell->name = field_text(&reading->fields, row, "package");
	cell->version = field_text(&reading->fields, row, "version");
	cell->file = field_text(&reading->fields, row, "file");
	cell->proof = field_text(&reading->fields, entry, "proof");
	cell->deciding = field_text(&reading->fields, entry, "finding");
	cell->deciding_text = field_text(&reading->fields, entry, "text");
	cell->waived = field_true(entry, "waived");
	cell->known = field_true(entry, "known");
	if (!cell->name)
		return field_wrong(&reading->fields, row, "a package has no name", error);
	if (!field_word(&reading->fields, entry, "verdict", verdict_name, VERDICT_COUNT, &verdict,
			error) ||
	    !field_word(&reading->fields, entry, "gate", gate_name, GATE_COUNT, &gate, error))
		return false;
	cell->verdict = (enum verdict)verdict;
	cell->gate = (enum gate)gate;
	if (yaml_get(entry, "needs") &&
	    !field_names(&reading->fields, entry, "needs", &cell->needs, error))
		return false;
	if (yaml_get(entry, "notes") &&
	    !findings_read(reading, entry, "notes", &cell->notes, error))
		return false;
	return !yaml_get(entry, "findings") ||
	       findings_read(reading, entry, "findings", &cell->findings, error);
}

static bool row_read(struct reading *reading, const struct yaml *row, struct error *error)
{
	const struct yaml *images;

	if (!field_list(&reading->fields, row, "images", &images, error))
		return false;
	yaml_each(entry, images)
		if (!cell_read(reading, row, entry, error))
			return false;
	return true;
}

static bool waiver_read(struct reading *reading, const struct yaml *entry, struct error *error)
{
	uint32_t place = (uint32_t)reading->ledger->waivers.count;
	struct waiver *waiver = array_add(reading->fields.arena, &reading->ledger->waivers);

	*waiver = (struct waiver){
		.rule = field_text(&reading->fields, entry, "rule"),
		.unknown = field_true(entry, "unknown"),
		.reason = field_text(&reading->fields, entry, "reason"),
		.owner = field_text(&reading->fields, entry, "owner"),
		.expires = field_text(&reading->fields, entry, "expires"),
		.witness = field_text(&reading->fields, entry, "by"),
		.expired = field_true(entry, "expired"),
		.refused = field_text(&reading->fields, entry, "refused"),
		.overlap = field_text(&reading->fields, entry, "overlap"),
	};
	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		waiver->globs[i] = field_text(&reading->fields, entry, waiver_glob_name[i]);
	if (!waiver->rule || !waiver->reason || !waiver->owner || !waiver->expires ||
	    !waiver->witness)
		return field_wrong(&reading->fields, entry,
				   "a waiver lacks its rule, reason, owner, expires or by", error);
	if (map_put(&reading->waivers, reading->fields.arena, waiver->witness, place) != place)
		return field_wrong(&reading->fields, entry, "a waiver occurs twice", error);
	return field_number(&reading->fields, entry, "findings", &waiver->used, error);
}

static bool waivers_key_read(struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *waivers = yaml_get(root, "waivers"), *list;

	if (!waivers)
		return true;
	reading->ledger->waivers.source = field_text(&reading->fields, waivers, "source");
	if (!reading->ledger->waivers.source)
		return field_wrong(&reading->fields, waivers, "waivers have no source", error);
	if (!field_list(&reading->fields, waivers, "list", &list, error))
		return false;
	yaml_each(entry, list)
		if (!waiver_read(reading, entry, error))
			return false;
	return true;
}

/* parses "2/4", or null for a ledger that is not a shard */
static bool shard_read(struct reading *reading, const struct yaml *plan, struct error *error)
{
	const char *text = field_text(&reading->fields, plan, "shard");
	struct ledger *ledger = reading->ledger;

	if (!text)
		return true;
	return shard_parse(text, &ledger->shard, &ledger->shards) ||
	       field_wrong(&reading->fields, plan, "shard must be NUMBER/NUMBER", error);
}

static bool plan_key_read(struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *plan = yaml_get(root, "plan");
	struct ledger *ledger = reading->ledger;

	ledger->plan = field_text(&reading->fields, plan, "source");
	ledger->plan_sha256 = field_text(&reading->fields, plan, "sha256");
	if (!ledger->plan || !ledger->plan_sha256)
		return field_wrong(&reading->fields, root, "the plan is missing", error);
	if (!field_number(&reading->fields, plan, "pairs", &ledger->planned, error) ||
	    !shard_read(reading, plan, error))
		return false;
	return ledger->planned <= PAIRS_MOST ||
	       field_wrong(&reading->fields, plan, "too many pairs", error);
}

static bool root_read(struct reading *reading, const struct yaml *root, const struct rules *rules,
		      struct error *error)
{
	const char *schema = yaml_text(root, "schema"),
		   *version = yaml_text(yaml_get(root, "tool"), "version");
	const struct yaml *pairs, *matrix;

	if (!schema || strcmp(schema, "kmodaudit/gate/1") != 0)
		return fail(error, "%s: not a report of kmodaudit gate in YAML or JSON",
			    reading->fields.path);
	if (!version || strcmp(version, KMODAUDIT_VERSION) != 0)
		return fail(error, "%s: written by kmodaudit %s, but this is version %s",
			    reading->fields.path, version ? version : "?", KMODAUDIT_VERSION);
	if (!plan_key_read(reading, root, error) ||
	    !ledger_policy_read(reading->fields.arena, reading->fields.path,
				yaml_get(root, "policy"), rules, &reading->ledger->rules, error) ||
	    !field_names(&reading->fields, root, "images", &reading->ledger->images, error) ||
	    !field_names(&reading->fields, root, "feeds", &reading->ledger->feeds, error) ||
	    !waivers_key_read(reading, root, error) ||
	    !field_list(&reading->fields, root, "pairs", &pairs, error) ||
	    !field_list(&reading->fields, root, "matrix", &matrix, error))
		return false;
	yaml_each(entry, pairs)
		if (!pair_read(reading, entry, error))
			return false;
	yaml_each(row, matrix)
		if (!row_read(reading, row, error))
			return false;
	return true;
}

bool ledger_read(struct arena *arena, const char *path, const struct rules *rules,
		 struct ledger *ret, struct error *error)
{
	struct reading reading = {.fields = {arena, path}, .ledger = ret};
	const struct yaml *root;
	struct span text;

	*ret = (struct ledger){0};
	return file_read(arena, path, REPORT_MOST, &text, error) &&
	       yaml_parse_large(arena, path, text, &root, error) &&
	       root_read(&reading, root, rules, error) &&
	       (span_starts(text, "{") || seal_check(arena, path, text, error));
}
