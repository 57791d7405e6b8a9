#include "verdict/rule_files.h"

#include "unpack/unpack.h"

#include <string.h>

static bool accept_read(const char *path, const struct yaml *accept, struct rules *rules, struct error *error)
{
	bool accepted[PROOF_COUNT] = {false};

	if (accept->kind != YAML_LIST)
		return fail(error, "%s: line %zu: accept must be a list of proofs", path, accept->line);
	yaml_each(entry, accept) {
		size_t proof = 0;

		while (proof < PROOF_COUNT && (!entry->text || strcmp(entry->text, proof_name[proof]) != 0))
			proof++;
		if (proof == PROOF_COUNT)
			return fail(error, "%s: line %zu: '%s' is no proof", path, entry->line,
				    entry->text ? entry->text : "");
		accepted[proof] = true;
	}
	memcpy(rules->accepted, accepted, sizeof accepted);
	return true;
}

static bool ignore_read(struct arena *arena, const char *path, const struct yaml *ignore, struct rules *rules,
			struct error *error)
{
	struct strings ignored = {0};

	if (ignore->kind != YAML_LIST)
		return fail(error, "%s: line %zu: ignore must be a list of option globs", path, ignore->line);
	yaml_each(entry, ignore) {
		if (!entry->text || !*entry->text)
			return fail(error, "%s: line %zu: an option glob must be plain text", path, entry->line);
		*array_add(arena, &ignored) = entry->text;
	}
	rules->ignored = ignored;
	return true;
}

/* What cannot be read, or is of another machine, must never pass: no policy lowers these. */
static bool is_fixed(const char *id)
{
	static const char *const ids[] = {"package-unreadable", "module-unreadable", "machine"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

static bool levels_read(const char *path, const struct yaml *levels, struct rules *rules, struct error *error)
{
	if (levels->kind != YAML_MAP)
		return fail(error, "%s: line %zu: levels must map rules to levels", path, levels->line);
	yaml_each(entry, levels) {
		struct rule *rule = (struct rule *)rules_find(rules, entry->key);

		if (!rule)
			return fail(error, "%s: line %zu: '%s' is the id of no rule", path, entry->line, entry->key);
		if (is_fixed(entry->key))
			return fail(error, "%s: line %zu: the level of '%s' cannot be changed", path, entry->line,
				    entry->key);
		if (!level_read(path, levels, entry->key, &rule->level, error))
			return false;
	}
	return true;
}

static bool signature_read(const char *path, const struct yaml *signature, struct rules *rules, struct error *error)
{
	const char *text = signature->text ? signature->text : "";

	if (strcmp(text, "any") != 0 && strcmp(text, "valid") != 0)
		return fail(error, "%s: line %zu: signature must be any or valid", path, signature->line);
	rules->signed_only = strcmp(text, "valid") == 0;
	return true;
}

bool policy_take(struct arena *arena, const char *path, const struct yaml *root, bool whole, struct rules *rules,
		 struct error *error)
{
	static const char *const keys[] = {"accept", "ignore", "levels", "signature", NULL};
	const struct yaml *accept = yaml_get(root, "accept"), *ignore = yaml_get(root, "ignore");
	const struct yaml *levels = yaml_get(root, "levels"), *signature = yaml_get(root, "signature");

	if (root->kind != YAML_MAP)
		return fail(error, "%s: not a map of accept, ignore, levels, signature", path);
	if (!yaml_only(path, root, keys, error))
		return false;
	if (!accept && whole)
		return fail(error, "%s: accept must be a list of proofs", path);
	return (!accept || accept_read(path, accept, rules, error)) &&
	       (!signature || signature_read(path, signature, rules, error)) &&
	       (!ignore || ignore_read(arena, path, ignore, rules, error)) &&
	       (!levels || levels_read(path, levels, rules, error));
}

bool policy_read(struct arena *arena, const char *path, struct rules *rules, struct error *error)
{
	const struct yaml *root;
	struct span text;

	return file_read(arena, path, RULES_SIZE_MOST, &text, error) && yaml_parse(arena, path, text, &root, error) &&
	       policy_take(arena, path, root, false, rules, error);
}
