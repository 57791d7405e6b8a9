/* SPDX-License-Identifier: ISC */
/* Prints the rules and the policy of `kmodaudit rules` as YAML or JSON. */
#include "report/ledger/ledger_read.h"
#include "report/report.h"
#include "report/write/emit.h"

bool yaml_rules(FILE *out, enum emit_form form, const struct rules *rules, const struct rule *only,
		struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);

	emit_map(emit);
	emit_key_string(emit, "schema", "kmodaudit/rules/1");
	emit_key_map(emit, "policy");
	policy_keys_print(emit, rules);
	emit_close(emit);
	emit_each(emit, "rules", rule, rules) {
		if (only && rule != only)
			continue;
		emit_map(emit);
		emit_key_string(emit, "id", rule->id);
		emit_key_string(emit, "level", level_name[rule->level]);
		emit_key_string(emit, "unknown", level_name[rule->unknown]);
		emit_key_bool(emit, "fixed", rule_fixed(rule->id));
		emit_key_string(emit, "title", rule->title);
		emit_key_string(emit, "why", rule->why);
		emit_key_string(emit, "remedy", rule->remedy);
		emit_key_string(emit, "source", rule->source);
		emit_close(emit);
	}
	emit_close(emit);
	return emit_end(emit, error);
}
