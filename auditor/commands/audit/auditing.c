/* SPDX-License-Identifier: ISC */
/* Reads what audit, explain and vet are given, policy and small files first, then the
 * image and the feeds, and judges. */
#include "commands/audit/auditing.h"

#include "unpack/memory.h"
#include "base/pool.h"
#include "base/suggest.h"
#include "base/text.h"
#include "commands/confine/confine.h"
#include "commands/image_source.h"
#include "commands/mistake/mistake.h"

enum status audit_operands(const struct command *command, struct arena *arena, struct audit *audit,
			   const struct strings *operands)
{
	if (operands->count == 0)
		return usage_error(command, "%s: no IMAGE and FEED given", command->name);
	if (operands->count == 1 && audit->wanted.lists.count == 0 && !audit->wanted.from_image)
		return usage_error(command, "%s: %s", command->name,
				   mistake_alone(arena, operands->list[0]));
	audit->image_path = operands->list[0];
	audit->wanted.paths =
		(struct strings){operands->list + 1, operands->count - 1, operands->count - 1};
	return STATUS_SAFE;
}

/* Appends to ERROR the command line that the user probably meant. */
static bool within_hint(struct arena *arena, const struct audit *audit, bool image_failed,
			struct error *error)
{
	const char *text = arena_string(arena, span_text(error->text));

	return fail(error, "%s%s", text,
		    mistake_hint(arena, audit->command, audit->image_path, &audit->wanted.paths,
				 image_failed));
}

/* Policy, waivers and baseline, which are small, are read before the large files. */
static bool inputs_read(struct arena *arena, struct audit *audit, struct error *error)
{
	const struct terms_wanted terms = {audit->rules, audit->policy, audit->waivers,
					   audit->today};
	unsigned threads = pool_size(audit->jobs);
	struct image_options options = {.manifest = audit->image_manifest,
					.config = audit->image_config,
					.symvers = audit->image_symvers,
					.threads = threads,
					.part = audit->part};
	const struct abi_database *database;

	if (!abi_database_open(arena, &audit->abi_dirs, &database, error))
		return false;
	audit->identifier = abi_identifier_new(arena, database, audit->tries, audit->jobs);
	if (!terms_read(arena, &terms, &audit->loaded.rules, &audit->loaded.waivers, error) ||
	    (audit->baseline &&
	     !baseline_read(arena, audit->baseline, &audit->loaded.baseline, error)) ||
	    !feed_side_read(arena, &audit->side, error))
		return false;

	progress_show(&audit->progress, 0, 0, "reading %s", audit->image_path);
	audit->wanted.quiet = audit->quiet;
	if (!image_open(arena, audit->image_path, &options, &audit->wanted, &audit->image, error))
		return within_hint(arena, audit, true, error);
	progress_show(&audit->progress, 0, 0, "reading packages");
	array_each(module, &audit->image.modules)
		map_put(&audit->image_modules, arena, module->name, 1);
	/* without modules of the image those of the feeds are compared
	 * with each other */
	audit->feeds.doubles = audit->image.modules.count == 0;
	audit->feeds.twins = audit->feeds.doubles ? NULL : &audit->image_modules;
	audit->wanted.threads = threads;
	if (!feeds_gather(arena, &audit->wanted, &audit->image, &audit->feeds, error))
		return within_hint(arena, audit, false, error);
	return feeds_trust(arena, &audit->image, &audit->key_paths, &audit->feeds, error);
}

struct pair audit_pair(struct arena *arena, const struct audit *audit)
{
	struct pair pair = {.image = &audit->image,
			    .feeds = &audit->feeds,
			    .side = &audit->side,
			    .providers = audit->provider_paths,
			    .rules = &audit->loaded.rules,
			    .identifier = audit->identifier,
			    .threads = pool_size(audit->jobs)};

	pair.layouts = arena_new(arena, struct layouts_loaded);
	pair.layouts->arena = arena;
	pair.terms.keyed = audit->key_paths.count > 0;
	return pair;
}

struct run_inputs audit_inputs(struct arena *arena, const struct audit *audit)
{
	struct feeds_wanted wanted = audit->wanted;
	struct run_inputs inputs = {0};
	struct strings feeds;
	struct error ignored;

	wanted.from_image = false;
	run_input_add(arena, &inputs, audit->baseline, "the baseline", false);
	run_input_add(arena, &inputs, audit->image_path, "the image", false);
	if (!feeds_paths(arena, &wanted, NULL, &feeds, NULL, &ignored))
		feeds = wanted.paths;
	run_inputs_add(arena, &inputs, &feeds, "a feed", true);
	run_inputs_add(arena, &inputs, &wanted.lists, "a list of feeds", false);
	run_inputs_add(arena, &inputs, &audit->key_paths, "a key", true);
	run_inputs_add(arena, &inputs, &audit->provider_paths, "a statement of providers", false);
	run_input_add(arena, &inputs, audit->image_manifest, "the manifest", false);
	run_input_add(arena, &inputs, audit->image_config, "the image's config", false);
	run_input_add(arena, &inputs, audit->image_symvers, "the image's symvers", false);
	run_input_add(arena, &inputs, audit->side.config_path, "the feed's config", false);
	run_input_add(arena, &inputs, audit->side.symvers_path, "the feed's symvers", false);
	run_input_add(arena, &inputs, audit->policy, "the policy", false);
	run_input_add(arena, &inputs, audit->waivers, "the file of waivers", false);
	run_input_add(arena, &inputs, audit->rules, "the directory of rules", true);
	return inputs;
}

static bool audit_confine(struct arena *arena, const struct audit *audit, struct error *error)
{
	struct run_inputs inputs = audit_inputs(arena, audit);
	struct confine_wanted wanted = {.inputs = &inputs,
					.hosts = audit->wanted.hosts,
					.cache = audit->cache,
					.fetches = audit->wanted.from_image,
					.no_follow = audit->wanted.no_follow,
					.writes = audit->writes,
					.off = audit->no_sandbox,
					.verbose = audit->verbose};

	run_inputs_add(arena, &inputs, &audit->abi_dirs, "a directory of sets", true);
	confine_reports(arena, &audit->reports, &wanted.outputs);
	return confine(arena, &wanted, error);
}

enum status audit_reach(struct arena *arena, struct audit *audit, struct verdicts *ret)
{
	struct error error = {0};

	if (audit->max_memory)
		memory_limit(audit->max_memory);

	progress_begin(&audit->progress, audit->quiet);
	bool reached =
		entries_begin(audit->cache, &audit->fact_cache, &audit->wanted.cache, &error) &&
		audit_confine(arena, audit, &error) && inputs_read(arena, audit, &error);

	if (reached) {
		struct pair pair = audit_pair(arena, audit);

		pair.only = &audit->only;
		pair.terms.waivers = audit->waivers ? &audit->loaded.waivers : NULL;
		pair.terms.baseline = audit->loaded.baseline;
		pair.terms.whole = true;
		progress_show(&audit->progress, 0, 0, "judging packages");
		reached = pair_judge(arena, &pair, ret, &error);
	}
	progress_end(&audit->progress);
	return reached ? STATUS_SAFE : complain("%s", error.text);
}

bool only_fits(struct arena *arena, const struct audit *audit, const struct verdicts *verdicts)
{
	const struct world *world = verdicts->world;
	bool all = true;

	array_each(glob, &audit->only) {
		const struct strings one = {glob, 1, 1};
		struct strings names = {0};

		if (array_any(result, &verdicts->results, globs_fit(&one, result->package->name)))
			continue;
		/* what the pattern may have been meant to match */
		for (size_t i = 0; i < world_count(world); i++)
			if (world_related(world, world_package(world, i)))
				*array_add(arena, &names) = world_package(world, i)->name;
		strings_unique(&names);
		complain("--only %s: matches no package in these feeds that contains a kernel "
			 "module or needs one%s",
			 *glob, suggest_clause(arena, *glob, &names));
		all = false;
	}
	return all;
}
