/* SPDX-License-Identifier: ISC */
/* Reaches the verdicts of one image and its feeds in two steps: the fold gives each
 * package its verdict, then the gate applies waivers and the baseline. */
#include "verdict/fold.h"
#include "verdict/gate/gate_apply.h"

const char *const verdict_name[VERDICT_COUNT] = {"installed", "safe", "unproven", "unsafe"};
const enum verdict verdict_order[VERDICT_COUNT] = {VERDICT_INSTALLED, VERDICT_SAFE, VERDICT_UNSAFE,
						   VERDICT_UNPROVEN};

struct verdicts verdict_reach(struct arena *arena, const struct world *world,
			      const struct rules *rules, const struct gate_terms *terms,
			      const struct strings *only, unsigned threads)
{
	struct verdicts verdicts = {.world = world, .rules = rules};
	const struct feeds *feeds = world_feeds(world);
	struct fold fold;

	check_image(arena, world, &verdicts.image);
	settle_findings_again(arena, world, NULL, &verdicts.image);
	verdicts.feeds = arena_get(arena, (feeds->count + 1) * sizeof *verdicts.feeds);
	for (size_t i = 0; i < feeds->count; i++)
		check_feed(arena, world, &feeds->list[i], &verdicts.feeds[i]);
	fold = fold_packages(arena, world, rules, terms->keyed, threads);
	fold_results(arena, &fold, only, &verdicts);
	gate_apply(arena, &fold, terms, only, &verdicts);
	return verdicts;
}
