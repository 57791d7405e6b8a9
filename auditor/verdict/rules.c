/* SPDX-License-Identifier: ISC */
/* Reads rules/checks.yaml (ids, levels, texts of all rules), compiled in or from
 * --rules, and gives the level of a finding. */
#include "verdict/rule_files.h"

#include "base/suggest.h"
#include "base/text.h"
#include "unpack/embedded.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <string.h>
#include <unistd.h>

const char *const level_name[LEVEL_COUNT] = {"note", "warning", "unknown", "error"};
const char *const gate_name[GATE_COUNT] = {"pass", "warn", "fail"};
const char *const wanted_signature_name[WANTED_COUNT] = {"any", "keyed", "valid"};

bool rules_text(struct arena *arena, const char *dir, const char *name, const char **ret_path,
		struct span *ret, struct error *error)
{
	const char *path = dir ? arena_format(arena, "%s/%s", dir, name) : NULL;

	if (path && access(path, F_OK) == 0) {
		*ret_path = path;
		return file_read(arena, path, RULES_SIZE_MOST, ret, error);
	}
	*ret_path = name;
	return embedded_rule(arena, name, ret, error);
}

bool level_read(const char *path, const struct yaml *entry, const char *key, enum level *ret,
		struct error *error)
{
	*ret = (enum level)text_index(yaml_text(entry, key), level_name, LEVEL_COUNT);
	return *ret < LEVEL_COUNT ||
	       fail(error, "%s: line %zu: %s must be note, warning, unknown or error", path,
		    entry->line, key);
}

static bool rule_read(const char *path, const struct yaml *entry, struct rule *ret,
		      struct error *error)
{
	static const char *const keys[] = {"id",  "level",  "unknown", "title",
					   "why", "remedy", "source",  NULL};

	*ret = (struct rule){.id = yaml_text(entry, "id"), .unknown = LEVEL_UNKNOWN};
	if (!yaml_only(path, entry, keys, error))
		return false;
	if (!ret->id || !text_among(ret->id, finding_ids))
		return fail(error, "%s: line %zu: unknown rule '%s'", path, entry->line,
			    ret->id ? ret->id : "");
	if (!level_read(path, entry, "level", &ret->level, error))
		return false;
	if (yaml_get(entry, "unknown") && !level_read(path, entry, "unknown", &ret->unknown, error))
		return false;
	ret->shipped = ret->level;

	const char *const words[] = {"title", "why", "remedy", "source"};
	const char **const to[] = {&ret->title, &ret->why, &ret->remedy, &ret->source};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		*to[i] = yaml_text(entry, words[i]);
		if (!*to[i] || !**to[i])
			return fail(error, "%s: line %zu: rule '%s' has no %s", path, entry->line,
				    ret->id, words[i]);
	}
	return true;
}

static bool checks_read(struct arena *arena, const char *path, const struct yaml *root,
			struct rules *ret, struct error *error)
{
	if (root->kind != YAML_LIST)
		return fail(error, "%s: not a list of rules", path);
	yaml_each(entry, root) {
		struct rule rule;

		if (!rule_read(path, entry, &rule, error))
			return false;
		if (map_put(&ret->places, arena, rule.id, (uint32_t)ret->count) != ret->count)
			return fail(error, "%s: line %zu: rule '%s' occurs twice", path,
				    entry->line, rule.id);
		*array_add(arena, ret) = rule;
	}
	for (const char *const *id = finding_ids; *id; id++)
		if (!rules_find(ret, *id))
			return fail(error, "%s: rule '%s' is missing", path, *id);
	return true;
}

bool rules_read(struct arena *arena, const char *dir, struct rules *ret, struct error *error)
{
	struct rules rules = {.dir = dir, .policy = "default", .unproven = GATE_FAIL};
	const struct yaml *root;
	const char *path;
	struct span text;

	if (dir && access(dir, R_OK | X_OK) != 0)
		return fail(error, "%s: no such directory", dir);
	if (!rules_text(arena, dir, "checks.yaml", &path, &text, error) ||
	    !yaml_parse(arena, path, text, &root, error) ||
	    !checks_read(arena, path, root, &rules, error))
		return false;
	*array_add(arena, &rules.waivable) = "*";
	if (!rules_text(arena, dir, "policy.yaml", &path, &text, error) ||
	    !yaml_parse(arena, path, text, &root, error) ||
	    !policy_take(arena, path, root, true, &rules, error))
		return false;
	if (!rules_text(arena, dir, "kernel/build-options.yaml", &path, &text, error) ||
	    !build_options_read(arena, path, text, &rules.build, error))
		return false;
	*ret = rules;
	return true;
}

const char *rules_suggest(struct arena *arena, const struct rules *rules, const char *id)
{
	struct strings ids = {0};

	array_each(rule, rules)
		*array_add(arena, &ids) = rule->id;
	return suggest_clause(arena, id, &ids);
}

struct rule *rules_find(const struct rules *rules, const char *id)
{
	uint32_t at = map_get(&rules->places, id);

	return at == MAP_NONE ? NULL : &rules->list[at];
}

enum level rules_level(const struct rules *rules, const struct finding *finding)
{
	const struct rule *rule = rules_find(rules, finding->id);

	switch (finding->outcome) {
	case OUTCOME_HOLDS:
	case OUTCOME_REMARK:
		return LEVEL_NOTE;
	case OUTCOME_UNKNOWN:
		return rule ? rule->unknown : LEVEL_UNKNOWN;
	case OUTCOME_FAILS:
		break;
	}
	return rule ? rule->level : LEVEL_ERROR;
}
