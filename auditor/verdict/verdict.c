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
				unsigned threads, struct circles *circles)
{
	struct arena arenas[POOL_MOST] = {0};
	struct round round = {.world = world, .rules = rules, .keyed = keyed, .arenas = arenas};

	round.judged = arena_get(arena, (world_count(world) + 1) * sizeof *round.judged);
	pool_run(threads, world_count(world), round_judge, &round);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	needs_settle(arena, round.judged, world_count(world));
	*circles = circles_of(arena, round.judged, world_count(world));
	states_judge(arena, states, rules, circles, round.judged, threads);
	return round.judged;
}

/* All that is known when the results are made. */
struct fold {
	struct verdicts *verdicts;
	const struct gate_terms *terms;
	const struct states *states;
	const struct judged *judged;
	const struct standing *standing; /* by package, of its own findings */
	struct circles circles;
	struct reach *reach; /* by circle */
	size_t *seen;
	const struct strings *only;
};

/* What follows from all that the members of a circle need, themselves included. Of equals the
 * first by name. */
struct reach {
	size_t worst; /* package with the worst verdict */
	size_t heaviest; /* package that weighs most with the gate: the worst may be waived */
	int proof; /* the weakest accepted one; -1: none */
};

static struct weight fold_weight(const struct fold *fold, size_t index)
{
	return weight_of(&fold->standing[index], fold->judged[index].verdict);
}

static void reach_worse(const struct fold *fold, size_t index, size_t *worst)
{
	enum verdict own = fold->judged[index].verdict, other = fold->judged[*worst].verdict;

	if (own > other || (own == other && index < *worst))
		*worst = index;
}

static void reach_heavier(const struct fold *fold, size_t index, size_t *heaviest)
{
	int order = weight_compare(fold_weight(fold, index), fold_weight(fold, *heaviest));

	if (order > 0 || (order == 0 && index < *heaviest))
		*heaviest = index;
}

static void reach_add(const struct fold *fold, const struct reach *more, struct reach *reach)
{
	reach_worse(fold, more->worst, &reach->worst);
	reach_heavier(fold, more->heaviest, &reach->heaviest);
	if (more->proof > reach->proof)
		reach->proof = more->proof;
}

static struct reach reach_of(const struct fold *fold, size_t circle)
{
	struct indexes members = circle_members(&fold->circles, circle);
	struct reach reach = {members.list[0], members.list[0], -1};

	array_each(member, &members) {
		const struct judged *judged = &fold->judged[*member];
		int proof = judged->proof < PROOF_COUNT ? (int)judged->proof : -1;

		reach_add(fold, &(struct reach){*member, *member, proof}, &reach);
		array_each(need, &judged->needs)
			if (fold->judged[*need].verdict != VERDICT_INSTALLED &&
			    fold->circles.of[*need] != circle)
				reach_add(fold, &fold->reach[fold->circles.of[*need]], &reach);
	}
	return reach;
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

/* RESULT is of package INDEX, which keeps its own word where nothing that it needs is worse. */
static void result_pull(struct arena *arena, const struct fold *fold, size_t index,
			struct result *result)
{
	const struct reach *reach = &fold->reach[fold->circles.of[index]];
	size_t worst = index, heaviest = index;
	struct findings findings = {0};

	if (fold->judged[reach->worst].verdict > fold->judged[index].verdict)
		worst = reach->worst;
	if (weight_compare(fold_weight(fold, reach->heaviest), fold_weight(fold, index)) > 0)
		heaviest = reach->heaviest;

	struct weight weight = fold_weight(fold, heaviest);
	bool left = weight.kind == WEIGHT_STANDS;

	array_each(finding, &result->findings)
		*array_add(arena, &findings) = *finding;
	result->verdict = fold->judged[worst].verdict;
	if (worst != index)
		needs_say(arena, fold, worst, false, &findings);
	if (heaviest != index &&
	    (heaviest != worst || weight.verdict != fold->judged[worst].verdict))
		needs_say(arena, fold, heaviest, left, &findings);
	result->findings = findings;
}

/* AT: the package's place in COMPANY, which are all that its circle needs. */
static struct result result_make(struct arena *arena, const struct fold *fold, size_t index,
				 const struct company *company, size_t at)
{
	const struct judged *judged = &fold->judged[index];
	struct result result = {
		.package = world_package(fold->verdicts->world, index),
		.verdict = judged->verdict,
		.needs = needs_names(arena, fold->verdicts->world, fold->verdicts->uses[index]),
		.findings = judged->findings,
		.proven = !judged->unproven};
	int proof = fold->reach[fold->circles.of[index]].proof;

	memcpy(result.holds, judged->holds, sizeof result.holds);
	memcpy(result.lacks, judged->lacks, sizeof result.lacks);
	if (result.verdict != VERDICT_INSTALLED) {
		result_pull(arena, fold, index, &result);
		check_manager(arena, fold->states, company, at, result.verdict == VERDICT_SAFE,
			      &result.findings);
		array_sort(&result.findings, finding_compare);
	}
	if (result.verdict == VERDICT_SAFE && proof >= 0)
		result.proof = proof_name[proof];
	return result;
}

/* The results of the members of CIRCLE that have one: SLOT by package, NULL where it has none. */
static void circle_results(struct arena *arena, const struct fold *fold, size_t circle,
			   struct result **slot)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes closure =
		circle_closure(&scratch, &fold->circles, fold->judged, circle, fold->seen);
	struct managed *list = arena_get(&scratch, closure.count * sizeof *list);

	for (size_t i = 0; i < closure.count; i++)
		list[i] = (struct managed){world_package(fold->verdicts->world, closure.list[i]),
					   &fold->judged[closure.list[i]].findings};

	const struct company company = company_of(list, closure.count);

	for (size_t i = 0; i < closure.count; i++)
		if (fold->circles.of[closure.list[i]] == circle && slot[closure.list[i]])
			*slot[closure.list[i]] =
				result_make(arena, fold, closure.list[i], &company, i);
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

/* MADE: the packages that have a result, in its order. */
static void results_fill(struct arena *arena, struct fold *fold, struct indexes *made)
{
	struct verdicts *verdicts = fold->verdicts;
	size_t count = world_count(verdicts->world);
	struct result **slot = arena_get(arena, (count + 1) * sizeof *slot);
	bool *any = arena_get(arena, fold->circles.count + 1);

	for (size_t i = 0; i < count; i++)
		if (is_reported(fold, world_package(verdicts->world, i)))
			*array_add(arena, made) = i;
	verdicts->results.list = arena_get(arena, (made->count + 1) * sizeof *slot[0]);
	verdicts->results.count = verdicts->results.room = made->count;
	for (size_t i = 0; i < made->count; i++) {
		slot[made->list[i]] = &verdicts->results.list[i];
		any[fold->circles.of[made->list[i]]] = true;
	}
	for (size_t i = 0; i < fold->circles.count; i++)
		if (any[i])
			circle_results(arena, fold, i, slot);
}

static void results_make(struct arena *arena, struct fold *fold)
{
	struct verdicts *verdicts = fold->verdicts;
	struct indexes made = {0}, safe = {0};

	results_fill(arena, fold, &made);
	verdicts->needed = needs_beside(arena, verdicts, fold->judged, &made);
	for (size_t i = 0; i < made.count; i++) {
		enum verdict verdict = verdicts->results.list[i].verdict;

		verdicts->count[verdict]++;
		if (verdict == VERDICT_SAFE)
			*array_add(arena, &safe) = made.list[i];
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
	verdicts->uses = needs_shown(arena, judged, count);
	fold->reach = arena_get(arena, (fold->circles.count + 1) * sizeof *fold->reach);
	for (size_t i = 0; i < fold->circles.count; i++)
		fold->reach[i] = reach_of(fold, i);
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
	fold_run(arena, &fold,
		 judge_all(arena, fold.states, world, rules, terms->keyed, threads, &fold.circles));
	terms_close(arena, terms, &verdicts);
	return verdicts;
}
