/* SPDX-License-Identifier: ISC */
/* Lists the files and directories that a plan names and that its run reads. */
#include "commands/gate/plan.h"

#include "commands/mistake/apart.h"

void plan_inputs(struct arena *arena, const struct plan *plan, struct run_inputs *ret)
{
	run_input_add(arena, ret, plan->path, "the plan", false);
	array_each(image, &plan->images) {
		run_input_add(arena, ret, image->path, "an image", false);
		run_input_add(arena, ret, image->manifest, "a manifest", false);
		run_input_add(arena, ret, image->config, "a kernel config", false);
		run_input_add(arena, ret, image->symvers, "a Module.symvers", false);
		run_inputs_add(arena, ret, &image->keys, "a key", true);
		run_inputs_add(arena, ret, &image->providers, "a statement of providers", false);
	}
	array_each(feed, &plan->feeds) {
		run_inputs_add(arena, ret, &feed->sources, "a feed", true);
		run_inputs_add(arena, ret, &feed->lists, "a list of feeds", false);
		run_input_add(arena, ret, feed->config, "a kernel config", false);
		run_input_add(arena, ret, feed->symvers, "a Module.symvers", false);
		run_inputs_add(arena, ret, &feed->providers, "a statement of providers", false);
	}
	run_inputs_add(arena, ret, &plan->keys, "a key", true);
	run_inputs_add(arena, ret, &plan->providers, "a statement of providers", false);
	run_input_add(arena, ret, plan->policy, "the policy", false);
	run_input_add(arena, ret, plan->waivers, "the file of waivers", false);
	run_input_add(arena, ret, plan->baseline, "the baseline", true);
	run_input_add(arena, ret, plan->rules, "the directory of rules", true);
}
