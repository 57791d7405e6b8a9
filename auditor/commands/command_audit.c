#include "commands/command.h"

#include "base/pool.h"
#include "commands/progress.h"
#include "report/report.h"
#include "unpack/limits.h"

#include <unistd.h>

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct audit {
	const char *image_manifest, *image_config, *image_symvers, *feed_config, *feed_symvers;
	const char *output, *rules, *only, *policy, *waivers;
	unsigned format, color, jobs, part;
	bool exit_zero, quiet, verbose;
	struct progress progress;

	const char *image_path;
	struct strings key_paths;
	struct feeds_wanted wanted;
	struct image image;
	struct map image_modules; /* their names */
	struct feeds feeds;
	struct rules known_rules;
	struct kernel_exports symvers;
	struct config config;
};

#define AT(member) offsetof(struct audit, member)

const struct choice audit_choices[] = {
	{"--image-manifest", 0, CHOICE_TEXT, AT(image_manifest), "FILE", "the image's published .manifest"},
	{"--image-config", 0, CHOICE_TEXT, AT(image_config), "FILE", "kernel config of the image"},
	{"--image-symvers", 0, CHOICE_TEXT, AT(image_symvers), "FILE", "its Module.symvers or System.map"},
	{"--image-part", 0, CHOICE_NUMBER, AT(part), "N", "of several kernels or root file systems, the N-th"},
	{"--feed-config", 0, CHOICE_TEXT, AT(feed_config), "FILE", "kernel config the feed was built with"},
	{"--feed-symvers", 0, CHOICE_TEXT, AT(feed_symvers), "FILE", "its Module.symvers"},
	{"--feeds-from", 0, CHOICE_LIST, AT(wanted.lists), "FILE", "feeds that a distfeeds.conf or apk's list names"},
	{"--feeds-from-image", 0, CHOICE_FLAG, AT(wanted.from_image), NULL, "feeds that the image itself names"},
	{"--offline", 0, CHOICE_FLAG, AT(wanted.offline), NULL, "of feeds with a URL, use what is in the cache"},
	{"--timeout", 0, CHOICE_NUMBER, AT(wanted.timeout), "SECONDS", "to wait for a server; 30 when not given"},
	{"--format", 0, CHOICE_WORD, AT(format), "yaml|text", "of the report; yaml when not given"},
	{"-o", 'o', CHOICE_TEXT, AT(output), "FILE", "write the report to FILE, whole or not at all"},
	{"--key", 0, CHOICE_LIST, AT(key_paths), "FILE|DIR", "public key that signed a feed; may come again"},
	{"--only", 0, CHOICE_TEXT, AT(only), "GLOB", "report only packages of such a name"},
	{"--policy", 0, CHOICE_TEXT, AT(policy), "FILE", "what counts as proof, and how much checks weigh"},
	{"--rules", 0, CHOICE_TEXT, AT(rules), "DIR", "rules to use instead of the built-in ones"},
	{"--jobs", 'j', CHOICE_NUMBER, AT(jobs), "N", "threads; as many as processors by default"},
	{"--exit-zero", 0, CHOICE_FLAG, AT(exit_zero), NULL, "exit 0 where it would be 1 or 2"},
	{"--color", 0, CHOICE_WORD, AT(color), "auto|always|never", "of the text format"},
	{"--quiet", 'q', CHOICE_FLAG, AT(quiet), NULL, "no progress on the terminal"},
	{"--verbose", 'v', CHOICE_FLAG, AT(verbose), NULL, "text: every finding with its witnesses"},
	{"--waivers", 0, CHOICE_TEXT, AT(waivers), "FILE", NULL},
	{NULL, 0, CHOICE_FLAG, 0, NULL, NULL},
};

static bool color_wanted(const struct audit *audit)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (audit->color != COLOR_AUTO)
		return audit->color == COLOR_ALWAYS;
	return !audit->output && isatty(STDOUT_FILENO) && !(none && *none) && !(terminal && !strcmp(terminal, "dumb"));
}

static bool feed_symvers_read(struct arena *arena, struct audit *audit, struct error *error)
{
	struct span text;

	if (!audit->feed_symvers)
		return true;
	return file_read(arena, audit->feed_symvers, LIMIT_FILE, &text, error) &&
	       symvers_read(arena, audit->feed_symvers, text, true, &audit->symvers, error);
}

/* those that are given count beside those of the image */
static bool trust_check(struct arena *arena, struct audit *audit, struct error *error)
{
	struct keys keys = audit->image.keys;

	for (size_t i = 0; i < audit->key_paths.count; i++)
		if (!keys_read(arena, audit->key_paths.list[i], &keys, error))
			return false;
	feeds_verify(arena, &keys, &audit->feeds);
	return true;
}

static bool inputs_read(struct arena *arena, struct audit *audit, struct error *error)
{
	unsigned threads = pool_size(audit->jobs);
	struct image_options options = {audit->image_manifest, audit->image_config, audit->image_symvers, threads,
					audit->part};

	if (!rules_read(arena, audit->rules, &audit->known_rules, error) || !feed_symvers_read(arena, audit, error))
		return false;
	if (audit->policy && !policy_read(arena, audit->policy, &audit->known_rules, error))
		return false;
	if (audit->feed_config && !config_open(arena, audit->feed_config, &audit->config, error))
		return false;
	progress_show(&audit->progress, 0, 0, "reading %s", audit->image_path);
	if (!image_read(arena, audit->image_path, &options, &audit->image, error))
		return false;
	progress_show(&audit->progress, 0, 0, "reading packages");
	array_each(module, &audit->image.modules)
		map_put(&audit->image_modules, arena, module->name, 1);
	audit->feeds.twins = &audit->image_modules;
	audit->wanted.threads = threads;
	audit->wanted.quiet = audit->quiet;
	if (!feeds_gather(arena, &audit->wanted, &audit->image, &audit->feeds, error))
		return false;
	return trust_check(arena, audit, error);
}

/* A build tree or SDK given as a feed has the config that its packages were built with. */
static void feed_configs_find(struct arena *arena, const struct audit *audit, struct world *world)
{
	for (size_t i = 0; i < audit->feeds.count && !audit->feed_config; i++) {
		const struct config *config =
			config_of_tree(arena, audit->feeds.list[i].source, audit->image.release.value);

		if (config)
			world_give_config(world, i, config);
	}
}

/* Layout rules are large: read only where there is a config to hold against them, or a symbol to explain. */
static bool configs_compare_all(struct arena *arena, const struct audit *audit, struct world *world,
				struct error *error)
{
	struct layout_choice layout;
	bool wanted = audit->image.config || symbols_missing(world);

	if (!layout_choose(arena, audit->rules, wanted ? audit->image.release.value : NULL, &audit->known_rules,
			   &layout, error))
		return false;
	world_compare(world, &layout);
	return true;
}

static bool verdicts_of(struct arena *arena, struct audit *audit, struct verdicts *ret, struct error *error)
{
	struct world *world =
		world_new(arena, &audit->image, &audit->feeds, audit->feed_symvers ? &audit->symvers : NULL,
			  audit->feed_config ? &audit->config : NULL);

	feed_configs_find(arena, audit, world);
	if (!configs_compare_all(arena, audit, world, error))
		return false;
	const struct gate_terms terms = {.whole = true};

	progress_show(&audit->progress, 0, 0, "judging %zu packages", world_count(world));
	*ret = verdict_reach(arena, world, &audit->known_rules, &terms, audit->only, pool_size(audit->jobs));
	return true;
}

static bool report_write(struct arena *arena, const struct audit *audit, const struct verdicts *verdicts,
			 struct error *error)
{
	struct report_style style = {color_wanted(audit), audit->verbose};
	struct output output;

	if (!output_open(arena, audit->output, &output, error))
		return false;
	bool printed = report_formats[audit->format].print(output.file, verdicts, &style, error);
	return output_close(&output, printed, error);
}

static enum status audit_run(struct arena *arena, struct audit *audit)
{
	struct error error = {0};

	progress_begin(&audit->progress, audit->quiet);
	bool read = inputs_read(arena, audit, &error);
	if (!read) {
		progress_end(&audit->progress);
		return complain("%s", error.text);
	}

	struct verdicts verdicts;
	bool reached = verdicts_of(arena, audit, &verdicts, &error);
	progress_end(&audit->progress);
	if (!reached)
		return complain("%s", error.text);
	if (!report_write(arena, audit, &verdicts, &error))
		return complain("%s", error.text);
	/* a pattern that fits nothing is no answer, whatever the feed is worth */
	if (audit->only && verdicts.results.count == 0)
		return complain("--only %s: no package of these feeds that has to do with modules is called so",
				audit->only);
	return audit->exit_zero ? STATUS_SAFE : (enum status)verdicts_status(&verdicts);
}

static enum status audit_refuse(const struct command *command, const struct audit *audit,
				const struct strings *operands)
{
	if (audit->waivers)
		return usage_error(command, "audit: this version cannot read waivers (--waivers %s)", audit->waivers);
	if (operands->count == 0)
		return usage_error(command, "audit: no IMAGE and FEED given");
	if (operands->count == 1 && audit->wanted.lists.count == 0 && !audit->wanted.from_image)
		return usage_error(command, "audit: no FEED given");
	return STATUS_SAFE;
}

enum status command_audit(const struct command *command, int count, char **arguments)
{
	struct arena arena _cleanup_arena_ = {0};
	struct audit audit = {0};
	struct strings operands = {0};
	enum status status = STATUS_SAFE;

	if (!options_read(command, count, arguments, &audit, &arena, &operands, &status))
		return status;
	if (audit_refuse(command, &audit, &operands) != STATUS_SAFE)
		return STATUS_NO_ANSWER;
	audit.image_path = operands.list[0];
	audit.wanted.paths = (struct strings){operands.list + 1, operands.count - 1, operands.count - 1};
	return audit_run(&arena, &audit);
}
