/* SPDX-License-Identifier: ISC */
/* Prints one SARIF result: its message, locations, fingerprints,
 * suppression and properties. */
#include "report/ci/sarif.h"

static void logical_location(struct json_emit *emit, const char *name, const char *whole,
			     const char *kind)
{
	json_emit_map(emit);
	json_emit_key_string(emit, "name", name);
	json_emit_key_string(emit, "fullyQualifiedName", whole);
	json_emit_key_string(emit, "kind", kind);
	json_emit_close(emit);
}

/* Writes the file, if there is one, and as logical locations the package, the module in
 * it, and for rules about symbols the symbol. */
static void location(struct json_emit *emit, struct arena *arena, const struct sarif_run *run,
		     const struct sarif_case *item)
{
	const struct finding *finding = item->finding;
	const char *whole = item->owner;

	json_emit_map(emit);
	if (item->file) {
		bool below;
		const char *uri = sarif_uri(arena, item->file, run->folder, &below);
		/* GitHub shows only results with a line. A module has no lines: all are
		 * in the first. */
		size_t line = item->pair ? 0 : ledger_line(finding);

		line = line ? line : 1;
		json_emit_key_map(emit, "physicalLocation");
		json_emit_key_map(emit, "artifactLocation");
		json_emit_key_string(emit, "uri", uri);
		json_emit_key_string(emit, "uriBaseId", below ? "%SRCROOT%" : NULL);
		json_emit_close(emit);
		json_emit_key_map(emit, "region");
		json_emit_key_number(emit, "startLine", line);
		json_emit_key_number(emit, "startColumn", 1);
		json_emit_key_number(emit, "endLine", line);
		json_emit_key_number(emit, "endColumn", 1);
		json_emit_close(emit);
		json_emit_close(emit);
	}
	json_emit_key_list(emit, "logicalLocations");
	logical_location(emit, item->owner, item->owner, item->cell ? "package" : "resource");
	if (finding->module) {
		whole = arena_format(arena, "%s/%s", whole, finding->module);
		logical_location(emit, finding->module, whole, "module");
	}
	if (finding->subject && strncmp(finding->id, "symbol-", strlen("symbol-")) == 0)
		logical_location(emit, finding->subject,
				 arena_format(arena, "%s/%s", whole, finding->subject), "member");
	json_emit_close(emit);
	json_emit_close(emit);
}

/* A message such as "kmod-x on fw.bin: TEXT. What would settle it: ..." */
static const char *message(struct arena *arena, const struct sarif_run *run,
			   const struct sarif_case *item)
{
	const struct finding *finding = item->finding;
	const struct rule *rule = rules_find(run->ledger->rules, finding->id);
	const char *said = finding->text ? finding->text : finding->id;
	const char *text =
		item->cell
			? arena_format(arena, "%s on %s: %s.", item->owner, item->pair->image, said)
		: item->pair ? arena_format(arena, "%s %s: %s.", item->owner,
					    strcmp(item->owner, "feed") == 0 ? item->pair->feed
									     : item->pair->image,
					    said)
			     : arena_format(arena, "%s: %s.", finding->subject, said);

	if (finding->more)
		text = arena_format(arena, "%s And %zu more like it.", text, finding->more);
	if (item->level == LEVEL_UNKNOWN && finding->settle)
		text = arena_format(arena, "%s What would settle it: %s.", text, finding->settle);
	else if (item->level == LEVEL_UNKNOWN && rule)
		text = arena_format(arena, "%s %s", text, rule->remedy);
	return sarif_message(arena, text);
}

/* Writes two fingerprints: our own, and the one that GitHub uses, in its form: a hash
 * and the number of occurrences so far. */
static void fingerprints(struct json_emit *emit, struct arena *arena, struct sarif_run *run,
			 const struct sarif_case *item)
{
	const struct ledger_pair none = {.image = run->ledger->waivers.source};
	const char *print = ledger_fingerprint(run->arena, item->pair ? item->pair : &none,
					       item->owner, item->finding);
	uint32_t place = map_put(&run->fingerprints, run->arena, print, (uint32_t)run->times.count);

	if (place == run->times.count)
		array_add(run->arena, &run->times);
	run->times.list[place]++;
	json_emit_key_map(emit, "partialFingerprints");
	json_emit_key_string(emit, "kmodaudit/v1", print);
	json_emit_key_string(emit, "primaryLocationLineHash",
			     arena_format(arena, "%.16s:%zu", print, run->times.list[place]));
	json_emit_close(emit);
}

static void properties(struct json_emit *emit, const struct sarif_case *item)
{
	const struct finding *finding = item->finding;

	json_emit_key_map(emit, "properties");
	json_emit_key_string(emit, "level", level_name[item->level]);
	json_emit_key_string(emit, "image", item->pair ? item->pair->image : NULL);
	json_emit_key_string(emit, "feed", item->pair ? item->pair->feed : NULL);
	if (item->cell) {
		json_emit_key_string(emit, "package", item->cell->name);
		json_emit_key_string(emit, "version", item->cell->version);
		json_emit_key_string(emit, "verdict", verdict_name[item->cell->verdict]);
		json_emit_key_string(emit, "proof", item->cell->proof);
		json_emit_key_string(emit, "gate", gate_name[item->cell->gate]);
	}
	json_emit_key_string(emit, "module", finding->module);
	json_emit_key_string(emit, "subject", finding->subject);
	json_emit_key_string(emit, "expected", finding->expected);
	json_emit_key_string(emit, "found", finding->found);
	json_emit_key_list(emit, "witness");
	for (size_t i = 0; i < sizeof finding->witness / sizeof *finding->witness; i++)
		if (finding->witness[i])
			json_emit_string(emit, finding->witness[i]);
	json_emit_close(emit);
	json_emit_key_string(emit, "settle", finding->settle);
	if (finding->more)
		json_emit_key_number(emit, "more", finding->more);
	json_emit_close(emit);
}

void sarif_result(struct json_emit *emit, struct sarif_run *run, const struct sarif_case *item)
{
	_cleanup_arena_ struct arena arena = {0};
	const struct rules *rules = run->ledger->rules;
	const struct rule *rule = rules_find(rules, item->finding->id);
	const struct waiver *waiver = run->ledger->waivers.source ? item->waiver : NULL;

	json_emit_map(emit);
	json_emit_key_string(emit, "ruleId", item->finding->id);
	if (rule)
		json_emit_key_number(emit, "ruleIndex", (size_t)(rule - rules->list));
	json_emit_key_string(emit, "level", sarif_level(item->level));
	sarif_text(emit, "message", message(&arena, run, item));
	json_emit_key_list(emit, "locations");
	location(emit, &arena, run, item);
	json_emit_close(emit);
	fingerprints(emit, &arena, run, item);
	/* either all results must state whether they are suppressed, or none */
	if (run->ledger->waivers.source)
		json_emit_key_list(emit, "suppressions");
	if (waiver) {
		json_emit_map(emit);
		json_emit_key_string(emit, "kind", "external");
		json_emit_key_string(emit, "status", "accepted");
		json_emit_key_string(emit, "justification",
				     arena_format(&arena, "%s (%s, until %s)", waiver->reason,
						  waiver->owner, waiver->expires));
		json_emit_key_map(emit, "properties");
		json_emit_key_string(emit, "waiver", waiver->witness);
		json_emit_close(emit);
		json_emit_close(emit);
	}
	if (run->ledger->waivers.source)
		json_emit_close(emit);
	if (run->baseline)
		json_emit_key_string(emit, "baselineState",
				     item->finding->known ? "unchanged" : "new");
	properties(emit, item);
	json_emit_close(emit);
}
