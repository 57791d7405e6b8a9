/* SPDX-License-Identifier: ISC */
/* Writes the policy of a run into a gate report, reads it back, and compares the
 * policies of two shards. */
#include "report/ledger/ledger_read.h"

#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "report/write/emit.h"

#include <string.h>

void policy_keys_print(struct emit *emit, const struct rules *rules)
{
	emit_key_string(emit, "name", rules->policy);
	emit_key_flow_list(emit, "accept");
	for (size_t proof = 0; proof < PROOF_COUNT; proof++)
		if (rules->accepted[proof])
			emit_string(emit, proof_name[proof]);
	emit_close(emit);
	emit_key_string(emit, "signature", wanted_signature_name[rules->signature]);
	emit_key_string(emit, "unproven", gate_name[rules->unproven]);
	emit_key_strings(emit, "waive", &rules->waivable);
	emit_key_strings(emit, "ignore", &rules->ignored);
}

/* Prints the policy: the levels, with which `merge` weighs waivers as the shards did,
 * and the rest, by which it detects shards with different policies. */
void ledger_policy_print(struct emit *emit, const struct rules *rules)
{
	emit_map(emit);
	policy_keys_print(emit, rules);
	emit_key_flow_map(emit, "levels");
	array_each(rule, rules)
		emit_key_string(emit, rule->id, level_name[rule->level]);
	emit_close(emit);
	emit_close(emit);
}

static bool accept_read(const struct yaml *policy, struct rules *rules)
{
	const struct yaml *accept = yaml_get(policy, "accept");

	memset(rules->accepted, 0, sizeof rules->accepted);
	yaml_each(entry, accept) {
		unsigned proof = text_index(entry->text, proof_name, PROOF_COUNT);

		if (proof == PROOF_COUNT)
			return false;
		rules->accepted[proof] = true;
	}
	return accept && accept->kind == YAML_LIST;
}

static bool globs_read(struct arena *arena, const struct yaml *list, struct strings *ret)
{
	*ret = (struct strings){0};
	yaml_each(entry, list) {
		if (entry->kind != YAML_TEXT)
			return false;
		*array_add(arena, ret) = unquote(arena, entry->text);
	}
	return list && list->kind == YAML_LIST;
}

static bool levels_read(struct arena *arena, const struct yaml *levels, const struct rules *words,
			struct rules *rules)
{
	rules->list = NULL;
	rules->count = rules->room = 0;
	array_each(rule, words) {
		struct rule *mine = array_add(arena, rules);
		unsigned level = text_index(yaml_text(levels, rule->id), level_name, LEVEL_COUNT);

		if (level == LEVEL_COUNT)
			return false;
		*mine = *rule;
		mine->level = (enum level)level;
	}
	return true;
}

bool ledger_policy_read(struct arena *arena, const char *path, const struct yaml *policy,
			const struct rules *words, const struct rules **ret, struct error *error)
{
	struct rules *rules = arena_new(arena, struct rules);
	unsigned signature =
		text_index(yaml_text(policy, "signature"), wanted_signature_name, WANTED_COUNT);
	unsigned unproven = text_index(yaml_text(policy, "unproven"), gate_name, GATE_COUNT);
	const char *name = yaml_text(policy, "name");

	*rules = *words;
	if (!name || signature == WANTED_COUNT || unproven == GATE_COUNT ||
	    !accept_read(policy, rules) ||
	    !globs_read(arena, yaml_get(policy, "waive"), &rules->waivable) ||
	    !globs_read(arena, yaml_get(policy, "ignore"), &rules->ignored) ||
	    !levels_read(arena, yaml_get(policy, "levels"), words, rules))
		return fail(error,
			    "%s: line %zu: not a policy as this version of kmodaudit writes it",
			    path, policy ? policy->line : 1);
	rules->policy = unquote(arena, name);
	rules->signature = (enum wanted_signature)signature;
	rules->unproven = (enum gate)unproven;
	*ret = rules;
	return true;
}

bool ledger_policy_same(const struct rules *a, const struct rules *b)
{
	if (strcmp(a->policy, b->policy) != 0 || a->unproven != b->unproven ||
	    a->signature != b->signature ||
	    memcmp(a->accepted, b->accepted, sizeof a->accepted) != 0 ||
	    !strings_same(&a->waivable, &b->waivable) || !strings_same(&a->ignored, &b->ignored))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].level != b->list[i].level)
			return false;
	return true;
}
