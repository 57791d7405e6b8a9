/* SPDX-License-Identifier: ISC */
/* Prints a ledger as the gate report in YAML or JSON (schema kmodaudit/gate/1). */
#include "report/ledger/ledger_members.h"
#include "report/ledger/ledger_read.h"
#include "report/ledger/ledger_rows.h"
#include "report/ledger/ledger_seal.h"
#include "report/yaml/yaml_keys.h"

static void yaml_finding(struct emit *emit, const struct ledger_finding *from)
{
	struct finding finding = from->finding;

	emit_flow_map(emit);
	emit_key_string(emit, "id", finding.id);
	emit_key_string(emit, "level", level_name[from->level]);
	emit_optional_string(emit, "source", from->source);
	for (const struct ledger_member *at = ledger_finding_members; at->key; at++)
		if (*ledger_finding_text(&finding, at))
			emit_key_string(emit, at->key, *ledger_finding_text(&finding, at));
	emit_optional_number(emit, "more", finding.more);
	if (from->waiver)
		emit_key_string(emit, "waived", from->waiver->witness);
	emit_optional_true(emit, "known", finding.known);
	emit_close(emit);
}

static void yaml_findings(struct emit *emit, const char *key,
			  const struct ledger_findings *findings)
{
	emit_each(emit, key, finding, findings)
		yaml_finding(emit, finding);
}

static void yaml_sums(struct emit *emit, struct ledger_sums sums, bool baseline)
{
	for (const struct ledger_member *at = ledger_sum_members; at->key; at++)
		if (baseline || !at->baseline)
			emit_key_number(emit, at->key, *ledger_sum(&sums, at));
}

/* Prints the key only if both configs are known. */
static void yaml_options(struct emit *emit, const struct ledger_options *options)
{
	if (!options->compared)
		return;
	emit_key_map(emit, "options");
	emit_key_quoted(emit, "series", options->series);
	emit_key_string(emit, "places", options->places);
	emit_key_number(emit, "more", options->more);
	emit_each(emit, "list", option, options) {
		emit_flow_map(emit);
		emit_key_string(emit, "option", option->option);
		emit_key_quoted(emit, "before", option->before);
		emit_key_quoted(emit, "after", option->after);
		emit_key_bool(emit, "core", option->core);
		emit_optional_string(emit, "by", option->by);
		emit_key_flow_list(emit, "structs");
		array_each(text, &option->structs)
			emit_string(emit, *text);
		emit_close(emit);
		emit_close(emit);
	}
	emit_close(emit);
}

static void yaml_pairs(struct emit *emit, const struct ledger *ledger)
{
	emit_each(emit, "pairs", pair, &ledger->pairs) {
		emit_map(emit);
		emit_key_number(emit, "place", pair->place);
		emit_key_string(emit, "image", pair->image);
		emit_key_string(emit, "feed", pair->feed);
		emit_key_string(emit, "source", pair->source);
		emit_key_map(emit, "card");
		for (const struct ledger_member *at = ledger_card_members; at->key; at++)
			emit_key_quoted(emit, at->key, *ledger_card_text(&pair->card, at));
		emit_close(emit);
		yaml_options(emit, &pair->options);
		emit_key_string(emit, "gate", gate_name[pair->gate]);
		emit_key_number(emit, "status", (uint64_t)pair->status);
		emit_key_flow_map(emit, "summary");
		yaml_sums(emit, pair->sums, pair->baseline);
		emit_close(emit);
		yaml_findings(emit, "image_findings", &pair->image_findings);
		yaml_findings(emit, "feed_findings", &pair->feed_findings);
		emit_close(emit);
	}
}

/* Prints a cell, on one line if it has neither findings nor notes. */
static void yaml_cell(struct emit *emit, const struct ledger_row_cell *at)
{
	const struct ledger_cell *cell = at->cell;

	bool several = cell->findings.count || cell->notes.count;

	if (several)
		emit_map(emit);
	else
		emit_flow_map(emit);
	emit_key_string(emit, "image", at->pair->image);
	emit_key_string(emit, "verdict", verdict_name[cell->verdict]);
	emit_key_string(emit, "gate", gate_name[cell->gate]);
	emit_optional_string(emit, "proof", cell->proof);
	emit_optional_true(emit, "waived", cell->waived);
	emit_optional_true(emit, "known", cell->known);
	emit_key_string(emit, "finding", cell->deciding);
	if (cell->needs.count) {
		emit_key_flow_list(emit, "needs");
		array_each(name, &cell->needs)
			emit_string(emit, *name);
		emit_close(emit);
	}
	if (cell->findings.count) {
		emit_key_string(emit, "text", cell->deciding_text);
		yaml_findings(emit, "findings", &cell->findings);
	}
	if (cell->notes.count)
		yaml_findings(emit, "notes", &cell->notes);
	emit_close(emit);
}

static void yaml_waivers(struct emit *emit, const struct ledger *ledger)
{
	if (!ledger->waivers.source)
		return;
	emit_key_map(emit, "waivers");
	emit_key_string(emit, "source", ledger->waivers.source);
	emit_each(emit, "list", waiver, &ledger->waivers) {
		emit_map(emit);
		yaml_waiver_keys(emit, waiver);
		emit_key_bool(emit, "expired", waiver->expired);
		emit_key_string(emit, "refused", waiver->refused);
		emit_key_number(emit, "findings", waiver->used);
		emit_key_string(emit, "overlap", waiver->overlap);
		emit_close(emit);
	}
	emit_each(emit, "findings", finding, &ledger->waiver_findings) {
		struct ledger_finding one = {.finding = *finding,
					     .level = rules_level(ledger->rules, finding)};
		yaml_finding(emit, &one);
	}
	emit_close(emit);
}

static bool report_print(FILE *out, enum emit_form form, struct arena *arena,
			 const struct ledger *ledger, struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);
	struct ledger_rows rows = ledger_rows(arena, ledger);

	emit_map(emit);
	emit_key_string(emit, "schema", "kmodaudit/gate/1");
	yaml_tool(emit);
	emit_key_map(emit, "plan");
	emit_key_string(emit, "source", ledger->plan);
	emit_key_quoted(emit, "sha256", ledger->plan_sha256);
	emit_key_number(emit, "pairs", ledger->planned);
	emit_key_quoted(emit, "shard",
			ledger->shards ? arena_format(arena, "%u/%u", ledger->shard, ledger->shards)
				       : NULL);
	emit_close(emit);
	emit_key(emit, "policy");
	ledger_policy_print(emit, ledger->rules);
	emit_key_flow_map(emit, "result");
	emit_key_string(emit, "gate", gate_name[ledger->gate]);
	emit_key_number(emit, "status", (uint64_t)ledger->status);
	emit_key_number(emit, "pairs", ledger->pairs.count);
	emit_key_number(emit, "pairs_failing", ledger->pairs_failing);
	yaml_sums(emit, ledger->sums, ledger_has_baseline(ledger));
	emit_close(emit);
	emit_key_strings(emit, "images", &ledger->images);
	emit_key_strings(emit, "feeds", &ledger->feeds);
	yaml_pairs(emit, ledger);
	emit_each(emit, "matrix", row, &rows) {
		emit_map(emit);
		emit_key_string(emit, "package", row->first->name);
		emit_key_quoted(emit, "version", row->first->version);
		emit_key_string(emit, "file", row->first->file);
		emit_key_string(emit, "feed", row->feed);
		emit_key_list(emit, "images");
		for (size_t i = 0; i < row->count; i++)
			yaml_cell(emit, &row->list[i]);
		emit_close(emit);
		emit_close(emit);
	}
	yaml_waivers(emit, ledger);
	emit_close(emit);
	return emit_end(emit, error);
}

bool ledger_yaml_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		       struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	(void)style;
	if (!memory)
		return fail(error, "cannot write: out of memory");

	fprintf(memory, "# %s\n", ledger_headline(&arena, ledger));
	bool good = report_print(memory, EMIT_YAML, &arena, ledger, error);
	if (fclose(memory) && good)
		good = fail(error, "cannot write: out of memory");
	if (good)
		seal_print(out, &arena, span_from(text, size));
	free(text);
	return good;
}

/* JSON has no comments, so it has no seal, and both forms have the same content. */
bool ledger_json_print(FILE *out, const struct ledger *ledger, const struct report_style *style,
		       struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};

	(void)style;
	return report_print(out, EMIT_JSON, &arena, ledger, error);
}
