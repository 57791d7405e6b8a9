/* SPDX-License-Identifier: ISC */
/* Parses policies, presets and policy files: accepted proofs, levels of rules, what may
 * be waived, wanted signatures. */
#include "verdict/rule_files.h"

#include "base/suggest.h"
#include "base/text.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

const char *const preset_names[] = {"strict", "default", "lenient", NULL};

static bool accept_read(const char *path, const struct yaml *accept, struct rules *rules,
			struct error *error)
{
	bool accepted[PROOF_COUNT] = {false};

	if (accept->kind != YAML_LIST)
		return fail(error, "%s: line %zu: accept must be a list of proofs", path,
			    accept->line);
	yaml_each(entry, accept) {
		unsigned proof = text_index(entry->text, proof_name, PROOF_COUNT);

		if (proof == PROOF_COUNT)
			return fail(error, "%s: line %zu: '%s' is not a proof", path, entry->line,
				    entry->text ? entry->text : "");
		accepted[proof] = true;
	}
	memcpy(rules->accepted, accepted, sizeof accepted);
	return true;
}

/* Reads a list of globs. WHAT: the things that the globs match, in the singular. */
static bool globs_read(struct arena *arena, const char *path, const struct yaml *list,
		       const char *what, struct strings *ret, struct error *error)
{
	struct strings globs = {0};

	if (list->kind != YAML_LIST)
		return fail(error, "%s: line %zu: %s must be a list of %s globs", path, list->line,
			    list->key, what);
	yaml_each(entry, list) {
		if (!entry->text || !*entry->text)
			return fail(error, "%s: line %zu: a glob of %s must be plain text", path,
				    entry->line, list->key);
		*array_add(arena, &globs) = entry->text;
	}
	*ret = globs;
	return true;
}

static bool waive_read(struct arena *arena, const char *path, const struct yaml *waive,
		       struct rules *rules, struct error *error)
{
	if (!globs_read(arena, path, waive, "rule", &rules->waivable, error))
		return false;
	yaml_each(entry, waive)
		if (!array_any(rule, rules, fnmatch(entry->text, rule->id, 0) == 0))
			return fail(error, "%s: line %zu: waive: '%s' matches no rule%s", path,
				    entry->line, entry->text,
				    rules_suggest(arena, rules, entry->text));
	return true;
}

const char *rule_fixed(const char *id)
{
	static const struct {
		const char *glob, *why;
	} fixed[] = {
		{"package-unreadable", "nothing is known about a file that cannot be read"},
		{"module-unreadable", "nothing is known about a file that cannot be read"},
		{"machine", "code for another machine does not run"},
		{"foreign-system", "code for another system does not run"},
		{"interface-revoked", "the provider of the interface revoked it"},
		{"package-signature", "with a wrong or missing signature the origin is unknown"},
		{"feed-signature", "with a wrong or missing signature the origin is unknown"},
		{"needs", "it follows what the package needs"},
		{"waiver-*", "it is about waivers"},
	};

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (fnmatch(fixed[i].glob, id, 0) == 0)
			return fixed[i].why;
	return NULL;
}

static bool levels_read(struct arena *arena, const char *path, const struct yaml *levels,
			struct rules *rules, struct error *error)
{
	if (levels->kind != YAML_MAP)
		return fail(error, "%s: line %zu: levels must map rules to levels", path,
			    levels->line);
	yaml_each(entry, levels) {
		struct rule *rule = rules_find(rules, entry->key);
		enum level level;

		if (!rule)
			return fail(error, "%s: line %zu: unknown rule '%s'%s", path, entry->line,
				    entry->key, rules_suggest(arena, rules, entry->key));
		if (!level_read(path, levels, entry->key, &level, error))
			return false;
		if (rule_fixed(rule->id) && level < rule->shipped)
			return fail(error, "%s: line %zu: the level of '%s' cannot be lowered: %s",
				    path, entry->line, entry->key, rule_fixed(rule->id));
		rule->level = level;
	}
	return true;
}

/* Reads one of COUNT WORDS, which TOLD lists. */
static bool word_read(const char *path, const struct yaml *entry, const char *const *words,
		      unsigned count, const char *told, unsigned *ret, struct error *error)
{
	*ret = text_index(entry->text, words, count);
	return *ret < count ||
	       fail(error, "%s: line %zu: %s must be %s", path, entry->line, entry->key, told);
}

bool policy_take(struct arena *arena, const char *path, const struct yaml *root, bool whole,
		 struct rules *rules, struct error *error)
{
	static const char *const keys[] = {"base",     "accept", "ignore", "levels", "signature",
					   "unproven", "vet",	 "waive",  NULL};
	const struct yaml *accept = yaml_get(root, "accept"), *ignore = yaml_get(root, "ignore");
	const struct yaml *levels = yaml_get(root, "levels"),
			  *signature = yaml_get(root, "signature");
	const struct yaml *unproven = yaml_get(root, "unproven"), *waive = yaml_get(root, "waive");
	const struct yaml *vet = yaml_get(root, "vet");
	unsigned wanted = rules->signature, gate = rules->unproven;

	if (root->kind != YAML_MAP)
		return fail(error,
			    "%s: not a map with the keys base, accept, ignore, levels, signature, "
			    "unproven, vet, waive",
			    path);
	if (!yaml_only(path, root, whole ? keys + 1 : keys, error))
		return false;
	if (!accept && whole)
		return fail(error, "%s: accept must be a list of proofs", path);
	if ((accept && !accept_read(path, accept, rules, error)) ||
	    (signature && !word_read(path, signature, wanted_signature_name, WANTED_COUNT,
				     "any, keyed or valid", &wanted, error)) ||
	    (unproven &&
	     !word_read(path, unproven, gate_name, GATE_COUNT, "fail, warn or pass", &gate, error)))
		return false;
	rules->signature = (enum wanted_signature)wanted;
	rules->unproven = (enum gate)gate;
	return (!waive || waive_read(arena, path, waive, rules, error)) &&
	       (!ignore || globs_read(arena, path, ignore, "option", &rules->ignored, error)) &&
	       (!vet || globs_read(arena, path, vet, "package", &rules->vetted, error)) &&
	       (!levels || levels_read(arena, path, levels, rules, error));
}

/* Replaces all rules by the preset NAME. "default" is policy.yaml. The other presets
 * are read after it, with the levels of checks.yaml. */
static bool preset_read(struct arena *arena, const char *name, struct rules *rules,
			struct error *error)
{
	const struct yaml *root;
	const char *path;
	struct span text;

	if (!rules_read(arena, rules->dir, rules, error))
		return false;
	if (strcmp(name, "default") == 0)
		return true;
	array_each(rule, rules)
		rule->level = rule->shipped;
	rules->policy = name;
	return rules_text(arena, rules->dir, arena_format(arena, "policy/%s.yaml", name), &path,
			  &text, error) &&
	       yaml_parse(arena, path, text, &root, error) &&
	       policy_take(arena, path, root, true, rules, error);
}

bool policy_read(struct arena *arena, const char *policy, struct rules *rules, struct error *error)
{
	const struct yaml *root;
	struct span text;

	if (text_among(policy, preset_names))
		return preset_read(arena, policy, rules, error);
	bool file = strchr(policy, '/') || text_ends(policy, ".yaml") || text_ends(policy, ".yml");
	if (access(policy, F_OK) != 0 && errno == ENOENT && !file)
		return fail(error, "unknown policy '%s': use strict, default, lenient or a file%s",
			    policy, suggest_among(arena, policy, preset_names));
	if (!file_read(arena, policy, RULES_SIZE_MOST, &text, error) ||
	    !yaml_parse(arena, policy, text, &root, error))
		return false;

	const struct yaml *base = yaml_get(root, "base");
	if (base && (!base->text || !text_among(base->text, preset_names)))
		return fail(error, "%s: line %zu: base must be strict, default or lenient", policy,
			    base->line);
	if ((base && !preset_read(arena, base->text, rules, error)) ||
	    !policy_take(arena, policy, root, false, rules, error))
		return false;
	rules->policy = policy;
	return true;
}
