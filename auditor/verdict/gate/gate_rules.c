/* SPDX-License-Identifier: ISC */
/* Applies waivers and baseline to the findings and decides pass, warn or fail for each package
 * and for the whole run. */
#include "verdict/gate/baseline_parts.h"
#include "verdict/judged.h"

static bool stands(const struct finding *finding)
{
	return !finding->waiver && !finding->known;
}

const struct finding *findings_standing(const struct rules *rules, const struct findings *findings)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct findings left = {0};
	const struct finding *worst;

	array_each(finding, findings)
		if (stands(finding))
			*array_add(&scratch, &left) = *finding;
	worst = findings_worst(rules, &left);
	for (size_t i = 0, at = 0; worst && i < findings->count; i++)
		if (stands(&findings->list[i]) && worst == &left.list[at++])
			return &findings->list[i];
	return NULL;
}

static void standing_add(struct standing *standing, const struct finding *finding, enum level level)
{
	if (level < LEVEL_UNKNOWN)
		return;
	standing->waived |= finding->waiver != NULL;
	standing->known |= finding->known;
	standing->error |= stands(finding) && level == LEVEL_ERROR;
	standing->unknown |= stands(finding) && level == LEVEL_UNKNOWN;
}

struct standing standing_of(const struct rules *rules, const struct judged *judged)
{
	struct standing standing = {0};

	if (judged->verdict <= VERDICT_SAFE)
		return standing;
	array_each(finding, &judged->findings)
		standing_add(&standing, finding, rules_level(rules, finding));
	/* rules of one's own may weigh no-proof as less: what is not proven stands all the same */
	if (!standing.error && !standing.unknown && !standing.waived && !standing.known)
		standing.unknown = true;
	return standing;
}

struct weight weight_of(const struct standing *standing, enum verdict verdict)
{
	if (verdict <= VERDICT_SAFE)
		return (struct weight){WEIGHT_NONE, verdict};
	if (standing->error || standing->unknown)
		return (struct weight){WEIGHT_STANDS,
				       standing->error ? VERDICT_UNSAFE : VERDICT_UNPROVEN};
	return (struct weight){standing->known ? WEIGHT_KNOWN : WEIGHT_WAIVED, verdict};
}

int weight_compare(struct weight a, struct weight b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	return (a.verdict > b.verdict) - (a.verdict < b.verdict);
}

bool is_related(const struct world *world, const struct package *package)
{
	return package->problem || world_related(world, package);
}

/* One run's waivers and baseline, and who they are asked for. */
struct asking {
	const struct verdicts *verdicts;
	const struct gate_terms *terms;
	const char *owner;
	const struct package *package;
};

static void ask_waivers(const struct asking *asking, struct finding *finding)
{
	const char *source = world_image(asking->verdicts->world)->source;

	if (!asking->terms->waivers ||
	    rules_level(asking->verdicts->rules, finding) < LEVEL_WARNING)
		return;
	finding->waiver = waivers_cover(asking->terms->waivers, asking->terms->image, source,
					asking->package, finding);
}

static void ask(const struct asking *asking, struct findings *findings)
{
	array_each(finding, findings)
		ask_waivers(asking, finding);
	/* what is in no report is in no baseline */
	if (asking->terms->baseline &&
	    (!asking->package || is_related(asking->verdicts->world, asking->package)))
		baseline_mark(asking->terms->baseline, asking->owner, asking->package,
			      asking->verdicts->rules, findings);
}

/* An error that is let through is no proof: when no other stands, it is said of what is unsafe
 * that it is unproven, too. Before, it goes without saying; a waiver for it is used all the
 * same. */
static void ask_no_proof(struct arena *arena, const struct asking *asking, struct judged *judged)
{
	struct standing standing = standing_of(asking->verdicts->rules, judged);
	struct finding finding = judged->no_proof;

	if (judged->verdict != VERDICT_UNSAFE || !judged->unproven)
		return;
	ask_waivers(asking, &finding);
	if (standing.error)
		return;
	if (asking->terms->baseline)
		baseline_mark_no_proof(asking->terms->baseline, asking->package, &finding);

	struct findings findings = {0};
	array_each(one, &judged->findings)
		*array_add(arena, &findings) = *one;
	*array_add(arena, &findings) = finding;
	array_sort(&findings, finding_compare);
	judged->findings = findings;
}

void gate_terms_apply(struct arena *arena, struct verdicts *verdicts,
		      const struct gate_terms *terms, struct judged *judged)
{
	struct asking asking = {.verdicts = verdicts, .terms = terms, .owner = "image"};
	const struct world *world = verdicts->world;

	ask(&asking, &verdicts->image);
	asking.owner = "feed";
	for (size_t i = 0; i < world_feeds(world)->count; i++)
		ask(&asking, &verdicts->feeds[i]);
	for (size_t i = 0; i < world_count(world); i++) {
		asking.package = world_package(world, i);
		ask(&asking, &judged[i].findings);
	}
	if (terms->baseline)
		baseline_settle(terms->baseline);
	for (size_t i = 0; i < world_count(world); i++) {
		asking.package = world_package(world, i);
		ask_no_proof(arena, &asking, &judged[i]);
	}
}

/* What it needs weighs as it does there, whatever the level of "needs" is. */
static struct standing standing_whole(const struct standing *own, const struct result *result)
{
	struct standing standing = *own;

	array_each(finding, &result->findings)
		if (strcmp(finding->id, "needs") == 0)
			standing_add(&standing, finding,
				     finding->outcome == OUTCOME_FAILS ? LEVEL_ERROR
								       : LEVEL_UNKNOWN);
	return standing;
}

void gate_result(struct verdicts *verdicts, const struct standing *own, struct result *result)
{
	const struct rules *rules = verdicts->rules;
	const struct standing standing = standing_whole(own, result);
	const struct finding *deciding = NULL;

	result->deciding = findings_worst(rules, &result->findings);
	if (result->verdict <= VERDICT_SAFE)
		return;
	result->waived = standing.waived;
	result->known = standing.known;
	if (standing.error || standing.unknown) {
		result->gate = standing.error ? GATE_FAIL : rules->unproven;
		deciding = findings_standing(rules, &result->findings);
		verdicts->failing[standing.error ? VERDICT_UNSAFE : VERDICT_UNPROVEN] +=
			result->gate == GATE_FAIL;
	} else {
		verdicts->known += result->known;
		verdicts->waived += !result->known;
	}
	if (deciding && rules_level(rules, deciding) >= LEVEL_UNKNOWN)
		result->deciding = deciding;
}

static size_t errors_standing(const struct rules *rules, const struct findings *findings)
{
	size_t count = 0;

	array_each(finding, findings)
		count += stands(finding) && rules_level(rules, finding) == LEVEL_ERROR;
	return count;
}

size_t verdicts_beside(const struct verdicts *verdicts)
{
	size_t count = errors_standing(verdicts->rules, &verdicts->image) +
		       errors_standing(verdicts->rules, &verdicts->waiver_findings);

	for (size_t i = 0; i < world_feeds(verdicts->world)->count; i++)
		count += errors_standing(verdicts->rules, &verdicts->feeds[i]);
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
