/* SPDX-License-Identifier: ISC */
/* Prints the verdicts of an audit as the report in YAML or
 * JSON (schema kmodaudit/report/1). */
#include "report/saved/tree.h"
#include "report/yaml/yaml_keys.h"

static void yaml_finding(struct emit *emit, const struct rules *rules,
			 const struct finding *finding)
{
	emit_map(emit);
	emit_key_string(emit, "id", finding->id);
	emit_key_string(emit, "level", level_name[rules_level(rules, finding)]);
	emit_optional_string(emit, "module", finding->module);
	emit_key_string(emit, "subject", finding->subject);
	emit_key_string(emit, "expected", finding->expected);
	emit_key_string(emit, "found", finding->found);
	emit_key_list(emit, "witness");
	for (size_t i = 0; i < sizeof(finding->witness) / sizeof(*finding->witness); i++)
		if (finding->witness[i])
			emit_string(emit, finding->witness[i]);
	emit_close(emit);
	emit_key_string(emit, "text", finding->text);
	emit_optional_string(emit, "settle", finding->settle);
	emit_optional_number(emit, "more", finding->more);
	if (finding->waiver) {
		emit_key_map(emit, "waived");
		emit_key_string(emit, "owner", finding->waiver->owner);
		emit_key_string(emit, "reason", finding->waiver->reason);
		emit_key_quoted(emit, "expires", finding->waiver->expires);
		emit_key_string(emit, "by", finding->waiver->witness);
		emit_close(emit);
	}
	emit_optional_true(emit, "known", finding->known);
	emit_close(emit);
}

static void yaml_findings(struct emit *emit, const struct rules *rules,
			  const struct findings *findings)
{
	emit_each(emit, "findings", finding, findings)
		yaml_finding(emit, rules, finding);
}

static void yaml_result(struct emit *emit, const struct rules *rules, const struct result *result)
{
	const struct package *package = result->package;

	emit_map(emit);
	emit_key_string(emit, "name", package->name);
	emit_key_quoted(emit, "version", package->version);
	emit_key_string(emit, "file", package->file);
	yaml_package_system(emit, package);
	emit_key_string(emit, "verdict", verdict_name[result->verdict]);
	emit_key_string(emit, "gate", gate_name[result->gate]);
	emit_key_string(emit, "proof", result->proof);
	emit_key_bool(emit, "proven", result->proven);
	emit_key_flow_list(emit, "modules");
	array_each(module, &package->modules)
		emit_string(emit, module->name);
	emit_close(emit);
	emit_key_strings(emit, "needs", &result->needs);
	yaml_findings(emit, rules, &result->findings);
	emit_close(emit);
}

static void yaml_waivers(struct emit *emit, const struct verdicts *verdicts)
{
	if (!verdicts->waivers)
		return;
	emit_key_map(emit, "waivers");
	emit_key_string(emit, "source", verdicts->waivers->source);
	emit_each(emit, "list", waiver, verdicts->waivers) {
		emit_map(emit);
		yaml_waiver_keys(emit, waiver);
		emit_key_string(emit, "state",
				waiver->refused	  ? "refused"
				: waiver->expired ? "expired"
				: waiver->used	  ? "active"
						  : "unused");
		emit_key_number(emit, "covers", waiver->used);
		emit_close(emit);
	}
	yaml_findings(emit, verdicts->rules, &verdicts->waiver_findings);
	emit_close(emit);
}

/* The keys of the image, its feeds, and how their configs differ. */
static void yaml_world(struct emit *emit, const struct verdicts *verdicts)
{
	const struct world *world = verdicts->world;
	const struct feeds *feeds = world_feeds(world);
	const struct comparison *comparison = world_any_comparison(world);

	emit_key_map(emit, "image");
	yaml_image_keys(emit, world_image(world), world_known_sets(world));
	yaml_findings(emit, verdicts->rules, &verdicts->image);
	emit_close(emit);
	emit_key_list(emit, "feeds");
	for (size_t i = 0; i < feeds->count; i++) {
		emit_map(emit);
		yaml_feed_keys(emit, &feeds->list[i], world_known_sets(world));
		yaml_findings(emit, verdicts->rules, &verdicts->feeds[i]);
		emit_close(emit);
	}
	emit_close(emit);
	if (emit_known(emit, "config_difference", comparison)) {
		emit_map(emit);
		yaml_comparison_keys(emit, comparison);
		emit_close(emit);
	}
}

/* The keys needed, install and excluded, the first and the last only if they have
 * something. */
static void yaml_install(struct emit *emit, const struct verdicts *verdicts)
{
	if (verdicts->needed.count > 0)
		emit_each(emit, "needed", needed, &verdicts->needed) {
			emit_map(emit);
			emit_key_string(emit, "package", needed->package->name);
			emit_key_quoted(emit, "version", needed->package->version);
			emit_key_string(emit, "file", needed->package->file);
			emit_key_string(emit, "verdict", verdict_name[needed->verdict]);
			emit_key_strings(emit, "needs", &needed->needs);
			emit_close(emit);
		}
	emit_key_strings(emit, "install", &verdicts->install);
	if (verdicts->excluded.count > 0)
		emit_each(emit, "excluded", exclusion, &verdicts->excluded) {
			emit_map(emit);
			emit_key_string(emit, "package", exclusion->package);
			emit_key_string(emit, "with", exclusion->with);
			emit_key_string(emit, "text", exclusion->text);
			emit_optional_true(emit, "kept", exclusion->kept);
			emit_close(emit);
		}
}

/* The keys gate, waivers, baseline and summary. */
static void yaml_answer(struct emit *emit, const struct verdicts *verdicts)
{
	const struct baseline_sums *baseline = verdicts->baseline;
	size_t bad = verdicts->count[VERDICT_UNSAFE] + verdicts->count[VERDICT_UNPROVEN];
	size_t unsafe = verdicts->failing[VERDICT_UNSAFE];

	emit_key_flow_map(emit, "gate");
	emit_key_string(emit, "result", gate_name[verdicts->gate]);
	emit_key_string(emit, "policy", verdicts->rules->policy);
	/* each unsafe or unproven package is counted once: it counts against the gate, or
	 * it is waived or in the baseline */
	emit_key_number(emit, "unsafe", unsafe);
	emit_key_number(emit, "unproven", bad - unsafe - verdicts->waived - verdicts->known);
	emit_key_number(emit, "waived", verdicts->waived);
	emit_key_number(emit, "known", verdicts->known);
	emit_close(emit);
	yaml_waivers(emit, verdicts);
	if (baseline) {
		emit_key_map(emit, "baseline");
		emit_key_string(emit, "source", baseline->source);
		emit_key_number(emit, "new", baseline->new);
		emit_key_number(emit, "unchanged", baseline->unchanged);
		emit_key_number(emit, "fixed", baseline->fixed);
		emit_key_strings(emit, "fixed_list", &baseline->fixed_list);
		emit_key_string(emit, "remark", baseline->remark);
		emit_close(emit);
	}
	emit_key_flow_map(emit, "summary");
	emit_key_number(emit, "packages", verdicts->results.count + verdicts->unrelated);
	emit_key_number(emit, "unrelated", verdicts->unrelated);
	yaml_counts(emit, verdicts->count);
	emit_close(emit);
}

static bool report_print(FILE *out, enum emit_form form, const struct verdicts *verdicts,
			 struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);

	if (verdicts->saved) {
		tree_emit(emit, verdicts->saved, verdicts->saved_json);
		return emit_end(emit, error);
	}
	emit_map(emit);
	emit_key_string(emit, "schema", "kmodaudit/report/1");
	yaml_tool(emit);
	yaml_world(emit, verdicts);
	emit_each(emit, "packages", result, &verdicts->results)
		yaml_result(emit, verdicts->rules, result);
	yaml_install(emit, verdicts);
	yaml_answer(emit, verdicts);
	emit_close(emit);
	return emit_end(emit, error);
}

bool yaml_report_print(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		       struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};

	(void)style;
	fprintf(out, "# %s\n", verdicts_headline(&arena, verdicts));
	return report_print(out, EMIT_YAML, verdicts, error);
}

bool json_report_print(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		       struct error *error)
{
	(void)style;
	return report_print(out, EMIT_JSON, verdicts, error);
}
