/* SPDX-License-Identifier: ISC */
/* Parses an audit report (schema kmodaudit/report/1) back into verdicts and checks that its
 * sums and verdicts follow from its findings. */
#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "report/ledger/fields.h"
#include "report/saved/report_restore.h"
#include "report/saved/saved.h"
#include "verdict/gate/gate_apply.h"

#include <string.h>

struct reading {
	struct fields fields;
	const struct rules *rules;
	struct verdicts *verdicts;
	struct waivers *waivers; /* NULL: none were given */
	const char *image; /* its source, with which witnesses of the image begin */
};

/* The outcome that has LEVEL under the policy. False if there is none. */
static bool outcome_of(const struct reading *reading, const struct yaml *entry, const char *id,
		       enum level level, enum outcome *ret)
{
	const struct rule *rule = rules_find(reading->rules, id);
	enum level fails = rule ? rule->level : LEVEL_ERROR,
		   unknown = rule ? rule->unknown : LEVEL_UNKNOWN;

	if (level == LEVEL_NOTE)
		*ret = OUTCOME_REMARK;
	else if (level == unknown &&
		 (level == LEVEL_UNKNOWN || yaml_get(entry, "settle") || level != fails))
		*ret = OUTCOME_UNKNOWN;
	else
		*ret = OUTCOME_FAILS;
	return level == LEVEL_NOTE || level == unknown || level == fails;
}

static const char *level_wrong(const struct reading *reading, const char *id)
{
	return arena_format(reading->fields.arena,
			    "%s does not have the level that policy '%s' gives it: the report was "
			    "changed, or written with other rules (--rules, --policy)",
			    id, reading->rules->policy);
}

static bool witnesses_read(const struct reading *reading, const struct yaml *entry,
			   struct finding *finding, struct error *error)
{
	struct strings list = {0};

	if (!field_names(&reading->fields, entry, "witness", &list, error))
		return false;
	if (list.count > 2)
		return field_wrong(&reading->fields, entry, "a finding has more than two witnesses",
				   error);
	/* a single witness is the image's if it begins with the image's name, else the package's */
	if (list.count == 1)
		finding->witness[strncmp(list.list[0], reading->image, strlen(reading->image)) !=
					 0 &&
				 strncmp(finding->id, "waiver-", 7) != 0] = list.list[0];
	for (size_t i = 0; list.count == 2 && i < 2; i++)
		finding->witness[i] = list.list[i];
	return true;
}

static bool waived_read(const struct reading *reading, const struct yaml *entry,
			struct finding *finding, struct error *error)
{
	const struct yaml *waived = yaml_get(entry, "waived");
	const char *by = waived ? field_text(&reading->fields, waived, "by") : NULL;

	if (!waived)
		return true;
	for (size_t i = 0; by && reading->waivers && i < reading->waivers->count; i++)
		if (strcmp(reading->waivers->list[i].witness, by) == 0)
			finding->waiver = &reading->waivers->list[i];
	return finding->waiver ||
	       field_wrong(&reading->fields, waived,
			   "a finding refers to a waiver that is not listed", error);
}

static bool finding_read(const struct reading *reading, const struct yaml *entry,
			 struct finding *ret, struct error *error)
{
	enum level level =
		(enum level)text_index(yaml_text(entry, "level"), level_name, LEVEL_COUNT);

	*ret = (struct finding){.id = field_text(&reading->fields, entry, "id"),
				.module = field_text(&reading->fields, entry, "module"),
				.subject = field_text(&reading->fields, entry, "subject"),
				.expected = field_text(&reading->fields, entry, "expected"),
				.found = field_text(&reading->fields, entry, "found"),
				.text = field_text(&reading->fields, entry, "text"),
				.settle = field_text(&reading->fields, entry, "settle"),
				.known = field_true(entry, "known")};
	if (!ret->id || level == LEVEL_COUNT)
		return field_wrong(&reading->fields, entry, "a finding has no id or no level",
				   error);
	if (!outcome_of(reading, entry, ret->id, level, &ret->outcome))
		return field_wrong(&reading->fields, entry, level_wrong(reading, ret->id), error);
	if (yaml_get(entry, "more") && !yaml_number(entry, "more", &ret->more))
		return field_wrong(&reading->fields, entry, "more must be a number", error);
	return witnesses_read(reading, entry, ret, error) &&
	       waived_read(reading, entry, ret, error);
}

static bool findings_read(const struct reading *reading, const struct yaml *map,
			  struct findings *ret, struct error *error)
{
	const struct yaml *list;

	if (!field_list(&reading->fields, map, "findings", &list, error))
		return false;
	yaml_each(entry, list)
		if (!finding_read(reading, entry, array_add(reading->fields.arena, ret), error))
			return false;
	return true;
}

static bool image_restore(struct reading *reading, const struct yaml *root, struct image *image,
			  struct error *error)
{
	const struct yaml *map = yaml_get(root, "image"), *kernel = yaml_get(map, "kernel");
	const struct yaml *abi = yaml_get(kernel, "abi"), *exports = yaml_get(kernel, "exports");
	const char *packages = yaml_unquoted(reading->fields.arena, map, "packages");

	image->source = reading->image = field_text(&reading->fields, map, "source");
	if (!image->source || !kernel || kernel->kind != YAML_MAP)
		return field_wrong(&reading->fields, map ? map : root,
				   "the image has no source or no kernel", error);
	image->release.value = field_text(&reading->fields, kernel, "release");
	machine_restore(field_text(&reading->fields, kernel, "architecture"), &image->machine);
	image->abi.version = field_text(&reading->fields, abi, "version");
	image->abi.hash = field_text(&reading->fields, abi, "hash");
	image->database_known = packages && strcmp(packages, "0") != 0;
	if (exports && exports->kind == YAML_MAP)
		image->kernel = kernel_restore(reading->fields.arena, exports);
	return findings_read(reading, map, &reading->verdicts->image, error);
}

static bool feeds_restore(const struct reading *reading, const struct yaml *root,
			  struct feeds *feeds, struct error *error)
{
	const struct yaml *list;

	if (!field_list(&reading->fields, root, "feeds", &list, error))
		return false;
	reading->verdicts->feeds = arena_get(reading->fields.arena,
					     (list->count + 1) * sizeof *reading->verdicts->feeds);
	yaml_each(entry, list) {
		struct feed *feed = array_add(reading->fields.arena, feeds);

		feed->source = field_text(&reading->fields, entry, "source");
		if (!feed->source)
			return field_wrong(&reading->fields, entry, "a feed has no source", error);
		if (!findings_read(reading, entry, &reading->verdicts->feeds[feeds->count - 1],
				   error))
			return false;
	}
	return true;
}

static bool world_restore(struct reading *reading, const struct yaml *root, struct error *error)
{
	struct image *image = arena_new(reading->fields.arena, struct image);
	struct feeds *feeds = arena_new(reading->fields.arena, struct feeds);

	if (!image_restore(reading, root, image, error) ||
	    !feeds_restore(reading, root, feeds, error))
		return false;

	const struct kernel *kernel = image->kernel;

	/* the number of its exports is known, but not their names */
	image->kernel = NULL;
	reading->verdicts->world = world_new(reading->fields.arena, image, feeds, NULL, NULL);
	image->kernel = kernel;
	return true;
}

static bool package_restore(const struct reading *reading, const struct yaml *entry,
			    struct package *package, struct error *error)
{
	struct strings modules = {0};

	*package = (struct package){.origin = PACKAGE_FILE,
				    .name = field_text(&reading->fields, entry, "name"),
				    .version = field_text(&reading->fields, entry, "version"),
				    .file = field_text(&reading->fields, entry, "file")};
	if (!package->name)
		return field_wrong(&reading->fields, entry, "a package has no name", error);
	if (!field_names(&reading->fields, entry, "modules", &modules, error))
		return false;
	array_each(name, &modules)
		array_add(reading->fields.arena, &package->modules)->name = *name;
	return true;
}

static bool result_read(const struct reading *reading, const struct yaml *entry,
			struct error *error)
{
	struct verdicts *verdicts = reading->verdicts;
	struct result *result = array_add(reading->fields.arena, &verdicts->results);
	struct package *package = arena_new(reading->fields.arena, struct package);

	result->package = package;
	result->verdict =
		(enum verdict)text_index(yaml_text(entry, "verdict"), verdict_name, VERDICT_COUNT);
	if (result->verdict == VERDICT_COUNT)
		return field_wrong(&reading->fields, entry, "a package has no valid verdict",
				   error);
	result->proof = field_text(&reading->fields, entry, "proof");
	result->proven = field_true(entry, "proven");
	if (!package_restore(reading, entry, package, error) ||
	    !field_names(&reading->fields, entry, "needs", &result->needs, error) ||
	    !findings_read(reading, entry, &result->findings, error))
		return false;

	const struct standing standing =
		standing_of(reading->rules, result->verdict, &result->findings);

	verdicts->count[result->verdict]++;
	gate_result(verdicts, &standing, result);
	return text_same(yaml_text(entry, "gate"), gate_name[result->gate]) ||
	       field_wrong(&reading->fields, entry,
			   arena_format(reading->fields.arena,
					"%s: verdict, findings and gate contradict each other: the "
					"report was changed",
					package->name),
			   error);
}

static bool packages_read(const struct reading *reading, const struct yaml *root,
			  struct error *error)
{
	const struct yaml *list, *excluded = yaml_get(root, "excluded");

	if (!field_list(&reading->fields, root, "packages", &list, error))
		return false;
	yaml_each(entry, list)
		if (!result_read(reading, entry, error))
			return false;
	yaml_each(entry, excluded)
		*array_add(reading->fields.arena, &reading->verdicts->excluded) =
			(struct exclusion){.package =
						   field_text(&reading->fields, entry, "package"),
					   .with = field_text(&reading->fields, entry, "with"),
					   .text = field_text(&reading->fields, entry, "text")};
	return field_names(&reading->fields, root, "install", &reading->verdicts->install, error);
}

static bool waiver_read(const struct reading *reading, const struct yaml *entry,
			struct error *error)
{
	struct waiver *waiver = array_add(reading->fields.arena, reading->waivers);
	const char *state = field_text(&reading->fields, entry, "state");

	*waiver = (struct waiver){.rule = field_text(&reading->fields, entry, "rule"),
				  .unknown = field_true(entry, "unknown"),
				  .reason = field_text(&reading->fields, entry, "reason"),
				  .owner = field_text(&reading->fields, entry, "owner"),
				  .expires = field_text(&reading->fields, entry, "expires"),
				  .witness = field_text(&reading->fields, entry, "by"),
				  .expired = text_same(state, "expired"),
				  .refused = text_same(state, "refused") ? state : NULL};
	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		waiver->globs[i] = field_text(&reading->fields, entry, waiver_glob_name[i]);
	if (!waiver->rule || !waiver->reason || !waiver->owner || !waiver->expires ||
	    !waiver->witness)
		return field_wrong(&reading->fields, entry,
				   "a waiver lacks its rule, reason, owner, expires or by", error);
	return yaml_number(entry, "covers", &waiver->used) ||
	       field_wrong(&reading->fields, entry, "covers must be a number", error);
}

static bool waivers_restore(struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *map = yaml_get(root, "waivers"), *list;

	if (!map)
		return true;
	reading->waivers = arena_new(reading->fields.arena, struct waivers);
	reading->verdicts->waivers = reading->waivers;
	reading->waivers->source = field_text(&reading->fields, map, "source");
	if (!reading->waivers->source)
		return field_wrong(&reading->fields, map, "waivers have no source", error);
	if (!field_list(&reading->fields, map, "list", &list, error))
		return false;
	yaml_each(entry, list)
		if (!waiver_read(reading, entry, error))
			return false;
	return true;
}

static bool baseline_restore(const struct reading *reading, const struct yaml *root,
			     struct error *error)
{
	const struct yaml *map = yaml_get(root, "baseline");
	struct baseline_sums *sums;

	if (!map)
		return true;
	sums = arena_new(reading->fields.arena, struct baseline_sums);
	sums->source = field_text(&reading->fields, map, "source");
	sums->remark = field_text(&reading->fields, map, "remark");
	reading->verdicts->baseline = sums;
	if (!yaml_number(map, "new", &sums->new) ||
	    !yaml_number(map, "unchanged", &sums->unchanged) ||
	    !yaml_number(map, "fixed", &sums->fixed))
		return field_wrong(&reading->fields, map, "the numbers of the baseline are missing",
				   error);
	return field_names(&reading->fields, map, "fixed_list", &sums->fixed_list, error);
}

/* The summary is the last key. If it is missing or its numbers do not match, the report was
 * truncated or changed. */
static bool sums_agree(const struct reading *reading, const struct yaml *root, struct error *error)
{
	const struct yaml *summary = yaml_get(root, "summary"), *gate = yaml_get(root, "gate");
	struct verdicts *verdicts = reading->verdicts;
	size_t all = 0, unsafe = 0, waived = 0, known = 0, count = 0;

	if (!yaml_number(summary, "packages", &all) ||
	    !yaml_number(summary, "unrelated", &verdicts->unrelated))
		return field_wrong(&reading->fields, summary, "no summary: the report is truncated",
				   error);
	bool agree = all == verdicts->unrelated + verdicts->results.count;

	for (size_t i = 0; i < VERDICT_COUNT; i++)
		agree = agree && yaml_number(summary, verdict_name[i], &count) &&
			count == verdicts->count[i];
	if (!agree)
		return field_wrong(&reading->fields, summary,
				   "the summary does not match the packages", error);
	if (!yaml_number(gate, "unsafe", &unsafe) || !yaml_number(gate, "waived", &waived) ||
	    !yaml_number(gate, "known", &known) || unsafe != verdicts->failing[VERDICT_UNSAFE] ||
	    waived != verdicts->waived || known != verdicts->known ||
	    !text_same(yaml_text(gate, "result"), gate_name[verdicts->gate]))
		return field_wrong(&reading->fields, gate,
				   "the result of the gate does not match the findings: the report "
				   "was changed",
				   error);
	return true;
}

bool report_read(struct arena *arena, const char *path, const struct yaml *root,
		 const struct rules *rules, struct verdicts *ret, struct error *error)
{
	struct reading reading = {
		.fields = {arena, path}, .rules = rules, .verdicts = ret, .image = ""};

	ret->rules = rules;
	ret->saved = root;
	if (!waivers_restore(&reading, root, error) || !world_restore(&reading, root, error) ||
	    !packages_read(&reading, root, error) || !baseline_restore(&reading, root, error))
		return false;
	if (ret->waivers &&
	    !findings_read(&reading, yaml_get(root, "waivers"), &ret->waiver_findings, error))
		return false;
	gate_whole(ret);
	return sums_agree(&reading, root, error);
}
