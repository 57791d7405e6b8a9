/* SPDX-License-Identifier: ISC */
/* Implements the command gate: its options, the start of a plan's run or of --init, the
 * reports and the exit status. */
#include "base/yaml.h"
#include "commands/gate/gate.h"

#include "unpack/memory.h"
#include "base/pool.h"
#include "commands/confine/confine.h"
#include "commands/confine/entry_file.h"
#include "commands/mistake/mistake.h"
#include "commands/gate/pair.h"
#include "commands/reports.h"
#include "report/ledger/ledger_read.h"

struct gate_values {
	const char *cache; /* the folder of --cache */
	const char *output, *rules, *policy, *waivers, *baseline, *reports_folder, *shard, *today;
	unsigned format, color, jobs, max_memory;
	bool init, no_sandbox, exit_zero, quiet, verbose;
	unsigned tries;
	struct strings report_names, abi_dirs;
	struct feeds_wanted wanted; /* how feeds are fetched */
	struct reports reports;
	struct fact_cache fact_cache; /* of earlier runs */
	struct gate_run run;
};

#define AT(member) offsetof(struct gate_values, member)

const struct choice gate_choices[] = {
	{"--init", 0, CHOICE_FLAG, AT(init), NULL,
	 "print a plan for IMAGE and FEED, or write it to -o FILE"},
	{"--shard", 0, CHOICE_TEXT, AT(shard), "I/N", "run the I-th of N parts of the plan"},
	{"--reports", 0, CHOICE_TEXT, AT(reports_folder), "DIR",
	 "write a report for each pair into DIR"},
	{"--baseline", 0, CHOICE_TEXT, AT(baseline), "DIR",
	 "earlier reports of the pairs: only new findings fail"},
	CHOICE_WAIVERS,
	CHOICE_TODAY,
	CHOICE_POLICY,
	CHOICE_BASE_RULES,
	CHOICE_ABI,
	CHOICE_SEARCH,
	CHOICE_OFFLINE,
	{"--allow-host", 0, CHOICE_LIST, AT(wanted.hosts), "GLOB",
	 "host from which feeds that an image lists may be fetched; repeatable"},
	CHOICE_NO_FOLLOW,
	CHOICE_CACHE,
	CHOICE_TIMEOUT,
	REPORT_CHOICES("matrix", "output"),
	CHOICE_MAX_MEMORY,
	CHOICE_JOBS,
	CHOICE_NO_SANDBOX,
	CHOICE_EXIT_ZERO,
	CHOICE_COLOR,
	CHOICE_QUIET,
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL,
	 "print what was read; text: all packages and names"},
	CHOICE_END,
};

/* An option that cannot be used with --init, with the reason; NULL if there is none. */
static const char *init_refused(const struct gate_values *gate)
{
	const struct {
		const char *name;
		bool given;
	} options[] = {
		{"--format: a plan is always YAML", gate->format != FORMAT_NONE},
		{"--report: it runs no audit", gate->report_names.count > 0},
		{"--shard: it runs no audit", gate->shard},
		{"--reports: edit the key reports in the new plan", gate->reports_folder},
		{"--baseline: edit the key baseline in the new plan", gate->baseline},
		{"--waivers: edit the key waivers in the new plan", gate->waivers},
		{"--policy: edit the key policy in the new plan", gate->policy},
		{"--rules: edit the key rules in the new plan", gate->rules},
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].given)
			return options[i].name;
	return NULL;
}

static enum status gate_init(const struct command *command, struct arena *arena,
			     const struct gate_values *gate, const struct strings *operands)
{
	struct strings feeds = {operands->list + 1, operands->count - 1, operands->count - 1};
	const char *path = gate->output && strcmp(gate->output, "-") != 0 ? gate->output : NULL;
	struct run_inputs inputs = {0};
	struct error error = {0};
	struct output output;

	if (operands->count < 2)
		return usage_error(command, "gate: --init needs an IMAGE and a FEED");
	if (init_refused(gate))
		return usage_error(command, "gate: --init takes no %s", init_refused(gate));
	/* a plan may lie beside the packages */
	run_input_add(arena, &inputs, operands->list[0], "the image", false);
	run_inputs_add(arena, &inputs, &feeds, "a feed", false);
	if (!output_apart(&inputs, path, &error))
		return usage_error(command, "gate: %s", error.text);
	if (!mistakes_none(arena, operands->list[0], &feeds, &error))
		return complain("%s", error.text);

	const char *text = plan_init(arena, operands->list[0], &feeds, path);
	const struct yaml *plan;

	if (!yaml_parse(arena, "the plan", span_text(text), &plan, &error))
		return complain("gate: a plan cannot have one of these paths: %s", error.text);
	if (!output_open(path, &output, &error))
		return complain("%s", error.text);
	fputs(text, output.file);
	return output_close(&output, true, &error) ? STATUS_SAFE : complain("%s", error.text);
}

static bool gate_read(struct arena *arena, struct gate_values *gate, const char *path,
		      struct error *error)
{
	struct gate_run *run = &gate->run;
	struct plan *plan = &run->plan;

	if (!plan_read(arena, path, plan, error)) {
		const char *mistake = mistake_plan(arena, path);

		return mistake ? fail(error, "%s", mistake) : false;
	}
	/* options on the command line override the plan */
	plan->policy = gate->policy ? gate->policy : plan->policy;
	plan->waivers = gate->waivers ? gate->waivers : plan->waivers;
	plan->baseline = gate->baseline ? gate->baseline : plan->baseline;
	plan->reports = gate->reports_folder ? gate->reports_folder : plan->reports;
	plan->rules = gate->rules ? gate->rules : plan->rules;

	const struct abi_database *database;
	const struct terms_wanted wanted = {plan->rules, plan->policy, plan->waivers, gate->today};

	if (!abi_database_open(arena, &gate->abi_dirs, &database, error))
		return false;
	run->identifier = abi_identifier_new(arena, database, gate->tries, pool_size(gate->jobs));
	return terms_read(arena, &wanted, &run->rules, &run->waivers, error);
}

static void gate_begin(struct arena *arena, struct gate_values *gate)
{
	struct gate_run *run = &gate->run;
	struct ledger *ledger = &run->ledger;

	run->arena = arena;
	if (gate->max_memory)
		memory_limit(gate->max_memory);
	run->threads = pool_size(gate->jobs);
	run->store.how = gate->wanted;
	run->store.how.quiet = gate->quiet;
	run->store.how.threads = run->threads;
	*ledger = (struct ledger){.rules = &run->rules,
				  .plan = run->plan.path,
				  .plan_sha256 = run->plan.sha256,
				  .planned = run->plan.pairs.count,
				  .shard = run->shard,
				  .shards = run->shards};
	array_each(image, &run->plan.images)
		*array_add(arena, &ledger->images) = image->name;
	array_each(feed, &run->plan.feeds)
		*array_add(arena, &ledger->feeds) = feed->name;
	ledger_waive(arena, ledger, run->waivers.source ? &run->waivers : NULL);
	progress_begin(&run->progress, gate->quiet);
}

static bool gate_confine(struct arena *arena, const struct gate_values *gate, struct error *error)
{
	const struct plan *plan = &gate->run.plan;
	struct run_inputs inputs = {0};
	struct confine_wanted wanted = {.inputs = &inputs,
					.hosts = gate->wanted.hosts,
					.cache = gate->cache,
					.no_follow = gate->wanted.no_follow,
					.off = gate->no_sandbox,
					.verbose = gate->verbose};

	plan_inputs(arena, plan, &inputs);
	/* feeds in the lists of a plan are files that its run reads */
	array_each(feed, &plan->feeds) {
		struct feeds_wanted listed = {.paths = feed->sources, .lists = feed->lists};
		struct strings paths;
		struct error ignored;

		if (feed->lists.count > 0 &&
		    feeds_paths(arena, &listed, NULL, &paths, NULL, &ignored))
			run_inputs_add(arena, &inputs, &paths, "a feed", true);
		wanted.fetches |= feed->from_image;
	}
	run_inputs_add(arena, &inputs, &gate->abi_dirs, "a directory of sets", true);
	confine_reports(arena, &gate->reports, &wanted.outputs);
	if (plan->reports)
		array_each(pair, &plan->pairs)
			*array_add(arena, &wanted.outputs) = gate_report_path(arena, plan, pair);
	return confine(arena, &wanted, error);
}

static enum status gate_run(struct arena *arena, struct gate_values *gate, const char *path)
{
	struct gate_run *run = &gate->run;
	struct run_inputs inputs = {0};
	struct error error = {0};

	if (!gate_read(arena, gate, path, &error))
		return complain("%s", error.text);
	/* the folder of reports may hold earlier ones, but nothing that the plan names */
	plan_inputs(arena, &run->plan, &inputs);
	run_input_add(arena, &inputs, gate->cache, "the cache", true);
	if (!reports_apart(&inputs, &gate->reports, &error) ||
	    (run->plan.reports &&
	     array_any(pair, &run->plan.pairs,
		       !output_apart(&inputs, gate_report_path(arena, &run->plan, pair), &error))))
		return complain("%s", error.text);
	gate_begin(arena, gate);
	if (!gate_folders(&run->plan, &error) ||
	    !entries_begin(gate->cache, &gate->fact_cache, &run->store.how.cache, &error) ||
	    !gate_confine(arena, gate, &error) || !gate_judge(run, &error))
		return complain("%s", error.text);
	if (gate->verbose)
		fprintf(stderr,
			"kmodaudit: %zu pairs: %zu images read, %zu feeds read, "
			"%zu packages unpacked, %zu verdicts\n",
			run->ledger.pairs.count, run->images_read, run->store.units.count,
			run->store.unpacked, run->verdicts);
	if (!reports_write(&gate->reports, NULL, &run->ledger, gate->color, gate->verbose) ||
	    run->unwritten)
		return STATUS_NO_ANSWER;
	if (run->ledger.status == STATUS_NO_ANSWER)
		return STATUS_NO_ANSWER;
	return gate->exit_zero ? STATUS_SAFE : (enum status)run->ledger.status;
}

enum status command_gate(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct gate_values gate = {.format = FORMAT_NONE, .tries = ABI_TRIES};
	struct strings operands = {0};
	struct error error = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &gate, &arena, &operands, &status))
		return status;
	if (gate.init)
		return gate_init(command, &arena, &gate, &operands);
	if (operands.count != 1)
		return usage_error(command, "gate: needs one PLAN, not %zu%s", operands.count,
				   mistake_plans(&arena, &operands));
	if (!today_read(command, &arena, &gate.today))
		return STATUS_NO_ANSWER;
	if (gate.shard && !shard_parse(gate.shard, &gate.run.shard, &gate.run.shards))
		return usage_error(command, "gate: --shard needs I/N, I from 1 to N, not '%s'",
				   gate.shard);
	if (!reports_plan(&arena, &gate.report_names, gate.format, gate.output, &gate.reports,
			  &error))
		return usage_error(command, "gate: %s", error.text);
	return gate_run(&arena, &gate, operands.list[0]);
}
