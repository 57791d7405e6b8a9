/* SPDX-License-Identifier: ISC */
/* Folds findings and proofs of each package and of all it needs into its verdict, and makes
 * the results that reports print. */
#include "verdict/judged.h"

#include "base/pool.h"
#include "base/text.h"
#include "verdict/gate/baseline_parts.h"

const char *const verdict_name[VERDICT_COUNT] = {"installed", "safe", "unproven", "unsafe"};
const enum verdict verdict_order[VERDICT_COUNT] = {VERDICT_INSTALLED, VERDICT_SAFE, VERDICT_UNSAFE,
						   VERDICT_UNPROVEN};

struct round {
	const struct world *world;
	const struct rules *rules;
	bool keyed;
	struct arena *arenas; /* one for each worker */
	struct judged *judged;
};

static void round_judge(void *context, unsigned worker, size_t item)
{
	struct round *round = context;

	round->judged[item] =
		judge(&round->arenas[worker], round->world, round->rules, round->keyed, item);
}

static struct judged *judge_all(struct arena *arena, const struct states *states,
				const struct world *world, const struct rules *rules, bool keyed,
				unsigned threads)
{
	struct arena arenas[POOL_MOST] = {0};
	struct round round = {.world = world, .rules = rules, .keyed = keyed, .arenas = arenas};

	round.judged = arena_get(arena, (world_count(world) + 1) * sizeof *round.judged);
	pool_run(threads, world_count(world), round_judge, &round);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	needs_settle(arena, round.judged, world_count(world));
	states_judge(arena, states, world, rules, round.judged, threads);
	return round.judged;
}

/* All that is known when the results are made. */
struct fold {
	struct verdicts *verdicts;
	const struct gate_terms *terms;
	const struct states *states;
	const struct judged *judged;
	const struct standing *standing; /* by package, of its own findings */
	size_t *seen;
	const struct strings *only;
};

/* The worst of what is needed, if it is worse than the package itself: the first by name. */
static size_t needs_worst(const struct judged *judged, size_t index, const struct indexes *needs)
{
	size_t worst = index;

	array_each(need, needs)
		if (judged[*need].verdict > judged[worst].verdict)
			worst = *need;
	return worst;
}

static struct weight fold_weight(const struct fold *fold, size_t index)
{
	return weight_of(&fold->standing[index], fold->judged[index].verdict);
}

/* Likewise what weighs most with the gate: the package that is worst may be waived. */
static size_t needs_heaviest(const struct fold *fold, size_t index, const struct indexes *needs)
{
	size_t heaviest = index;

	array_each(need, needs)
		if (weight_compare(fold_weight(fold, *need), fold_weight(fold, heaviest)) > 0)
			heaviest = *need;
	return heaviest;
}

static const char *needs_text(struct arena *arena, const struct package *need, enum verdict verdict,
			      const struct finding *because)
{
	return arena_format(arena, "needs %s%s%s, which is %s%s%s", need->name,
			    need->version ? " " : "", need->version ? need->version : "",
			    verdict_name[verdict], because ? ": " : "",
			    because ? because->text : "");
}

static const struct waiver *waiver_worst(const struct rules *rules, const struct findings *findings)
{
	const struct finding *worst = NULL;

	array_each(finding, findings)
		if (finding->waiver &&
		    (!worst || rules_level(rules, finding) > rules_level(rules, worst)))
			worst = finding;
	return worst ? worst->waiver : NULL;
}

/* What makes NEED bad makes bad what needs it, and what covers it covers that, too. LEFT: say
 * what is left of it, waivers and baseline taken off. KNOWN of the finding means here that it
 * is, if the baseline has it. */
static void needs_say(struct arena *arena, const struct fold *fold, size_t need, bool left,
		      struct findings *findings)
{
	const struct package *package = world_package(fold->verdicts->world, need);
	const struct findings *own = &fold->judged[need].findings;
	const struct standing *standing = &fold->standing[need];
	const struct rules *rules = fold->verdicts->rules;
	enum verdict verdict = left ? fold_weight(fold, need).verdict : fold->judged[need].verdict;
	const struct finding *because =
		left ? findings_standing(rules, own) : findings_worst(rules, own);
	struct finding *finding = finding_add(
		arena, findings, "needs",
		verdict == VERDICT_UNSAFE ? OUTCOME_FAILS : OUTCOME_UNKNOWN, NULL, package->name);

	finding->witness[0] = because ? because->witness[0] : NULL;
	finding->witness[1] = package->witness;
	finding->text = needs_text(arena, package, verdict, because);
	finding->settle = because ? because->settle : NULL;
	if (standing->error || (verdict == VERDICT_UNPROVEN && standing->unknown))
		return;
	finding->known = standing->known;
	finding->waiver = standing->known ? NULL : waiver_worst(rules, own);
}

static void result_pull(struct arena *arena, const struct fold *fold, size_t index,
			const struct indexes *needs, struct result *result)
{
	size_t worst = needs_worst(fold->judged, index, needs),
	       heaviest = needs_heaviest(fold, index, needs);
	struct weight weight = fold_weight(fold, heaviest);
	bool left = weight.kind == WEIGHT_STANDS;
	struct findings findings = {0};

	array_each(finding, &result->findings)
		*array_add(arena, &findings) = *finding;
	result->verdict = fold->judged[worst].verdict;
	if (worst != index)
		needs_say(arena, fold, worst, false, &findings);
	if (heaviest != index &&
	    (heaviest != worst || weight.verdict != fold->judged[worst].verdict))
		needs_say(arena, fold, heaviest, left, &findings);
	array_sort(&findings, finding_compare);
	result->findings = findings;
}

static void result_manager(struct arena *arena, const struct fold *fold, size_t index,
			   const struct indexes *needs, struct result *result)
{
	const struct world *world = fold->verdicts->world;
	const struct judged *judged = fold->judged;
	_cleanup_arena_ struct arena scratch = {0};
	struct managed *list = arena_get(&scratch, (needs->count + 1) * sizeof *list);
	struct findings findings = {0};
	size_t count = 0;

	list[count++] = (struct managed){result->package, &judged[index].findings};
	array_each(need, needs)
		list[count++] =
			(struct managed){world_package(world, *need), &judged[*need].findings};
	array_each(finding, &result->findings)
		*array_add(arena, &findings) = *finding;
	check_manager(arena, fold->states, list, count, result->verdict == VERDICT_SAFE, &findings);
	array_sort(&findings, finding_compare);
	result->findings = findings;
}

static const char *proof_weakest(const struct judged *judged, size_t index,
				 const struct indexes *needs)
{
	int weakest = judged[index].proof < PROOF_COUNT ? (int)judged[index].proof : -1;

	array_each(need, needs)
		if (judged[*need].proof < PROOF_COUNT && (int)judged[*need].proof > weakest)
			weakest = (int)judged[*need].proof;
	return weakest < 0 ? NULL : proof_name[weakest];
}

static struct result result_make(struct arena *arena, const struct fold *fold, size_t index)
{
	_cleanup_arena_ struct arena scratch = {0};
	const struct judged *judged = fold->judged;
	struct indexes needs = needs_closure(&scratch, judged, index, fold->seen, index + 1);
	struct result result = {.package = world_package(fold->verdicts->world, index),
				.verdict = judged[index].verdict,
				.findings = judged[index].findings,
				.proven = !judged[index].unproven};

	memcpy(result.holds, judged[index].holds, sizeof result.holds);
	memcpy(result.lacks, judged[index].lacks, sizeof result.lacks);
	array_each(need, &needs)
		*array_add(arena, &result.needs) =
			world_package(fold->verdicts->world, *need)->name;
	strings_unique(&result.needs);
	if (result.verdict != VERDICT_INSTALLED) {
		result_pull(arena, fold, index, &needs, &result);
		result_manager(arena, fold, index, &needs, &result);
	}
	if (result.verdict == VERDICT_SAFE)
		result.proof = proof_weakest(judged, index, &needs);
	return result;
}

/* What stands in a package that is needed stands here, too, though the baseline may have that
 * it was needed. */
static void result_known(struct arena *arena, const struct fold *fold, struct result *result)
{
	array_each(finding, &result->findings) {
		struct finding *asked = finding;

		if (strcmp(finding->id, "needs") != 0)
			continue;
		if (!finding->known && !finding->waiver) {
			asked = arena_new(arena, struct finding);
			*asked = *finding;
		}
		finding->known = false;
		baseline_mark_one(fold->terms->baseline, NULL, result->package,
				  rules_level(fold->verdicts->rules, finding), asked);
	}
}

static bool is_reported(struct fold *fold, const struct package *package)
{
	if (!is_related(fold->verdicts->world, package)) {
		fold->verdicts->unrelated++;
		return false;
	}
	return !fold->only || !fold->only->count || globs_fit(fold->only, package->name);
}

static void results_make(struct arena *arena, struct fold *fold)
{
	struct verdicts *verdicts = fold->verdicts;
	struct indexes made = {0}, safe = {0};

	for (size_t i = 0; i < world_count(verdicts->world); i++) {
		if (!is_reported(fold, world_package(verdicts->world, i)))
			continue;

		struct result result = result_make(arena, fold, i);
		*array_add(arena, &verdicts->results) = result;
		*array_add(arena, &made) = i;
		verdicts->count[result.verdict]++;
		if (result.verdict == VERDICT_SAFE)
			*array_add(arena, &safe) = i;
	}
	if (fold->terms->baseline) {
		array_each(result, &verdicts->results)
			result_known(arena, fold, result);
		baseline_settle(fold->terms->baseline);
	}
	for (size_t i = 0; i < made.count; i++)
		gate_result(verdicts, &fold->standing[made.list[i]], &verdicts->results.list[i]);
	verdicts->install = install_order(arena, fold->states, verdicts->world, fold->judged, &safe,
					  &verdicts->excluded);
}

/* A package that no report lists may be known in what it is needed by: the baseline is asked
 * there. */
static struct standing fold_standing(const struct fold *fold, const struct judged *judged,
				     size_t index)
{
	const struct verdicts *verdicts = fold->verdicts;
	struct standing standing = standing_of(verdicts->rules, judged);

	if (fold->terms->baseline &&
	    !is_related(verdicts->world, world_package(verdicts->world, index)) &&
	    (standing.error || standing.unknown)) {
		standing.error = standing.unknown = false;
		standing.known = true;
	}
	return standing;
}

static void fold_run(struct arena *arena, struct fold *fold, struct judged *judged)
{
	struct verdicts *verdicts = fold->verdicts;
	size_t count = world_count(verdicts->world);
	struct standing *standing = arena_get(arena, (count + 1) * sizeof *standing);

	gate_terms_apply(arena, verdicts, fold->terms, judged);
	for (size_t i = 0; i < count; i++)
		standing[i] = fold_standing(fold, &judged[i], i);
	fold->judged = judged;
	fold->standing = standing;
	fold->seen = arena_get(arena, (count + 1) * sizeof *fold->seen);
	results_make(arena, fold);
}

static void terms_close(struct arena *arena, const struct gate_terms *terms,
			struct verdicts *verdicts)
{
	struct baseline_sums *sums;

	verdicts->waivers = terms->waivers;
	if (terms->waivers && terms->whole)
		waivers_findings(arena, terms->waivers, &verdicts->waiver_findings);
	if (terms->baseline) {
		sums = arena_new(arena, struct baseline_sums);
		*sums = baseline_done(arena, terms->baseline);
		verdicts->baseline = sums;
	}
	gate_whole(verdicts);
}

struct verdicts verdict_reach(struct arena *arena, const struct world *world,
			      const struct rules *rules, const struct gate_terms *terms,
			      const struct strings *only, unsigned threads)
{
	struct verdicts verdicts = {.world = world, .rules = rules};
	struct fold fold = {.verdicts = &verdicts, .terms = terms, .only = only};
	const struct feeds *feeds = world_feeds(world);

	check_image(arena, world, &verdicts.image);
	verdicts.feeds = arena_get(arena, (feeds->count + 1) * sizeof *verdicts.feeds);
	for (size_t i = 0; i < feeds->count; i++)
		check_feed(arena, world, &feeds->list[i], &verdicts.feeds[i]);
	if (terms->baseline)
		baseline_begin(terms->baseline, world_image(world), only);
	fold.states = states_new(arena, world);
	fold_run(arena, &fold, judge_all(arena, fold.states, world, rules, terms->keyed, threads));
	terms_close(arena, terms, &verdicts);
	return verdicts;
}
