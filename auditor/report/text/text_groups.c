/* SPDX-License-Identifier: ISC */
/* Groups the results of a text report by their common reason, so that each reason
 * is printed once. */
#include "report/text/text_groups.h"

#include "base/text.h"
#include "report/report.h"
#include "verdict/cause.h"

enum { GROUPS_MOST = 6, WARNINGS_MOST = 2 };

const char *const group_label[GROUP_STATES] = {"", "known: ", "waived: "};

/* Groups by two keys: rule and sentence, and rule and compared values. Findings that
 * have either in common have the same reason. */
struct grouping {
	struct arena *arena;
	const struct verdicts *verdicts;
	struct map by_text, by_values;
	struct groups groups;
};

enum group_state group_state(const struct result *result)
{
	if (!result->deciding || result->verdict <= VERDICT_SAFE)
		return GROUP_STANDS;
	if (result->deciding->waiver)
		return GROUP_WAIVED;
	return result->deciding->known ? GROUP_KNOWN : GROUP_STANDS;
}

/* Keeps findings apart that are waived, in the baseline, or neither, and findings
 * with different waivers. */
static const char *state_key(struct arena *arena, const struct finding *finding)
{
	return arena_format(arena, "%d %s", finding->known,
			    finding->waiver ? finding->waiver->witness : "");
}

bool finding_misses_package(const struct finding *finding)
{
	return finding->id && finding->subject && !finding->found &&
	       (strcmp(finding->id, "package-depends") == 0 ||
		strcmp(finding->id, "package-missing") == 0);
}

/* The key of the compared values; NULL if nothing was compared: then only equal
 * sentences are one reason. */
static const char *values_key(struct arena *arena, const struct finding *finding)
{
	if (finding_misses_package(finding))
		/* a missing package is one reason, whatever each dependent package
		 * uses from it */
		return arena_format(arena, "%s\n%s\n%s", state_key(arena, finding), finding->id,
				    finding->subject);
	if (!finding->expected || !finding->found)
		return NULL;
	return arena_format(arena, "%s\n%s\n%s\n%s", state_key(arena, finding),
			    text_or_empty(finding->id), finding->expected, finding->found);
}

/* The common start of two sentences, up to a "; "; NULL if they differ before
 * the first one. */
static const char *common_start(struct arena *arena, const char *a, const char *b)
{
	size_t same = 0, end = 0;

	for (; a[same] && a[same] == b[same]; same++)
		if (a[same] == ';' && a[same + 1] == ' ')
			end = same;
	if (!a[same] && b[same] == ';')
		end = same;
	return end ? arena_string(arena, span_from(a, end)) : NULL;
}

/* What follows the first ": " of the sentence NEXT, if ALL is equal to NEXT or differs
 * only before that, as in "KLD x.ko: ..."; else NULL. */
static const char *common_rest(const char *all, const char *next)
{
	const char *from = strstr(all, ": "), *to = strstr(next, ": ");

	if (!to)
		return NULL;
	to += strlen(": ");
	return strcmp(all, to) == 0 || (from && strcmp(from + strlen(": "), to) == 0) ? to : NULL;
}

/* A text for all findings of a group. If their sentences differ (they may name a module
 * or a file), it is what they have in common, else the rule's title. */
static const char *common_text(struct grouping *grouping, const struct group *group,
			       const struct finding *finding)
{
	const char *text = quote(grouping->arena, text_or_empty(finding->text));
	const char *start = common_start(grouping->arena, group->text, text);

	if (finding_misses_package(finding)) {
		/* "kmod-mii, which should export ..., is neither ..." without the clause
		 * that differs between packages */
		const char *from = strstr(group->text, ", which ");
		const char *to = from ? strstr(from, ", is ") : NULL;

		return to ? arena_format(grouping->arena, "%.*s%s", (int)(from - group->text),
					 group->text, to + 1)
			  : group->text;
	}
	if (!start)
		start = common_rest(group->text, text);
	if (start)
		return start;

	const struct rule *rule = rules_find(grouping->verdicts->rules, finding->id);

	if (!rule || !rule->title)
		return text;
	return quote(grouping->arena, arena_format(grouping->arena, "%s: %s expected, %s found",
						   rule->title, finding->expected, finding->found));
}

static struct group *group_of(struct grouping *grouping, const struct finding *finding)
{
	static const struct finding no_reason;
	const struct finding *reason = finding ? finding : &no_reason;
	const char *values = values_key(grouping->arena, reason);
	uint32_t next = (uint32_t)grouping->groups.count;
	uint32_t same_text = map_put(
		&grouping->by_text, grouping->arena,
		arena_format(grouping->arena, "%s\n%s\n%s", state_key(grouping->arena, reason),
			     text_or_empty(reason->id), text_or_empty(reason->text)),
		next);
	uint32_t same_values =
		values ? map_put(&grouping->by_values, grouping->arena, values, same_text)
		       : same_text;

	if (same_text < next)
		return &grouping->groups.list[same_text];
	if (same_values < next) {
		struct group *group = &grouping->groups.list[same_values];
		group->text = common_text(grouping, group, reason);
		return group;
	}

	struct group *group = array_add(grouping->arena, &grouping->groups);

	group->finding = finding;
	group->text = quote(grouping->arena, text_or_empty(reason->text));
	return group;
}

static size_t group_size(const struct group *group)
{
	return group->names.count + group->needing.count;
}

static int group_compare(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->state != right->state)
		return left->state < right->state ? -1 : 1;
	if (group_size(left) != group_size(right))
		return group_size(left) < group_size(right) ? 1 : -1;
	return strcmp(left->names.list[0], right->names.list[0]);
}

/* If more than MOST groups have the same rule, makes one group of them, with the text
 * of the first. */
static struct groups groups_fold(struct arena *arena, const struct groups *groups, size_t most)
{
	struct groups folded = {0};
	struct map rules = {0};

	array_each(group, groups) {
		uint32_t place = (uint32_t)folded.count;
		const struct finding *finding = group->finding;
		size_t same =
			array_count(other, groups,
				    finding && other->finding && other->state == group->state &&
					    other->waiver == group->waiver &&
					    strcmp(other->finding->id, finding->id) == 0);

		if (same > most)
			place = map_put(&rules, arena,
					arena_format(arena, "%s\n%s", state_key(arena, finding),
						     finding->id),
					place);
		if (place == folded.count) {
			*array_add(arena, &folded) = *group;
			continue;
		}
		struct group *whole = &folded.list[place];
		if (!whole->example)
			whole->example = whole->names.list[0];
		array_append(arena, &whole->names, &group->names);
		array_append(arena, &whole->files, &group->files);
		array_append(arena, &whole->needing, &group->needing);
		array_append(arena, &whole->needing_files, &group->needing_files);
	}
	return folded;
}

const struct result *result_named(const struct verdicts *verdicts, const char *name,
				  enum verdict verdict)
{
	size_t first = array_lower(one, &verdicts->results, strcmp(one->package->name, name) < 0);

	for (size_t i = first; i < verdicts->results.count; i++) {
		const struct result *result = &verdicts->results.list[i];

		if (strcmp(result->package->name, name) != 0)
			return NULL;
		if (result->verdict == verdict)
			return result;
	}
	return NULL;
}

/* The finding that caused the verdict. If a package is only bad because of one that it
 * needs, it is that package's finding, and NEEDS is set. */
static const struct finding *reason_of(const struct verdicts *verdicts, const struct result *result,
				       bool *needs)
{
	const struct finding *deciding = result->deciding;
	const struct result *need;

	*needs = false;
	if (!deciding || deciding->waiver || deciding->known)
		return deciding;
	if (strcmp(deciding->id, "needs") != 0)
		return finding_cause(&result->findings, deciding);
	need = result_named(verdicts, deciding->subject, result->verdict);
	if (!need || !need->deciding || need->deciding->waiver || need->deciding->known ||
	    strcmp(need->deciding->id, "needs") == 0)
		return deciding;
	*needs = true;
	return finding_cause(&need->findings, need->deciding);
}

/* NEEDS: the reason is one of a package that RESULT needs. */
static void group_join(struct grouping *grouping, const struct result *result,
		       const struct finding *reason, bool needs)
{
	struct group *group = group_of(grouping, reason);
	struct strings *names = needs ? &group->needing : &group->names;
	struct strings *files = needs ? &group->needing_files : &group->files;

	group->state = group_state(result);
	group->waiver = group->state == GROUP_WAIVED ? result->deciding->waiver : NULL;
	*array_add(grouping->arena, names) = quote(grouping->arena, result->package->name);
	*array_add(grouping->arena, files) = arena_format(
		grouping->arena, "%s\n%s", quote(grouping->arena, result->package->name),
		text_or_empty(result->package->file));
}

/* Adds the number of files to a name that several package files have, because the first
 * line counts files. */
static void names_settle(struct arena *arena, struct strings *names, struct strings *files)
{
	size_t at = 0;

	strings_unique(names);
	strings_unique(files);
	array_each(name, names) {
		size_t size = strlen(*name), count = 0;

		for (; at < files->count && strncmp(files->list[at], *name, size) == 0 &&
		       files->list[at][size] == '\n';
		     at++)
			count++;
		if (count > 1)
			*name = arena_format(arena, "%s (%zu files)", *name, count);
	}
}

struct groups groups_of(struct arena *arena, const struct verdicts *verdicts, enum verdict verdict,
			bool fold)
{
	struct grouping grouping = {.arena = arena, .verdicts = verdicts};
	bool good = verdict == VERDICT_SAFE || verdict == VERDICT_INSTALLED;
	enum level least = verdict == VERDICT_INSTALLED ? LEVEL_ERROR : LEVEL_WARNING;

	array_each(result, &verdicts->results) {
		const struct finding *deciding = result->deciding;

		if (result->verdict != verdict ||
		    (good && (!deciding || rules_level(verdicts->rules, deciding) < least)))
			continue;

		bool needs;
		const struct finding *reason = reason_of(verdicts, result, &needs);

		group_join(&grouping, result, reason, needs);
		if (reason && finding_misses_package(reason))
			/* RESULT also belongs to the group of each further package that
			 * it lacks */
			array_each(finding, &result->findings)
				if (finding != reason && finding_misses_package(finding) &&
				    finding->outcome == reason->outcome &&
				    strcmp(finding->id, reason->id) == 0)
					group_join(&grouping, result, finding, false);
	}
	size_t most = verdict > VERDICT_SAFE ? GROUPS_MOST : WARNINGS_MOST;
	struct groups groups = fold ? groups_fold(arena, &grouping.groups, most) : grouping.groups;

	array_each(group, &groups) {
		names_settle(arena, &group->names, &group->files);
		names_settle(arena, &group->needing, &group->needing_files);
	}
	array_sort(&groups, group_compare);
	return groups;
}
