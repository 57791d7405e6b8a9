/* SPDX-License-Identifier: ISC */
/* Runs a plan: takes its pairs image by image, reads the inputs of each, judges it,
 * writes its report and fills the ledger. */
#include "commands/gate/gate.h"

#include "base/text.h"
#include "commands/confine/clerk.h"
#include "commands/image_source.h"
#include "commands/gate/pair.h"
#include "commands/reports.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* The current image: pairs are sorted by image, so each is read once. */
struct loaded {
	struct arena arena;
	size_t place;
	bool there;
	struct image image;
	const char *problem;
	struct layouts_loaded layouts;
};

/* The options of one feed of the plan, which are read once. */
struct given {
	bool tried;
	struct feed_side side;
	const char *problem;
};

static void image_load(struct gate_run *run, size_t place, struct loaded *loaded)
{
	const struct plan_image *wanted = &run->plan.images.list[place];
	struct image_options options = {.manifest = wanted->manifest,
					.config = wanted->config,
					.symvers = wanted->symvers,
					.threads = run->threads,
					.part = wanted->part};
	struct error error = {0};

	if (loaded->there && loaded->place == place)
		return;
	arena_free(&loaded->arena);
	*loaded = (struct loaded){.place = place, .there = true};
	loaded->layouts.arena = &loaded->arena;
	if (!image_open(&loaded->arena, wanted->path, &options, &run->store.how, &loaded->image,
			&error))
		loaded->problem = arena_string(&loaded->arena, span_text(error.text));
	run->images_read++;
}

static const struct given *feed_side_load(struct gate_run *run, size_t place, struct given *list)
{
	const struct plan_feed *wanted = &run->plan.feeds.list[place];
	struct given *given = &list[place];
	struct error error = {0};

	if (given->tried)
		return given;
	given->tried = true;
	given->side.config_path = wanted->config;
	given->side.symvers_path = wanted->symvers;
	if (!feed_side_read(run->arena, &given->side, &error))
		given->problem = arena_string(run->arena, span_text(error.text));
	return given;
}

static struct strings all_of(struct arena *arena, const struct strings *const *lists, size_t count)
{
	struct strings all = {0};

	for (size_t i = 0; i < count; i++)
		array_each(text, lists[i])
			*array_add(arena, &all) = *text;
	return all;
}

/* If a pair has no earlier report, there is no baseline, and all its
 * findings are new. */
static bool baseline_load(struct arena *arena, const struct gate_run *run,
			  const struct plan_pair *at, struct baseline **ret, struct error *error)
{
	const char *path;
	struct stat status;

	if (!run->plan.baseline)
		return true;
	path = arena_format(arena, "%s/%s", run->plan.baseline, plan_report(arena, &run->plan, at));
	if (stat(path, &status) != 0 && errno == ENOENT)
		return true;
	return baseline_read(arena, path, ret, error);
}

const char *gate_report_path(struct arena *arena, const struct plan *plan,
			     const struct plan_pair *pair)
{
	return arena_format(arena, "%s/%s", plan->reports, plan_report(arena, plan, pair));
}

/* Reports an input that cannot be read once, with the LINE of the plan that names it
 * (0: none), and adds a finding to each of its pairs. */
static void pair_unread(struct gate_run *run, size_t place, size_t line, const char *id,
			const char *why)
{
	_cleanup_arena_ struct arena scratch = {0};
	const struct plan_pair *at = &run->plan.pairs.list[place];
	uint32_t next = (uint32_t)run->told.count;

	if (map_put(&run->told, run->arena, arena_string(run->arena, span_text(why)), next) ==
	    next) {
		/* the plan is in another folder, to which paths are relative */
		bool elsewhere =
			line && strchr(run->plan.path, '/') && text_ends(why, strerror(ENOENT));

		progress_end(&run->progress);
		complain("%s%s%s",
			 line ? arena_format(&scratch, "%s: line %zu: ", run->plan.path, line) : "",
			 why, elsewhere ? " (paths are relative to the plan)" : "");
	}
	/* the report of an earlier run would be mistaken for the report of this one */
	if (run->plan.reports) {
		const char *path = gate_report_path(&scratch, &run->plan, at);

		if (clerk_remove(path) != 0 && errno != ENOENT) {
			complain("%s: cannot remove the report of an earlier run: %s", path,
				 strerror(errno));
			run->unwritten = true;
		}
	}
	ledger_add_unread(run->arena, &run->ledger, run->plan.images.list[at->image].name,
			  run->plan.feeds.list[at->feed].name, place, id, why);
}

static bool planned_pair_judge(struct gate_run *run, struct arena *arena, size_t place,
			       struct loaded *loaded, const struct feed_side *side,
			       const struct feeds *feeds, struct error *error)
{
	const struct plan_pair *at = &run->plan.pairs.list[place];
	const struct plan_image *image = &run->plan.images.list[at->image];
	const struct plan_feed *feed = &run->plan.feeds.list[at->feed];
	const struct strings *providers[] = {&run->plan.providers, &image->providers,
					     &feed->providers};
	struct pair pair = {.image = &loaded->image,
			    .feeds = feeds,
			    .side = side,
			    .rules = &run->rules,
			    .providers =
				    all_of(arena, providers, sizeof providers / sizeof *providers),
			    .threads = run->threads,
			    .identifier = run->identifier,
			    .layouts = &loaded->layouts};
	struct reports reports = {0};
	struct verdicts verdicts;

	pair.terms.waivers = run->waivers.source ? &run->waivers : NULL;
	pair.terms.image = image->name;
	pair.terms.keyed =
		run->plan.keys.count || image->keys.count || keys_any(&loaded->image.keys);
	if (!baseline_load(arena, run, at, &pair.terms.baseline, error) ||
	    !pair_judge(arena, &pair, &verdicts, error))
		return false;
	run->verdicts += verdicts.results.count;
	ledger_add(run->arena, &run->ledger, image->name, feed->name, place, &verdicts);
	if (run->plan.reports)
		*array_add(arena, &reports) = (struct report_wanted){
			&report_formats[0], gate_report_path(arena, &run->plan, at)};
	run->unwritten |= !reports_write(&reports, &verdicts, NULL, 0, false);
	return true;
}

static bool pair_run(struct gate_run *run, size_t place, struct loaded *loaded,
		     struct given *givens, struct error *error)
{
	const struct plan_pair *at = &run->plan.pairs.list[place];
	const struct plan_image *image = &run->plan.images.list[at->image];
	const struct plan_feed *feed = &run->plan.feeds.list[at->feed];
	const struct strings *lists[] = {&run->plan.keys, &image->keys};
	struct feeds_wanted wanted = {.paths = feed->sources,
				      .lists = feed->lists,
				      .hosts = run->store.how.hosts,
				      .from_image = feed->from_image};
	struct arena arena _cleanup_arena_ = {0};
	struct strings paths, untrusted = {0};
	struct error why = {0};
	struct feeds feeds;

	image_load(run, at->image, loaded);
	if (loaded->problem)
		return pair_unread(run, place, image->line, "image-unreadable", loaded->problem),
		       true;

	const struct given *given = feed_side_load(run, at->feed, givens);

	if (given->problem)
		return pair_unread(run, place, feed->line, "feed-unreadable", given->problem), true;
	if (!feeds_paths(&arena, &wanted, &loaded->image, &paths, &untrusted, &why) ||
	    !store_get(&run->store, &arena, &paths, &untrusted, &feeds, &why))
		return pair_unread(run, place, feed->line, "feed-unreadable", why.text), true;

	struct strings keys = all_of(&arena, lists, sizeof lists / sizeof *lists);

	if (!feeds_trust(&arena, &loaded->image, &keys, &feeds, &why))
		return pair_unread(run, place, 0, "feed-unreadable", why.text), true;
	return planned_pair_judge(run, &arena, place, loaded, &given->side, &feeds, error);
}

bool gate_folders(const struct plan *plan, struct error *error)
{
	struct stat baseline, reports;

	if (plan->reports && mkdir(plan->reports, 0777) != 0 &&
	    (errno != EEXIST || stat(plan->reports, &reports) != 0 || !S_ISDIR(reports.st_mode)))
		return fail(error, "%s: cannot create this folder for reports: %s", plan->reports,
			    strerror(errno));
	if (!plan->baseline)
		return true;
	if (stat(plan->baseline, &baseline) != 0)
		return fail(error, "%s: cannot read this folder of earlier reports: %s",
			    plan->baseline, strerror(errno));
	if (!S_ISDIR(baseline.st_mode))
		return fail(error, "%s: is not a folder of earlier reports", plan->baseline);
	if (!plan->reports || stat(plan->reports, &reports) != 0)
		return true;
	/* reports over the baseline would make the next run accept everything that
	 * this one finds */
	return baseline.st_dev != reports.st_dev || baseline.st_ino != reports.st_ino ||
	       fail(error, "%s: is the baseline and cannot be the folder for reports as well",
		    plan->baseline);
}

/* Pairs are sorted by image, and a shard has consecutive pairs, so few images are read
 * by two shards. */
static size_t shard_begin(const struct gate_run *run, unsigned shard)
{
	return run->plan.pairs.count * (shard - 1) / run->shards;
}

bool gate_judge(struct gate_run *run, struct error *error)
{
	const struct plan *plan = &run->plan;
	struct given *givens = arena_get(run->arena, plan->feeds.count * sizeof *givens);
	struct loaded loaded = {0};
	size_t first = run->shards ? shard_begin(run, run->shard) : 0;
	size_t end = run->shards ? shard_begin(run, run->shard + 1) : plan->pairs.count;
	bool good = true;

	run->store.arena = run->arena;
	for (size_t place = first; good && place < end; place++) {
		const struct plan_pair *at = &plan->pairs.list[place];

		progress_show(&run->progress, place - first, end - first,
			      "judging pair %zu of %zu: %s and %s", place - first + 1, end - first,
			      plan->images.list[at->image].name, plan->feeds.list[at->feed].name);
		good = pair_run(run, place, &loaded, givens, error);
	}
	progress_end(&run->progress);
	arena_free(&loaded.arena);
	ledger_finish(run->arena, &run->ledger);
	return good;
}
