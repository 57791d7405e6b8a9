/* SPDX-License-Identifier: ISC */
/* Lists the files and directories that a plan names and that its run reads. */
#include "commands/gate/plan.h"

#include "commands/mistake/apart.h"

static void image_inputs(struct arena *arena, const struct plan_image *image,
			 struct run_inputs *inputs)
{
	run_input_add(arena, inputs, image->path, "an image", false);
	run_input_add(arena, inputs, image->manifest, "a manifest", false);
	run_input_add(arena, inputs, image->config, "a kernel config", false);
	run_input_add(arena, inputs, image->symvers, "a Module.symvers", false);
	run_inputs_add(arena, inputs, &image->keys, "a key", true);
	run_inputs_add(arena, inputs, &image->providers, "a statement of providers", false);
}

static void feed_inputs(struct arena *arena, const struct plan_feed *feed,
			struct run_inputs *inputs)
{
	run_inputs_add(arena, inputs, &feed->sources, "a feed", true);
	run_inputs_add(arena, inputs, &feed->lists, "a list of feeds", false);
	run_input_add(arena, inputs, feed->config, "a kernel config", false);
	run_input_add(arena, inputs, feed->symvers, "a Module.symvers", false);
	run_inputs_add(arena, inputs, &feed->providers, "a statement of providers", false);
}

void plan_inputs(struct arena *arena, const struct plan *plan, struct run_inputs *ret)
{
	run_input_add(arena, ret, plan->path, "the plan", false);
	array_each(image, &plan->images)
		image_inputs(arena, image, ret);
	array_each(feed, &plan->feeds)
		feed_inputs(arena, feed, ret);
	run_inputs_add(arena, ret, &plan->keys, "a key", true);
	run_inputs_add(arena, ret, &plan->providers, "a statement of providers", false);
	run_input_add(arena, ret, plan->policy, "the policy", false);
	run_input_add(arena, ret, plan->waivers, "the file of waivers", false);
	run_input_add(arena, ret, plan->baseline, "the baseline", true);
	run_input_add(arena, ret, plan->rules, "the directory of rules", true);
}
