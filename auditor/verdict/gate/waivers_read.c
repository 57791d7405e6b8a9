/* SPDX-License-Identifier: ISC */
/* Parses and validates a waivers file (format: docs/waivers.md): rule, globs, reason,
 * owner, expiry date. */
#include "verdict/gate/waivers.h"

#include "base/text.h"
#include "base/yaml.h"
#include "unpack/file.h"
#include "verdict/rule_files.h"
#include "unpack/unpack.h"

#include <string.h>

static const char blanks[] = " \t\n\v\f\r";

enum { WAIVERS_MOST = 10000, WAIVER_TEXT_MOST = 2000 };

/* One waiver while it is read. */
struct reading {
	struct arena *arena;
	const char *path, *today;
	const struct rules *rules;
	const struct yaml *entry;
	struct error *error;
};

#define bad(reading, at, ...) yaml_wrong((reading)->error, (reading)->path, at, __VA_ARGS__)

/* The text at KEY; RET stays NULL where there is none. */
static bool text_read(const struct reading *reading, const char *key, bool required,
		      const char **ret)
{
	const struct yaml *value = yaml_get(reading->entry, key);

	if (!value)
		return !required || bad(reading, reading->entry, "%s is missing", key);
	if (value->kind != YAML_TEXT || !value->text[strspn(value->text, blanks)])
		return bad(reading, value, "%s must be a text", key);
	if (strlen(value->text) > WAIVER_TEXT_MOST)
		return bad(reading, value, "%s is too long", key);
	*ret = value->text;
	return true;
}

static bool globs_read(const struct reading *reading, struct waiver *waiver)
{
	size_t count = 0;

	for (size_t i = 0; i < WAIVER_GLOBS; i++) {
		if (!text_read(reading, waiver_glob_name[i], false, &waiver->globs[i]))
			return false;
		count += waiver->globs[i] != NULL;
	}
	return count ||
	       bad(reading, reading->entry,
		   "needs at least one of package, module, symbol, namespace, subject, image");
}

static const char *refusal(struct arena *arena, const struct rules *rules, const char *id)
{
	const char *fixed = rule_fixed(id);

	if (fixed)
		return fixed;
	/* a signature covers a package by the checksum in the index that is signed */
	if (rules->signature == WANTED_VALID &&
	    (strcmp(id, "package-checksum") == 0 || strcmp(id, "feed-checksum") == 0))
		return "the policy requires signed packages, and a signature covers only the "
		       "listed checksum";
	if (globs_fit(&rules->waivable, id))
		return NULL;
	return arena_format(arena, "the policy %s does not allow waiving it", rules->policy);
}

static bool waiver_read(const struct reading *reading, struct waiver *waiver)
{
	static const char *const keys[] = {"rule",   "unknown",	  "package", "module",
					   "symbol", "namespace", "subject", "image",
					   "reason", "owner",	  "expires", NULL};

	if (reading->entry->kind != YAML_MAP)
		return bad(reading, reading->entry, "a waiver must be a map");
	if (!yaml_only(reading->path, reading->entry, keys, reading->error))
		return false;
	if (!text_read(reading, "rule", true, &waiver->rule) || !globs_read(reading, waiver) ||
	    !text_read(reading, "reason", true, &waiver->reason) ||
	    !text_read(reading, "owner", true, &waiver->owner) ||
	    !text_read(reading, "expires", true, &waiver->expires))
		return false;
	if (!date_real(waiver->expires))
		return bad(reading, yaml_get(reading->entry, "expires"),
			   "expires: '%s' is not a date (YYYY-MM-DD)", waiver->expires);
	waiver->expired = strcmp(reading->today, waiver->expires) > 0;

	const struct rule *rule = rules_find(reading->rules, waiver->rule);
	if (!rule)
		return bad(reading, yaml_get(reading->entry, "rule"), "unknown rule '%s'%s",
			   waiver->rule,
			   rules_suggest(reading->arena, reading->rules, waiver->rule));
	const struct yaml *unknown = yaml_get(reading->entry, "unknown");
	bool set = unknown && unknown->text && strcmp(unknown->text, "true") == 0;
	if (unknown && !set && (!unknown->text || strcmp(unknown->text, "false") != 0))
		return bad(reading, unknown, "unknown must be true or false");
	/* some rules have only findings of unknown outcome */
	waiver->unknown = set || rule->shipped == LEVEL_UNKNOWN;
	waiver->refused = refusal(reading->arena, reading->rules, waiver->rule);
	waiver->witness =
		arena_format(reading->arena, "%s: line %zu", reading->path, reading->entry->line);
	return true;
}

bool waivers_read(struct arena *arena, const char *path, const char *today,
		  const struct rules *rules, struct waivers *ret, struct error *error)
{
	static const char *const keys[] = {"schema", "waivers", NULL};
	struct reading reading = {
		.arena = arena, .path = path, .today = today, .rules = rules, .error = error};
	struct waivers waivers = {.source = path};
	const struct yaml *root;
	const char *schema;
	struct span text;

	if (!date_real(today))
		return fail(error, "'%s' is not a date (YYYY-MM-DD)", today);
	if (!file_read(arena, path, RULES_SIZE_MOST, &text, error) ||
	    !yaml_parse(arena, path, text, &root, error))
		return false;
	schema = yaml_text(root, "schema");
	if (!schema || strcmp(schema, "kmodaudit/waivers/1") != 0)
		return fail(error, "%s: line 1: no schema: kmodaudit/waivers/1", path);
	if (!yaml_only(path, root, keys, error))
		return false;
	if (!yaml_get(root, "waivers"))
		return fail(error, "%s: line 1: waivers is missing", path);
	const struct yaml *list = yaml_get(root, "waivers");
	if (list->kind != YAML_LIST || list->count > WAIVERS_MOST)
		return bad(&reading, list, "waivers must be a list of up to %d", (int)WAIVERS_MOST);
	yaml_each(entry, list) {
		reading.entry = entry;
		if (!waiver_read(&reading, array_add(arena, &waivers)))
			return false;
	}
	*ret = waivers;
	return true;
}
