/* SPDX-License-Identifier: ISC */
/* Judges all packages on several threads and gives each the worst verdict and the
 * weakest proof of itself and of all that it needs. */
#include "verdict/fold.h"

#include "verdict/company.h"
#include "base/pool.h"
#include "base/text.h"

struct round {
	const struct fold *fold;
	bool keyed;
	struct arena *arenas; /* one for each worker */
};

static void round_judge(void *context, unsigned worker, size_t item)
{
	const struct round *round = context;
	const struct fold *fold = round->fold;

	fold->judged[item] =
		judge(&round->arenas[worker], fold->world, fold->rules, round->keyed, item);
}

static void worse(const struct fold *fold, size_t index, size_t *worst)
{
	enum verdict own = fold->judged[index].verdict, other = fold->judged[*worst].verdict;

	if (own > other || (own == other && index < *worst))
		*worst = index;
}

static struct folded fold_circle(const struct fold *fold, size_t circle)
{
	struct indexes members = circle_members(&fold->circles, circle);
	struct indexes needed = circle_needs(&fold->circles, circle);
	struct folded folded = {.worst = members.list[0], .proof = -1};

	array_each(member, &members) {
		int proof = (int)fold->judged[*member].proof;

		worse(fold, *member, &folded.worst);
		if (proof < PROOF_COUNT && proof > folded.proof)
			folded.proof = proof;
	}
	array_each(other, &needed) {
		worse(fold, fold->folded[*other].worst, &folded.worst);
		if (fold->folded[*other].proof > folded.proof)
			folded.proof = fold->folded[*other].proof;
	}
	return folded;
}

struct fold fold_packages(struct arena *arena, const struct world *world, const struct rules *rules,
			  bool keyed, unsigned threads)
{
	struct arena arenas[POOL_MOST] = {0};
	struct fold fold = {.world = world, .rules = rules, .states = states_new(arena, world)};
	struct round round = {&fold, keyed, arenas};
	size_t count = world_count(world);

	fold.judged = arena_get(arena, (count + 1) * sizeof *fold.judged);
	pool_run(threads, count, round_judge, &round);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	needs_settle(arena, fold.judged, count);
	fold.circles = circles_of(arena, fold.judged, count);
	states_judge(arena, fold.states, rules, &fold.circles, fold.judged, threads);
	fold.folded = arena_get(arena, (fold.circles.count + 1) * sizeof *fold.folded);
	for (size_t i = 0; i < fold.circles.count; i++)
		fold.folded[i] = fold_circle(&fold, i);
	return fold;
}

size_t fold_worst(const struct fold *fold, size_t index)
{
	size_t worst = fold->folded[fold->circles.of[index]].worst;

	if (fold->judged[index].verdict == VERDICT_INSTALLED)
		return index;
	return fold->judged[worst].verdict > fold->judged[index].verdict ? worst : index;
}

struct finding needs_finding(struct arena *arena, const struct fold *fold, size_t need,
			     enum verdict verdict, const struct finding *because)
{
	const struct package *package = world_package(fold->world, need);

	return (struct finding){
		.id = "needs",
		.outcome = verdict == VERDICT_UNSAFE ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
		.subject = package->name,
		.witness = {because ? because->witness[0] : NULL, package->witness},
		.text = arena_format(arena, "needs %s%s%s, which is %s%s%s", package->name,
				     package->version ? " " : "", text_or_empty(package->version),
				     verdict_name[verdict], because ? ": " : "",
				     because ? because->text : ""),
		.settle = because ? because->settle : NULL};
}

/* COMPANY: all that the circle of the package needs, itself included. */
static void result_fill(struct arena *arena, const struct fold *fold, struct result_part *part,
			const struct company *company, struct result *result)
{
	const struct judged *judged = &fold->judged[part->index];
	size_t worst = fold_worst(fold, part->index);
	int proof = fold->folded[fold->circles.of[part->index]].proof;

	result->verdict = fold->judged[worst].verdict;
	result->proven = !judged->unproven;
	memcpy(result->holds, judged->holds, sizeof result->holds);
	memcpy(result->lacks, judged->lacks, sizeof result->lacks);
	if (result->verdict == VERDICT_SAFE && proof >= 0)
		result->proof = proof_name[proof];
	if (worst != part->index)
		*array_add(arena, &part->added) =
			needs_finding(arena, fold, worst, result->verdict,
				      findings_worst(fold->rules, &fold->judged[worst].findings));
	if (judged->verdict != VERDICT_INSTALLED)
		check_manager(arena, fold->states, company, part->index, &judged->findings,
			      result->verdict == VERDICT_SAFE, &part->added);
	settle_findings_again(arena, fold->world, result->package, &part->added);
}

/* A result, still empty, for each package that is listed. */
static void results_list(struct arena *arena, struct fold *fold, const struct strings *only,
			 struct verdicts *verdicts)
{
	size_t count = world_count(fold->world);

	fold->parts = arena_get(arena, (count + 1) * sizeof *fold->parts);
	for (size_t i = 0; i < count; i++) {
		const struct package *package = world_package(fold->world, i);

		if (!is_related(fold->world, package)) {
			verdicts->unrelated++;
			continue;
		}
		if (only && only->count && !globs_fit(only, package->name))
			continue;
		fold->parts[verdicts->results.count].index = i;
		*array_add(arena, &verdicts->results) = (struct result){
			.package = package,
			.needs = needs_names(arena, fold->world, verdicts->uses[i])};
	}
}

void fold_results(struct arena *arena, struct fold *fold, const struct strings *only,
		  struct verdicts *verdicts)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes made = {0}, safe = {0};
	struct companies companies;

	verdicts->uses = needs_shown(arena, fold->judged, world_count(fold->world));
	results_list(arena, fold, only, verdicts);
	companies = companies_of(&scratch, fold);
	array_each(result, &verdicts->results) {
		struct result_part *part = &fold->parts[result - verdicts->results.list];
		struct company company = company_of(&companies, fold->circles.of[part->index]);

		*array_add(arena, &made) = part->index;
		result_fill(arena, fold, part, &company, result);
	}
	verdicts->needed = needs_beside(arena, verdicts, fold->judged, &made);
	array_each(result, &verdicts->results) {
		verdicts->count[result->verdict]++;
		if (result->verdict == VERDICT_SAFE)
			*array_add(arena, &safe) = made.list[result - verdicts->results.list];
	}
	verdicts->install = install_order(arena, fold->states, fold->world, fold->judged, &safe,
					  &verdicts->excluded);
}
