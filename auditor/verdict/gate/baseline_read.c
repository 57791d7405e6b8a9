/* SPDX-License-Identifier: ISC */
/* Parses an earlier audit report (schema kmodaudit/report/1) into a baseline, without
 * the findings that a waiver covered. */
#include "verdict/gate/baseline_parts.h"

#include "base/text.h"
#include "base/yaml.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <string.h>

/* What the readers below share. */
struct reading {
	struct baseline *baseline;
	const char *path;
	struct error *error;
};

static bool bad(const struct reading *reading, const struct yaml *at, const char *what)
{
	return fail(reading->error, "%s: line %zu: %s", reading->path, at ? at->line : 1, what);
}

static const char *text_at(const struct reading *reading, const struct yaml *map, const char *key)
{
	return yaml_unquoted(reading->baseline->arena, map, key);
}

/* Puts the thing at PLACE, from 1, in front of the others with that KEY. Returns the
 * place of the one that was first, which comes next now; 0: there was none. */
static size_t chain_add(struct arena *arena, struct chains *chains, const char *key, size_t place)
{
	uint32_t number = map_put(&chains->numbers, arena, key, (uint32_t)chains->count);

	if (number == chains->count)
		*array_add(arena, chains) = 0;

	size_t before = chains->list[number];
	chains->list[number] = place;
	return before;
}

/* A finding that a waiver covered is left out, so that it counts again
 * without the waiver. */
static bool findings_read(const struct reading *reading, const struct earlier *owner,
			  const struct yaml *from)
{
	struct baseline *baseline = reading->baseline;
	const struct yaml *findings = yaml_get(from, "findings");

	if (!findings || findings->kind != YAML_LIST)
		return bad(reading, from, "findings must be a list");
	yaml_each(finding, findings) {
		struct earlier entry = *owner;
		const char *level = yaml_text(finding, "level");

		entry.rule = text_at(reading, finding, "id");
		entry.level = (enum level)text_index(level, level_name, LEVEL_COUNT);
		if (finding->kind != YAML_MAP || !entry.rule || entry.level == LEVEL_COUNT)
			return bad(reading, finding, "a finding without id and level");
		if (yaml_get(finding, "more") && !yaml_number(finding, "more", &entry.more))
			return bad(reading, finding, "a finding whose 'more' is not a number");
		if (entry.level < LEVEL_WARNING || yaml_get(finding, "waived"))
			continue;
		entry.module = text_at(reading, finding, "module");
		entry.subject = text_at(reading, finding, "subject");
		entry.text = text_at(reading, finding, "text");

		const char *key =
			baseline_key(baseline->arena, entry.package, entry.owner, entry.rule,
				     entry.module, entry.subject, entry.level);
		entry.next = chain_add(baseline->arena, &baseline->keys, key,
				       baseline->entries.count + 1);
		*array_add(baseline->arena, &baseline->entries) = entry;
	}
	return true;
}

static bool packages_take(const struct reading *reading, const struct yaml *root)
{
	const struct yaml *packages = yaml_get(root, "packages"),
			  *summary = yaml_get(root, "summary");
	struct baseline *baseline = reading->baseline;
	size_t all = 0, unrelated = 0;

	if (!packages || packages->kind != YAML_LIST)
		return bad(reading, packages, "packages must be a list");
	/* a package is listed even if a waiver covered all of its findings */
	yaml_each(package, packages) {
		struct earlier owner = {.package = true,
					.owner = text_at(reading, package, "name"),
					.version = text_at(reading, package, "version")};
		const char *verdict = yaml_text(package, "verdict"),
			   *proven = yaml_text(package, "proven");

		if (!owner.owner)
			return bad(reading, package, "a package without a name");

		struct listed listed = {.version = owner.version};
		listed.unproven = verdict && strcmp(verdict, "unsafe") == 0 && proven &&
				  strcmp(proven, "false") == 0;
		listed.next = chain_add(baseline->arena, &baseline->names, owner.owner,
					baseline->listed.count + 1);
		*array_add(baseline->arena, &baseline->listed) = listed;
		if (!findings_read(reading, &owner, package))
			return false;
	}
	/* it is the last key: if it is missing or its numbers differ, the report
	 * was cut short */
	if (!yaml_number(summary, "packages", &all) ||
	    !yaml_number(summary, "unrelated", &unrelated))
		return bad(reading, summary, "no summary: the report is incomplete");
	if (all - unrelated != packages->count)
		return bad(reading, summary,
			   "the summary does not match the packages: the report is incomplete");
	return true;
}

static bool image_take(const struct reading *reading, const struct yaml *root)
{
	const struct yaml *image = yaml_get(root, "image");
	const struct earlier owner = {.owner = "image"};
	struct baseline *baseline = reading->baseline;

	baseline->image = text_at(reading, image, "source");
	if (!baseline->image)
		return bad(reading, image, "the image has no source");
	baseline->sha256 = text_at(reading, image, "sha256");
	baseline->architecture = text_at(reading, yaml_get(image, "kernel"), "architecture");
	return findings_read(reading, &owner, image);
}

bool baseline_read(struct arena *arena, const char *path, struct baseline **ret,
		   struct error *error)
{
	struct baseline *baseline = arena_new(arena, struct baseline);
	struct reading reading = {.baseline = baseline, .path = path, .error = error};
	const struct yaml *root;
	const char *schema;
	struct span text;

	if (!file_read(arena, path, LIMIT_FILE, &text, error) ||
	    !yaml_parse_large(arena, path, text, &root, error))
		return false;
	baseline->arena = arena;
	baseline->source = path;
	schema = yaml_text(root, "schema");
	if (!schema || strcmp(schema, "kmodaudit/report/1") != 0)
		return bad(&reading, NULL,
			   "not a report of kmodaudit audit (schema: kmodaudit/report/1)");
	if (!image_take(&reading, root))
		return false;

	const struct yaml *feeds = yaml_get(root, "feeds");
	if (!feeds || feeds->kind != YAML_LIST)
		return bad(&reading, feeds, "feeds must be a list");
	yaml_each(feed, feeds)
		if (!findings_read(&reading, &(struct earlier){.owner = "feed"}, feed))
			return false;
	if (!packages_take(&reading, root))
		return false;
	*ret = baseline;
	return true;
}
