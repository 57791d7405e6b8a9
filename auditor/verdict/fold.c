/* SPDX-License-Identifier: ISC */
/* Judges all packages on several threads and gives each the worst verdict and the weakest proof
 * of itself and of all that it needs. */
#include "verdict/fold.h"

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
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes members = circle_members(&fold->circles, circle);
	struct indexes needed = circle_needs(&scratch, &fold->circles, fold->judged, circle);
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

/* COMPANY: all that the circle of the package needs; AT: the package's place among them. */
static void result_fill(struct arena *arena, const struct fold *fold, struct result_part *part,
			const struct company *company, size_t at, struct result *result)
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
		check_manager(arena, fold->states, company, at, result->verdict == VERDICT_SAFE,
			      &part->added);
}

/* What the package manager would do depends on all that a circle needs, which is collected once
 * for its members. PLACES: by package, the place of its result, SIZE_MAX: it has none. */
static void circle_fill(struct arena *arena, const struct fold *fold, size_t circle, size_t *seen,
			const size_t *places, struct result *results)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes closure =
		circle_closure(&scratch, &fold->circles, fold->judged, circle, seen);
	struct managed *list = arena_get(&scratch, closure.count * sizeof *list);

	for (size_t i = 0; i < closure.count; i++)
		list[i] = (struct managed){world_package(fold->world, closure.list[i]),
					   &fold->judged[closure.list[i]].findings};

	const struct company company = company_of(list, closure.count);

	for (size_t i = 0; i < closure.count; i++) {
		size_t place = places[closure.list[i]];

		if (fold->circles.of[closure.list[i]] == circle && place != SIZE_MAX)
			result_fill(arena, fold, &fold->parts[place], &company, i, &results[place]);
	}
}

/* A result, still empty, for each package that is listed. */
static size_t *results_list(struct arena *arena, struct fold *fold, const struct strings *only,
			    struct verdicts *verdicts)
{
	size_t count = world_count(fold->world);
	size_t *places = arena_get(arena, (count + 1) * sizeof *places);

	fold->parts = arena_get(arena, (count + 1) * sizeof *fold->parts);
	for (size_t i = 0; i < count; i++) {
		const struct package *package = world_package(fold->world, i);

		places[i] = SIZE_MAX;
		if (!is_related(fold->world, package)) {
			verdicts->unrelated++;
			continue;
		}
		if (only && only->count && !globs_fit(only, package->name))
			continue;
		places[i] = verdicts->results.count;
		fold->parts[places[i]].index = i;
		*array_add(arena, &verdicts->results) = (struct result){
			.package = package,
			.needs = needs_names(arena, fold->world, verdicts->uses[i])};
	}
	return places;
}

void fold_results(struct arena *arena, struct fold *fold, const struct strings *only,
		  struct verdicts *verdicts)
{
	size_t count = world_count(fold->world);
	size_t *seen = arena_get(arena, (count + 1) * sizeof *seen), *places;
	bool *listed = arena_get(arena, fold->circles.count + 1);
	struct indexes made = {0}, safe = {0};

	verdicts->uses = needs_shown(arena, fold->judged, count);
	places = results_list(arena, fold, only, verdicts);
	for (size_t i = 0; i < verdicts->results.count; i++) {
		*array_add(arena, &made) = fold->parts[i].index;
		listed[fold->circles.of[fold->parts[i].index]] = true;
	}
	for (size_t i = 0; i < fold->circles.count; i++)
		if (listed[i])
			circle_fill(arena, fold, i, seen, places, verdicts->results.list);
	verdicts->needed = needs_beside(arena, verdicts, fold->judged, &made);
	array_each(result, &verdicts->results) {
		verdicts->count[result->verdict]++;
		if (result->verdict == VERDICT_SAFE)
			*array_add(arena, &safe) = made.list[result - verdicts->results.list];
	}
	verdicts->install = install_order(arena, fold->states, fold->world, fold->judged, &safe,
					  &verdicts->excluded);
}
