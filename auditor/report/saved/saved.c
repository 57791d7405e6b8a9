/* SPDX-License-Identifier: ISC */
/* Opens a saved report of audit or gate, YAML or JSON, restores the policy it went by,
 * and checks its sums. */
#include "report/saved/saved.h"

#include "base/text.h"
#include "base/yaml.h"
#include "report/ledger/ledger_read.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <string.h>

#define REPORT_MOST ((uint64_t)1 << 30)

static bool audit_restore(struct arena *arena, const struct yaml *root, const struct rules *words,
			  const char *policy, struct saved *saved, struct error *error)
{
	const char *named = yaml_unquoted(arena, yaml_get(root, "gate"), "policy");
	struct rules *rules = arena_new(arena, struct rules);
	struct verdicts *verdicts = &saved->verdicts;

	*rules = *words;
	rules->list = NULL;
	rules->count = rules->room = 0;
	array_each(rule, words)
		*array_add(arena, rules) = *rule;
	/* the levels of the report's policy are needed to print it again */
	if (!named)
		return fail(error, "%s: incomplete report: it states no policy", saved->path);
	if (!policy && !text_among(named, preset_names))
		return fail(error,
			    "%s: written with the policy file '%s'; pass it with --policy FILE",
			    saved->path, named);
	if (!policy_read(arena, policy ? policy : named, rules, error))
		return false;
	rules->policy = named;
	if (!report_read(arena, saved->path, root, rules, verdicts, error))
		return false;
	saved->image_sha256 = yaml_unquoted(arena, yaml_get(root, "image"), "sha256");
	saved->ledger = ledger_of(arena, verdicts);
	ledger_finish_with(&saved->ledger, &verdicts->waiver_findings);
	return true;
}

/* Checks that the numbers in a plan's report match what it lists. */
static bool gate_adds_up(const char *path, const struct yaml *root, const struct ledger *ledger,
			 struct error *error)
{
	const struct yaml *result = yaml_get(root, "result");
	size_t status = 0, pairs = 0, failing = 0;

	if (!yaml_number(result, "status", &status) || !yaml_number(result, "pairs", &pairs) ||
	    !yaml_number(result, "pairs_failing", &failing))
		return fail(error, "%s: incomplete report: it has no result", path);
	if (status != (size_t)ledger->status || pairs != ledger->pairs.count ||
	    failing != ledger->pairs_failing ||
	    !text_same(yaml_text(result, "gate"), gate_name[ledger->gate]))
		return fail(error,
			    "%s: changed after it was written: its result does not match its pairs",
			    path);
	array_each(pair, &ledger->pairs) {
		size_t count[VERDICT_COUNT] = {0};

		array_each(cell, &pair->cells)
			count[cell->verdict]++;
		if (memcmp(count, pair->sums.verdict, sizeof count) != 0)
			return fail(error,
				    "%s: changed after it was written: the summary of %s with %s "
				    "does not match its packages",
				    path, pair->image, pair->feed);
	}
	return true;
}

bool saved_read(struct arena *arena, const char *path, const struct rules *rules,
		const char *policy, struct saved *ret, struct error *error)
{
	const struct yaml *root;
	const char *schema;
	struct span text;
	struct error why;

	*ret = (struct saved){.path = path};
	if (!file_read(arena, path, REPORT_MOST, &text, error))
		return false;
	if (!yaml_parse_large(arena, path, text, &root, &why))
		return fail(error, "%s: not a report of kmodaudit, or truncated: %s", path,
			    strncmp(why.text, path, strlen(path)) ? why.text
								  : why.text + strlen(path) + 2);
	schema = yaml_text(root, "schema");
	if (schema && strcmp(schema, "kmodaudit/gate/1") == 0) {
		ret->gate = true;
		if (!ledger_read(arena, ret->path, rules, &ret->ledger, error))
			return false;
		ledger_finish(arena, &ret->ledger);
		return gate_adds_up(ret->path, root, &ret->ledger, error);
	}
	if (!schema || strcmp(schema, "kmodaudit/report/1") != 0)
		return fail(error,
			    "%s: not a report of kmodaudit audit or gate in YAML or JSON (schema "
			    "kmodaudit/report/1 or kmodaudit/gate/1)",
			    path);
	ret->verdicts.saved_json = span_starts(text, "{");
	return audit_restore(arena, root, rules, policy, ret, error);
}
