#include "verdict/judged.h"

#include "base/pool.h"

#include <fnmatch.h>

const char *const verdict_name[4] = {"installed", "safe", "unproven", "unsafe"};

struct round {
	const struct world *world;
	const struct rules *rules;
	struct arena *arenas; /* one for each worker */
	struct judged *judged;
};

static void round_judge(void *context, unsigned worker, size_t item)
{
	struct round *round = context;

	round->judged[item] = judge(&round->arenas[worker], round->world, round->rules, item);
}

static struct judged *judge_all(struct arena *arena, const struct world *world, const struct rules *rules,
				unsigned threads)
{
	struct arena arenas[POOL_MOST] = {0};
	struct round round = {.world = world, .rules = rules, .arenas = arenas};

	round.judged = arena_get(arena, (world_count(world) + 1) * sizeof *round.judged);
	pool_run(threads, world_count(world), round_judge, &round);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	needs_settle(arena, round.judged, world_count(world));
	return round.judged;
}

/* The worst of what is needed, if it is worse than the package itself: the first by name. */
static size_t needs_worst(const struct judged *judged, size_t index, const struct indexes *needs)
{
	size_t worst = index;

	array_each(need, needs)
		if (judged[*need].verdict > judged[worst].verdict)
			worst = *need;
	return worst;
}

static const char *needs_text(struct arena *arena, const struct package *need, enum verdict verdict,
			      const struct finding *because)
{
	return arena_format(arena, "needs %s%s%s, which is %s%s%s", need->name, need->version ? " " : "",
			    need->version ? need->version : "", verdict_name[verdict], because ? ": " : "",
			    because ? because->text : "");
}

static void result_pull(struct arena *arena, const struct verdicts *verdicts, const struct judged *judged, size_t need,
			struct result *result)
{
	const struct package *package = world_package(verdicts->world, need);
	const struct finding *because = findings_worst(verdicts->rules, &judged[need].findings);
	struct findings findings = {0};

	array_each(finding, &result->findings)
		*array_add(arena, &findings) = *finding;
	result->verdict = judged[need].verdict;
	struct finding *finding =
		finding_add(arena, &findings, "needs",
			    result->verdict == VERDICT_UNSAFE ? OUTCOME_FAILS : OUTCOME_UNKNOWN, NULL, package->name);
	finding->witness[0] = because ? because->witness[0] : NULL;
	finding->witness[1] = package->witness;
	finding->text = needs_text(arena, package, result->verdict, because);
	finding->settle = because ? because->settle : NULL;
	array_sort(&findings, finding_compare);
	result->findings = findings;
}

static void result_manager(struct arena *arena, const struct verdicts *verdicts, const struct judged *judged,
			   size_t index, const struct indexes *needs, struct result *result)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct managed *list = arena_get(&scratch, (needs->count + 1) * sizeof *list);
	struct findings findings = {0};
	size_t count = 0;

	list[count++] = (struct managed){result->package, &judged[index].findings};
	array_each(need, needs)
		list[count++] = (struct managed){world_package(verdicts->world, *need), &judged[*need].findings};
	array_each(finding, &result->findings)
		*array_add(arena, &findings) = *finding;
	check_manager(arena, verdicts->world, list, count, result->verdict == VERDICT_SAFE, &findings);
	array_sort(&findings, finding_compare);
	result->findings = findings;
}

static const char *proof_weakest(const struct judged *judged, size_t index, const struct indexes *needs)
{
	int weakest = judged[index].proof < PROOF_COUNT ? (int)judged[index].proof : -1;

	array_each(need, needs)
		if (judged[*need].proof < PROOF_COUNT && (int)judged[*need].proof > weakest)
			weakest = (int)judged[*need].proof;
	return weakest < 0 ? NULL : proof_name[weakest];
}

static void result_make(struct arena *arena, struct verdicts *verdicts, const struct judged *judged, size_t index,
			size_t *seen)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes needs = needs_closure(&scratch, judged, index, seen, index + 1);
	struct result *result = array_add(arena, &verdicts->results);

	result->package = world_package(verdicts->world, index);
	result->verdict = judged[index].verdict;
	result->findings = judged[index].findings;
	array_each(need, &needs)
		*array_add(arena, &result->needs) = world_package(verdicts->world, *need)->name;
	strings_unique(&result->needs);

	size_t worst = needs_worst(judged, index, &needs);
	if (worst != index && result->verdict != VERDICT_INSTALLED)
		result_pull(arena, verdicts, judged, worst, result);
	if (result->verdict != VERDICT_INSTALLED)
		result_manager(arena, verdicts, judged, index, &needs, result);
	if (result->verdict == VERDICT_SAFE)
		result->proof = proof_weakest(judged, index, &needs);
	result->deciding = findings_worst(verdicts->rules, &result->findings);
	verdicts->count[result->verdict]++;
}

static void results_make(struct arena *arena, struct verdicts *verdicts, const struct judged *judged, const char *only)
{
	size_t count = world_count(verdicts->world);
	size_t *seen = arena_get(arena, (count + 1) * sizeof *seen);
	struct indexes safe = {0};

	for (size_t i = 0; i < count; i++) {
		const struct package *package = world_package(verdicts->world, i);

		if (!package->problem && !world_related(verdicts->world, package)) {
			verdicts->unrelated++;
			continue;
		}
		if (only && fnmatch(only, package->name, 0) != 0)
			continue;
		result_make(arena, verdicts, judged, i, seen);
		if (verdicts->results.list[verdicts->results.count - 1].verdict == VERDICT_SAFE)
			*array_add(arena, &safe) = i;
	}
	verdicts->install = install_order(arena, verdicts->world, judged, &safe);
}

struct verdicts verdict_reach(struct arena *arena, const struct world *world, const struct rules *rules,
			      const struct gate_terms *terms, const char *only, unsigned threads)
{
	struct verdicts verdicts = {.world = world, .rules = rules};

	const struct feeds *feeds = world_feeds(world);

	check_image(arena, world, &verdicts.image);
	verdicts.feeds = arena_get(arena, (feeds->count + 1) * sizeof *verdicts.feeds);
	for (size_t i = 0; i < feeds->count; i++)
		check_feed(arena, world, &feeds->list[i], &verdicts.feeds[i]);
	results_make(arena, &verdicts, judge_all(arena, world, rules, threads), only);
	return verdicts;
}

static bool any_error(const struct rules *rules, const struct findings *findings)
{
	array_each(finding, findings)
		if (rules_level(rules, finding) == LEVEL_ERROR)
			return true;
	return false;
}

int verdicts_status(const struct verdicts *verdicts)
{
	bool bad = verdicts->count[VERDICT_UNSAFE] > 0 || any_error(verdicts->rules, &verdicts->image);

	for (size_t i = 0; !bad && i < world_feeds(verdicts->world)->count; i++)
		bad = any_error(verdicts->rules, &verdicts->feeds[i]);
	if (bad)
		return 1;
	return verdicts->count[VERDICT_UNPROVEN] > 0 ? 2 : 0;
}
