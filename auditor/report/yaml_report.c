#include "report/yaml_keys.h"

static void yaml_witnesses(struct emit *emit, const struct finding *finding)
{
	emit_key(emit, "witness");
	emit_list(emit);
	for (size_t i = 0; i < sizeof(finding->witness) / sizeof(*finding->witness); i++)
		if (finding->witness[i])
			emit_string(emit, finding->witness[i]);
	emit_close(emit);
}

static void yaml_finding(struct emit *emit, const struct rules *rules, const struct finding *finding)
{
	emit_map(emit);
	emit_key_string(emit, "id", finding->id);
	emit_key_string(emit, "level", level_name[rules_level(rules, finding)]);
	if (finding->module)
		emit_key_string(emit, "module", finding->module);
	emit_key_string(emit, "subject", finding->subject);
	emit_key_string(emit, "expected", finding->expected);
	emit_key_string(emit, "found", finding->found);
	yaml_witnesses(emit, finding);
	emit_key_string(emit, "text", finding->text);
	if (finding->settle)
		emit_key_string(emit, "settle", finding->settle);
	if (finding->more)
		emit_key_number(emit, "more", finding->more);
	emit_close(emit);
}

static void yaml_findings(struct emit *emit, const struct rules *rules, const struct findings *findings)
{
	emit_key(emit, "findings");
	emit_list(emit);
	array_each(finding, findings)
		yaml_finding(emit, rules, finding);
	emit_close(emit);
}

static void yaml_feeds(struct emit *emit, const struct verdicts *verdicts)
{
	const struct feeds *feeds = world_feeds(verdicts->world);

	emit_key(emit, "feeds");
	emit_list(emit);
	for (size_t i = 0; i < feeds->count; i++) {
		emit_map(emit);
		yaml_feed_keys(emit, &feeds->list[i]);
		yaml_findings(emit, verdicts->rules, &verdicts->feeds[i]);
		emit_close(emit);
	}
	emit_close(emit);
}

static void yaml_world_difference(struct emit *emit, const struct world *world)
{
	const struct comparison *comparison = world_any_comparison(world);

	emit_key(emit, "config_difference");
	if (!comparison) {
		emit_null(emit);
		return;
	}
	emit_map(emit);
	yaml_comparison_keys(emit, comparison);
	emit_close(emit);
}

static void yaml_result(struct emit *emit, const struct rules *rules, const struct result *result)
{
	const struct package *package = result->package;

	emit_map(emit);
	emit_key_string(emit, "name", package->name);
	emit_key_quoted(emit, "version", package->version);
	emit_key_string(emit, "file", package->file);
	emit_key_string(emit, "verdict", verdict_name[result->verdict]);
	emit_key_string(emit, "proof", result->proof);
	emit_key(emit, "modules");
	emit_flow_list(emit);
	array_each(module, &package->modules)
		emit_string(emit, module->name);
	emit_close(emit);
	emit_key_strings(emit, "needs", &result->needs);
	yaml_findings(emit, rules, &result->findings);
	emit_close(emit);
}

static void yaml_summary(struct emit *emit, const struct verdicts *verdicts)
{
	static const enum verdict order[] = {VERDICT_INSTALLED, VERDICT_SAFE, VERDICT_UNSAFE, VERDICT_UNPROVEN};

	emit_key(emit, "summary");
	emit_flow_map(emit);
	emit_key_number(emit, "packages", verdicts->results.count + verdicts->unrelated);
	emit_key_number(emit, "unrelated", verdicts->unrelated);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		emit_key_number(emit, verdict_name[order[i]], verdicts->count[order[i]]);
	emit_close(emit);
}

bool yaml_report_print(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		       struct error *error)
{
	struct emit *emit = emit_begin(out, false);

	(void)style;
	emit_map(emit);
	emit_key_string(emit, "schema", "kmodaudit/report/1");
	emit_key(emit, "tool");
	emit_flow_map(emit);
	emit_key_string(emit, "name", "kmodaudit");
	emit_key_quoted(emit, "version", KMODAUDIT_VERSION);
	emit_close(emit);
	emit_key(emit, "image");
	emit_map(emit);
	yaml_image_keys(emit, world_image(verdicts->world));
	yaml_findings(emit, verdicts->rules, &verdicts->image);
	emit_close(emit);
	yaml_feeds(emit, verdicts);
	yaml_world_difference(emit, verdicts->world);
	emit_key(emit, "packages");
	emit_list(emit);
	array_each(result, &verdicts->results)
		yaml_result(emit, verdicts->rules, result);
	emit_close(emit);
	emit_key_strings(emit, "install", &verdicts->install);
	yaml_summary(emit, verdicts);
	emit_close(emit);
	return emit_end(emit, error);
}
