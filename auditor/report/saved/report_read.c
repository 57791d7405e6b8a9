/* SPDX-License-Identifier: ISC */
/* Parses an audit report (schema kmodaudit/report/1) back into verdicts and checks that
 * its sums and verdicts follow from its findings. */
#include "base/quote.h"
#include "base/text.h"
#include "base/yaml.h"
#include "report/ledger/fields.h"
#include "report/saved/report_restore.h"
#include "report/saved/saved.h"
#include "verdict/gate/gate_apply.h"

#include <string.h>

struct reading {
	struct fields *in;
	struct arena *arena;
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

static void witnesses_read(const struct reading *reading, const struct yaml *entry,
			   struct finding *finding)
{
	struct strings list = field_names(reading->in, entry, "witness");

	if (list.count > 2)
		field_wrong(reading->in, entry, "a finding has more than two witnesses");
	/* a single witness is the image's if it begins with the image's name,
	 * else the package's */
	if (list.count == 1)
		finding->witness[strncmp(list.list[0], reading->image, strlen(reading->image)) !=
					 0 &&
				 strncmp(finding->id, "waiver-", 7) != 0] = list.list[0];
	for (size_t i = 0; list.count == 2 && i < 2; i++)
		finding->witness[i] = list.list[i];
}

static bool finding_read(const struct reading *reading, const struct yaml *entry,
			 struct finding *ret)
{
	struct fields *in = reading->in;
	const struct yaml *waived = yaml_get(entry, "waived");
	enum level level =
		(enum level)text_index(yaml_text(entry, "level"), level_name, LEVEL_COUNT);

	*ret = (struct finding){.id = field_text(in, entry, "id"),
				.module = field_text(in, entry, "module"),
				.subject = field_text(in, entry, "subject"),
				.expected = field_text(in, entry, "expected"),
				.found = field_text(in, entry, "found"),
				.text = field_text(in, entry, "text"),
				.settle = field_text(in, entry, "settle"),
				.known = field_true(entry, "known")};
	if (!ret->id || level == LEVEL_COUNT)
		return field_wrong(in, entry, "a finding has no id or no level");
	if (!outcome_of(reading, entry, ret->id, level, &ret->outcome))
		return field_wrong(in, entry,
				   "%s does not have the level that policy '%s' gives it: the "
				   "report was changed, or written with other rules (--rules, "
				   "--policy)",
				   ret->id, reading->rules->policy);
	if (yaml_get(entry, "more"))
		ret->more = field_number(in, entry, "more");
	witnesses_read(reading, entry, ret);
	if (waived) {
		const char *by = field_text(in, waived, "by");

		if (by && reading->waivers)
			ret->waiver = array_find(waiver, reading->waivers,
						 strcmp(waiver->witness, by) == 0);
		if (!ret->waiver)
			field_wrong(in, waived, "a finding refers to a waiver that is not listed");
	}
	return !in->failed;
}

static struct findings findings_read(const struct reading *reading, const struct yaml *map)
{
	const struct yaml *list = field_list(reading->in, map, "findings");
	struct findings findings = {0};

	yaml_each(entry, list)
		if (!finding_read(reading, entry, array_add(reading->arena, &findings)))
			break;
	return findings;
}

static bool image_restore(struct reading *reading, const struct yaml *root, struct image *image)
{
	struct fields *in = reading->in;
	const struct yaml *map = yaml_get(root, "image"), *kernel = yaml_get(map, "kernel");
	const struct yaml *abi = yaml_get(kernel, "abi"), *exports = yaml_get(kernel, "exports");
	const char *packages = field_text(in, map, "packages");
	bool has_kernel = false;

	image->source = reading->image = field_text(in, map, "source");
	if (!image->source || !kernel || kernel->kind != YAML_MAP)
		return field_wrong(in, map ? map : root, "the image has no source or no kernel");
	image->distribution.value = field_text(in, map, "distribution");
	image->target.value = field_text(in, map, "target");
	image->revision.value = field_text(in, map, "revision");
	image->release.value = field_text(in, kernel, "release");
	machine_restore(field_text(in, kernel, "architecture"), &image->machine);
	image->abi.version = field_text(in, abi, "version");
	image->abi.hash = field_text(in, abi, "hash");
	image->database_known = packages && strcmp(packages, "0") != 0;
	image->boot = boot_restore(reading->arena, kernel);
	image->loader = image->boot ? LOADER_FREEBSD : LOADER_LINUX;
	yaml_each(entry, yaml_get(map, "layout"))
		has_kernel |= text_same(yaml_text(entry, "kind"), "kernel");
	if (exports && exports->kind == YAML_MAP && has_kernel)
		image->kernel = kernel_restore(reading->arena, exports);
	reading->verdicts->image = findings_read(reading, map);
	return !in->failed;
}

static bool world_restore(struct reading *reading, const struct yaml *root)
{
	struct image *image = arena_new(reading->arena, struct image);
	struct feeds *feeds = arena_new(reading->arena, struct feeds);
	size_t rows = 0;

	if (!image_restore(reading, root, image))
		return false;

	const struct yaml *list = field_list(reading->in, root, "feeds");
	size_t count = list ? list->count : 0;
	struct findings *findings = arena_get(reading->arena, (count + 1) * sizeof *findings);

	reading->verdicts->feeds = findings;
	yaml_each(entry, list) {
		struct feed *feed = array_add(reading->arena, feeds);

		feed->source = field_text(reading->in, entry, "source");
		if (!feed->source)
			return field_wrong(reading->in, entry, "a feed has no source");
		findings[feeds->count - 1] = findings_read(reading, entry);
	}
	if (reading->in->failed)
		return false;

	const struct kernel *kernel = image->kernel;

	/* the number of its exports is known, but not their names */
	image->kernel = NULL;
	reading->verdicts->world = world_new(reading->arena, image, feeds, NULL, NULL);
	image->kernel = kernel;
	/* so is that of the rows of a manifest */
	if (yaml_number(yaml_get(root, "image"), "manifest", &rows))
		image->manifest.count = rows;
	return true;
}

static bool package_restore(const struct reading *reading, const struct yaml *entry,
			    struct package *package)
{
	struct strings modules;

	*package = (struct package){.origin = PACKAGE_FILE,
				    .name = field_text(reading->in, entry, "name"),
				    .version = field_text(reading->in, entry, "version"),
				    .file = field_text(reading->in, entry, "file")};
	if (!package->name)
		return field_wrong(reading->in, entry, "a package has no name");
	modules = field_names(reading->in, entry, "modules");
	array_each(name, &modules)
		array_add(reading->arena, &package->modules)->name = *name;
	return true;
}

static bool result_read(const struct reading *reading, const struct yaml *entry)
{
	struct verdicts *verdicts = reading->verdicts;
	struct result *result = array_add(reading->arena, &verdicts->results);
	struct package *package = arena_new(reading->arena, struct package);

	result->package = package;
	result->verdict =
		(enum verdict)text_index(yaml_text(entry, "verdict"), verdict_name, VERDICT_COUNT);
	if (result->verdict == VERDICT_COUNT)
		return field_wrong(reading->in, entry, "a package has no valid verdict");
	result->proof = field_text(reading->in, entry, "proof");
	result->proven = field_true(entry, "proven");
	if (!package_restore(reading, entry, package))
		return false;
	result->needs = field_names(reading->in, entry, "needs");
	result->findings = findings_read(reading, entry);
	if (reading->in->failed)
		return false;
	manager_restore(reading->arena, &result->findings, package);

	const struct standing standing =
		standing_of(reading->rules, result->verdict, &result->findings);

	verdicts->count[result->verdict]++;
	gate_result(verdicts, &standing, result);
	return text_same(yaml_text(entry, "gate"), gate_name[result->gate]) ||
	       field_wrong(reading->in, entry,
			   "%s: verdict, findings and gate contradict each other: the report was "
			   "changed",
			   package->name);
}

static bool waivers_restore(struct reading *reading, const struct yaml *root)
{
	const struct yaml *map = yaml_get(root, "waivers"), *list;

	if (!map)
		return true;
	reading->verdicts->waivers = reading->waivers = arena_new(reading->arena, struct waivers);
	reading->waivers->source = field_text(reading->in, map, "source");
	if (!reading->waivers->source)
		field_wrong(reading->in, map, "waivers have no source");
	list = field_list(reading->in, map, "list");
	yaml_each(entry, list) {
		struct waiver *waiver = array_add(reading->arena, reading->waivers);
		const char *state = field_text(reading->in, entry, "state");

		*waiver = field_waiver(reading->in, entry);
		waiver->expired = text_same(state, "expired");
		waiver->refused = text_same(state, "refused") ? state : NULL;
		waiver->used = field_number(reading->in, entry, "covers");
	}
	return !reading->in->failed;
}

static bool baseline_restore(const struct reading *reading, const struct yaml *root)
{
	const struct yaml *map = yaml_get(root, "baseline");
	struct baseline_sums *sums;

	if (!map)
		return true;
	sums = arena_new(reading->arena, struct baseline_sums);
	sums->source = field_text(reading->in, map, "source");
	sums->remark = field_text(reading->in, map, "remark");
	reading->verdicts->baseline = sums;
	if (!yaml_number(map, "new", &sums->new) ||
	    !yaml_number(map, "unchanged", &sums->unchanged) ||
	    !yaml_number(map, "fixed", &sums->fixed))
		return field_wrong(reading->in, map, "the numbers of the baseline are missing");
	sums->fixed_list = field_names(reading->in, map, "fixed_list");
	return !reading->in->failed;
}

/* The summary is the last key. If it is missing or its numbers do not match, the report
 * was truncated or changed. */
static bool sums_agree(const struct reading *reading, const struct yaml *root)
{
	const struct yaml *summary = yaml_get(root, "summary"), *gate = yaml_get(root, "gate");
	struct verdicts *verdicts = reading->verdicts;
	size_t all = 0, unsafe = 0, waived = 0, known = 0, count = 0;

	if (!yaml_number(summary, "packages", &all) ||
	    !yaml_number(summary, "unrelated", &verdicts->unrelated))
		return field_wrong(reading->in, summary, "no summary: the report is truncated");
	bool agree = all == verdicts->unrelated + verdicts->results.count;

	for (size_t i = 0; i < VERDICT_COUNT; i++)
		agree = agree && yaml_number(summary, verdict_name[i], &count) &&
			count == verdicts->count[i];
	if (!agree)
		return field_wrong(reading->in, summary, "the summary does not match the packages");
	if (!yaml_number(gate, "unsafe", &unsafe) || !yaml_number(gate, "waived", &waived) ||
	    !yaml_number(gate, "known", &known) || unsafe != verdicts->failing[VERDICT_UNSAFE] ||
	    waived != verdicts->waived || known != verdicts->known ||
	    !text_same(yaml_text(gate, "result"), gate_name[verdicts->gate]))
		return field_wrong(reading->in, gate,
				   "the result of the gate does not match the findings: the report "
				   "was changed");
	return true;
}

bool report_read(struct arena *arena, const char *path, const struct yaml *root,
		 const struct rules *rules, struct verdicts *ret, struct error *error)
{
	struct fields in = {arena, path, error, false};
	struct reading reading = {
		.in = &in, .arena = arena, .rules = rules, .verdicts = ret, .image = ""};

	ret->rules = rules;
	ret->saved = root;
	if (!waivers_restore(&reading, root) || !world_restore(&reading, root))
		return false;

	const struct yaml *list = field_list(&in, root, "packages");

	yaml_each(entry, list)
		if (!result_read(&reading, entry))
			return false;
	yaml_each(entry, yaml_get(root, "excluded"))
		*array_add(arena, &ret->excluded) =
			(struct exclusion){.package = field_text(&in, entry, "package"),
					   .with = field_text(&in, entry, "with"),
					   .text = field_text(&in, entry, "text"),
					   .kept = field_true(entry, "kept")};
	ret->install = field_names(&in, root, "install");
	if (in.failed || !baseline_restore(&reading, root))
		return false;
	if (ret->waivers)
		ret->waiver_findings = findings_read(&reading, yaml_get(root, "waivers"));
	if (in.failed)
		return false;
	gate_whole(ret);
	return sums_agree(&reading, root);
}
