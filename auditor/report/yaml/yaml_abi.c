/* SPDX-License-Identifier: ISC */
/* Prints whose abi hash this is, and the difference of two sets, as YAML or JSON. */
#include "report/hash_answer.h"

#include "report/yaml/yaml_keys.h"

static void yaml_answer(struct emit *emit, const struct hash_answer *answer)
{
	emit_map(emit);
	emit_key_string(emit, "source", answer->source);
	emit_key_quoted(emit, "hash", answer->hash);
	emit_key_quoted(emit, "version", answer->version);
	emit_key_strings(emit, "witnesses", &answer->witnesses);
	emit_known_number(emit, "packages", answer->packages, answer->packages);
	emit_key_bool(emit, "known", answer->known);
	emit_known_number(emit, "lines", answer->has_set, answer->set.lines.count);
	emit_each(emit, "builds", build, &answer->builds) {
		emit_flow_map(emit);
		emit_key_quoted(emit, "release", build->release);
		emit_key_string(emit, "target", build->target);
		emit_key_string(emit, "variant", *build->variant ? build->variant : NULL);
		emit_key_quoted(emit, "kernel", *build->kernel ? build->kernel : NULL);
		emit_key_string(emit, "hash", build->hash);
		emit_key_bool(emit, "official", !build->origin);
		emit_key_string(emit, "confirmed", build->confirmed);
		emit_key_string(emit, "from", build->origin);
		emit_close(emit);
	}
	emit_key_string(emit, "found", answer->found);
	emit_key_strings(emit, "turned", &answer->turned);
	emit_key_number(emit, "tried", answer->tried);
	emit_key_string(emit, "searched", answer->searched);
	emit_key_string(emit, "remark", answer->remark);
	emit_close(emit);
}

bool hash_answers_yaml(FILE *out, enum emit_form form, const struct hash_answers *answers,
		       struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);

	emit_map(emit);
	emit_each(emit, "answers", answer, answers)
		yaml_answer(emit, answer);
	emit_close(emit);
	return emit_end(emit, error);
}

bool abi_difference_yaml(FILE *out, enum emit_form form, const struct abi_difference *difference,
			 struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);

	emit_map(emit);
	emit_key(emit, "a");
	yaml_answer(emit, difference->a);
	emit_key(emit, "b");
	yaml_answer(emit, difference->b);
	yaml_layout_rules(emit, &difference->comparison->layout);
	emit_each(emit, "difference", line, &difference->lines) {
		_cleanup_arena_ struct arena arena = {.top = NULL};
		struct line_effect effect = line_effect_of(&arena, difference->comparison, *line);

		emit_map(emit);
		emit_key_quoted(emit, "line", *line);
		emit_key_strings(emit, "structs", &effect.structs);
		emit_key_strings(emit, "turns_on", &effect.turns_on);
		emit_key_string(emit, "kind", effect.kind);
		emit_key_string(emit, "why", effect.why);
		emit_close(emit);
	}
	emit_close(emit);
	return emit_end(emit, error);
}
