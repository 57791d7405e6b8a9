/* SPDX-License-Identifier: ISC */
/* Decides pass, warn or fail for each package and for the whole run, from the findings
 * that count, and says of each package what it needs that does not pass. */
#include "verdict/gate/gate_apply.h"

#include "verdict/gate/baseline_parts.h"

static bool counts(const struct finding *finding)
{
	return !finding->waiver && !finding->known;
}

static bool is_needs(const struct finding *finding)
{
	return strcmp(finding->id, "needs") == 0;
}

static void standing_add(struct standing *standing, const struct finding *finding, enum level level)
{
	if (level < LEVEL_UNKNOWN)
		return;
	standing->waived |= finding->waiver != NULL;
	standing->known |= finding->known;
	standing->error |= counts(finding) && level == LEVEL_ERROR;
	standing->unknown |= counts(finding) && level == LEVEL_UNKNOWN;
}

struct standing standing_of(const struct rules *rules, enum verdict verdict,
			    const struct findings *findings)
{
	struct standing standing = {0};
	bool needs = false;

	if (verdict <= VERDICT_SAFE)
		return standing;
	array_each(finding, findings) {
		if (is_needs(finding))
			needs = true;
		else
			standing_add(&standing, finding, rules_level(rules, finding));
	}
	/* a rules file may give no-proof a lower level: what is not proven counts
	 * all the same */
	if (!standing.error && !standing.unknown && !standing.waived && !standing.known)
		standing.unknown = !needs;
	return standing;
}

/* The finding that weighs most among those that count; NULL when none does. */
static const struct finding *worst_counting(const struct rules *rules,
					    const struct findings *findings)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct findings left = {0};
	const struct finding *worst;

	array_each(finding, findings)
		if (counts(finding))
			*array_add(&scratch, &left) = *finding;
	worst = findings_worst(rules, &left);
	for (size_t i = 0, at = 0; worst && i < findings->count; i++)
		if (counts(&findings->list[i]) && worst == &left.list[at++])
			return &findings->list[i];
	return NULL;
}

/* How much a package weighs for those that need it: most where reasons
 * against it count. */
struct weight {
	enum { WEIGHT_NONE, WEIGHT_WAIVED, WEIGHT_KNOWN, WEIGHT_COUNTS } kind;
	enum verdict verdict; /* of WEIGHT_COUNTS: what the reasons that count make it */
};

struct gating {
	struct arena *arena;
	const struct fold *fold;
	const struct gate_terms *terms;
	struct standing *standing; /* by package of the world, by itself */
	size_t *heaviest; /* by circle: which of its members and all that they need weighs most */
};

static struct weight weight_of(const struct gating *gating, size_t index)
{
	const struct standing *standing = &gating->standing[index];
	enum verdict verdict = gating->fold->judged[index].verdict;

	if (verdict <= VERDICT_SAFE)
		return (struct weight){WEIGHT_NONE, verdict};
	if (standing->error || standing->unknown)
		return (struct weight){WEIGHT_COUNTS,
				       standing->error ? VERDICT_UNSAFE : VERDICT_UNPROVEN};
	return (struct weight){standing->known ? WEIGHT_KNOWN : WEIGHT_WAIVED, verdict};
}

static int weight_compare(const struct gating *gating, size_t a, size_t b)
{
	struct weight x = weight_of(gating, a), y = weight_of(gating, b);

	if (x.kind != y.kind)
		return x.kind < y.kind ? -1 : 1;
	return (x.verdict > y.verdict) - (x.verdict < y.verdict);
}

static void heavier(const struct gating *gating, size_t index, size_t *heaviest)
{
	int order = weight_compare(gating, index, *heaviest);

	if (order > 0 || (order == 0 && index < *heaviest))
		*heaviest = index;
}

/* FINDING says that package NEED is needed and bad. It counts where a reason
 * against NEED counts; where all of them are waived or known, it is waived or known
 * for the same reason. */
static void needs_mark(const struct gating *gating, size_t need, struct finding *finding)
{
	const struct standing *standing = &gating->standing[need];
	const struct rules *rules = gating->fold->rules;
	const struct finding *worst = NULL;

	if (standing->error || (finding->outcome == OUTCOME_UNKNOWN && standing->unknown))
		return;
	finding->known = standing->known;
	if (standing->known)
		return;
	array_each(own, &gating->fold->judged[need].findings)
		if (own->waiver && (!worst || rules_level(rules, own) > rules_level(rules, worst)))
			worst = own;
	finding->waiver = worst ? worst->waiver : NULL;
}

/* The worst package that is needed may be waived or known, and another one not: then
 * RESULT says that it needs this one, too. */
static void result_complete(const struct gating *gating, struct result_part *part,
			    struct result *result)
{
	const struct fold *fold = gating->fold;
	size_t worst = fold_worst(fold, part->index);
	size_t heaviest = gating->heaviest[fold->circles.of[part->index]];
	struct weight weight = weight_of(gating, heaviest);
	bool installed = fold->judged[part->index].verdict == VERDICT_INSTALLED;

	array_each(added, &part->added)
		if (!installed && is_needs(added))
			needs_mark(gating, worst, added);
	if (!installed && weight_compare(gating, heaviest, part->index) > 0 &&
	    (heaviest != worst || weight.verdict != result->verdict)) {
		const struct findings *findings = &fold->judged[heaviest].findings;
		const struct finding *because = weight.kind == WEIGHT_COUNTS
							? worst_counting(fold->rules, findings)
							: findings_worst(fold->rules, findings);
		struct finding finding =
			needs_finding(gating->arena, fold, heaviest, weight.verdict, because);

		needs_mark(gating, heaviest, &finding);
		*array_add(gating->arena, &part->added) = finding;
	}
	array_append(gating->arena, &result->findings, &fold->judged[part->index].findings);
	array_append(gating->arena, &result->findings, &part->added);
	array_sort(&result->findings, finding_compare);
}

/* Uses up the baseline's entries for findings "needs". Whether such a finding is known
 * depends on them only where it does not count anyway. */
static void needs_known(const struct gating *gating, struct result *result)
{
	array_each(finding, &result->findings) {
		struct finding *marked = finding;

		if (!is_needs(finding))
			continue;
		if (counts(finding)) {
			marked = arena_new(gating->arena, struct finding);
			*marked = *finding;
		}
		finding->known = false;
		baseline_mark_one(gating->terms->baseline, NULL, result->package,
				  rules_level(gating->fold->rules, finding), marked);
	}
}

void gate_result(struct verdicts *verdicts, const struct standing *own, struct result *result)
{
	const struct rules *rules = verdicts->rules;
	struct standing standing = *own;
	const struct finding *deciding = NULL;

	/* the level of the rule "needs" does not matter: what is needed weighs as
	 * it does there */
	array_each(finding, &result->findings)
		if (is_needs(finding))
			standing_add(&standing, finding,
				     finding->outcome == OUTCOME_FAILS ? LEVEL_ERROR
								       : LEVEL_UNKNOWN);
	result->deciding = findings_worst(rules, &result->findings);
	if (result->verdict <= VERDICT_SAFE)
		return;
	result->waived = standing.waived;
	result->known = standing.known;
	if (standing.error || standing.unknown) {
		result->gate = standing.error ? GATE_FAIL : rules->unproven;
		deciding = worst_counting(rules, &result->findings);
		verdicts->failing[standing.error ? VERDICT_UNSAFE : VERDICT_UNPROVEN] +=
			result->gate == GATE_FAIL;
	} else {
		verdicts->known += result->known;
		verdicts->waived += !result->known;
	}
	if (deciding && rules_level(rules, deciding) >= LEVEL_UNKNOWN)
		result->deciding = deciding;
}

static size_t errors_counting(const struct rules *rules, const struct findings *findings)
{
	return array_count(finding, findings,
			   counts(finding) && rules_level(rules, finding) == LEVEL_ERROR);
}

size_t verdicts_beside(const struct verdicts *verdicts)
{
	size_t count = errors_counting(verdicts->rules, &verdicts->image) +
		       errors_counting(verdicts->rules, &verdicts->waiver_findings);

	for (size_t i = 0; i < world_feeds(verdicts->world)->count; i++)
		count += errors_counting(verdicts->rules, &verdicts->feeds[i]);
	return count;
}

void gate_whole(struct verdicts *verdicts)
{
	verdicts->gate = verdicts_beside(verdicts) ? GATE_FAIL : GATE_PASS;
	array_each(result, &verdicts->results)
		verdicts->gate = result->gate > verdicts->gate ? result->gate : verdicts->gate;
}

int verdicts_status(const struct verdicts *verdicts)
{
	if (verdicts->failing[VERDICT_UNSAFE] > 0 || verdicts_beside(verdicts) > 0)
		return 1;
	return verdicts->failing[VERDICT_UNPROVEN] > 0 ? 2 : 0;
}

static void standings_fill(const struct gating *gating)
{
	const struct fold *fold = gating->fold;

	for (size_t i = 0; i < world_count(fold->world); i++) {
		struct standing *standing = &gating->standing[i];

		*standing = standing_of(fold->rules, fold->judged[i].verdict,
					&fold->judged[i].findings);
		/* a package that no report lists is in no baseline: it is taken as
		 * known here, and needs_known() asks about the packages that need it */
		if (gating->terms->baseline &&
		    !is_related(fold->world, world_package(fold->world, i)) &&
		    (standing->error || standing->unknown))
			*standing = (struct standing){.waived = standing->waived, .known = true};
	}
	for (size_t i = 0; i < fold->circles.count; i++) {
		struct indexes members = circle_members(&fold->circles, i);
		struct indexes needed = circle_needs(&fold->circles, i);

		gating->heaviest[i] = members.list[0];
		array_each(member, &members)
			heavier(gating, *member, &gating->heaviest[i]);
		array_each(other, &needed)
			heavier(gating, gating->heaviest[*other], &gating->heaviest[i]);
	}
}

void gate_apply(struct arena *arena, struct fold *fold, const struct gate_terms *terms,
		const struct strings *only, struct verdicts *verdicts)
{
	size_t count = world_count(fold->world) + 1;
	struct gating gating = {arena, fold, terms,
				arena_get(arena, count * sizeof *gating.standing),
				arena_get(arena, count * sizeof *gating.heaviest)};

	if (terms->baseline)
		baseline_begin(terms->baseline, world_image(fold->world), only);
	gate_mark(arena, fold, terms, verdicts);
	standings_fill(&gating);
	for (size_t i = 0; i < verdicts->results.count; i++)
		result_complete(&gating, &fold->parts[i], &verdicts->results.list[i]);
	if (terms->baseline) {
		array_each(result, &verdicts->results)
			needs_known(&gating, result);
		baseline_settle(terms->baseline);
	}
	for (size_t i = 0; i < verdicts->results.count; i++)
		gate_result(verdicts, &gating.standing[fold->parts[i].index],
			    &verdicts->results.list[i]);
	verdicts->waivers = terms->waivers;
	if (terms->waivers && terms->whole)
		waivers_findings(arena, terms->waivers, &verdicts->waiver_findings);
	if (terms->baseline) {
		struct baseline_sums *sums = arena_new(arena, struct baseline_sums);

		*sums = baseline_done(arena, terms->baseline);
		verdicts->baseline = sums;
	}
	gate_whole(verdicts);
}
