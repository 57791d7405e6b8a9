/* SPDX-License-Identifier: ISC */
/* Prints the result of diff as YAML or JSON. */
#include "report/saved/diff.h"
#include "report/yaml/yaml_keys.h"

static void report_emit(struct emit *emit, const char *key, const struct saved *saved)
{
	struct arena arena _cleanup_arena_ = {0};

	emit_key_map(emit, key);
	emit_key_string(emit, "source", saved->path);
	emit_key_string(emit, "of", saved->gate ? "gate" : "audit");
	emit_key_string(emit, "headline", ledger_headline(&arena, &saved->ledger));
	if (saved->gate) {
		emit_key_string(emit, "plan", saved->ledger.plan);
		emit_key_quoted(emit, "sha256", saved->ledger.plan_sha256);
	} else {
		emit_key_string(emit, "image", saved->ledger.pairs.list[0].source);
		emit_key_quoted(emit, "sha256", saved->image_sha256);
	}
	emit_close(emit);
}

static void findings_emit(struct emit *emit, const char *key, const struct diff_findings *findings)
{
	emit_each(emit, key, one, findings) {
		const struct finding *finding = &(*one)->finding;

		emit_map(emit);
		emit_key_string(emit, "id", finding->id);
		emit_key_string(emit, "level", level_name[(*one)->level]);
		emit_key_string(emit, "module", finding->module);
		emit_key_string(emit, "subject", finding->subject);
		emit_key_string(emit, "text", finding->text);
		emit_close(emit);
	}
}

bool diff_print_document(FILE *out, enum emit_form form, const struct diff *diff,
			 struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};

	if (form == EMIT_YAML)
		fprintf(out, "# %s\n", diff_headline(&arena, diff));

	struct emit *emit = emit_begin(out, form, false);

	emit_map(emit);
	emit_key_string(emit, "schema", "kmodaudit/diff/1");
	yaml_tool(emit);
	emit_key_string(emit, "result", diff_result(diff));
	report_emit(emit, "old", diff->old);
	report_emit(emit, "new", diff->new);
	emit_key_bool(emit, diff->new->gate ? "plan_changed" : "image_changed",
		      diff->image_changed);
	emit_each(emit, "changes", item, &diff->items) {
		const struct ledger_cell *old = item->old, *new = item->new;

		emit_map(emit);
		emit_key_string(emit, "image", item->pair->image);
		emit_key_string(emit, "feed", item->pair->feed);
		emit_key_string(emit, "package", new ? new->name : old ? old->name : NULL);
		emit_key_string(emit, "change", diff_change_name[item->change]);
		emit_key_bool(emit, "worse", item->worse);
		emit_key_quoted(emit, "old_version", old ? old->version : NULL);
		emit_key_quoted(emit, "version", new ? new->version : NULL);
		emit_key_string(emit, "old_verdict", old ? verdict_name[old->verdict] : NULL);
		emit_key_string(emit, "verdict", new ? verdict_name[new->verdict] : NULL);
		findings_emit(emit, "new_findings", &item->appeared);
		findings_emit(emit, "fixed_findings", &item->fixed);
		emit_close(emit);
	}
	emit_key_flow_map(emit, "summary");
	for (size_t i = 0; i < DIFF_CHANGES; i++)
		emit_key_number(emit, diff_change_name[i], diff->changes[i]);
	emit_key_number(emit, "unchanged", diff->unchanged);
	emit_key_number(emit, "new_findings", diff->appeared);
	emit_key_number(emit, "fixed_findings", diff->fixed);
	emit_close(emit);
	emit_close(emit);
	return emit_end(emit, error);
}
