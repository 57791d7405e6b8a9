/* SPDX-License-Identifier: ISC */
/* Prints the keys that audit and gate reports share: tool, counts
 * of verdicts, waivers. */
#include "report/yaml/yaml_keys.h"

void yaml_tool(struct emit *emit)
{
	emit_key_flow_map(emit, "tool");
	emit_key_string(emit, "name", "kmodaudit");
	emit_key_quoted(emit, "version", KMODAUDIT_VERSION);
	emit_close(emit);
}

void yaml_counts(struct emit *emit, const size_t count[VERDICT_COUNT])
{
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		emit_key_number(emit, verdict_name[verdict_order[i]], count[verdict_order[i]]);
}

void yaml_waiver_keys(struct emit *emit, const struct waiver *waiver)
{
	emit_key_string(emit, "rule", waiver->rule);
	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		if (waiver->globs[i])
			emit_key_string(emit, waiver_glob_name[i], waiver->globs[i]);
	emit_optional_true(emit, "unknown", waiver->unknown);
	emit_key_string(emit, "reason", waiver->reason);
	emit_key_string(emit, "owner", waiver->owner);
	emit_key_quoted(emit, "expires", waiver->expires);
	emit_key_string(emit, "by", waiver->witness);
}
