/* SPDX-License-Identifier: ISC */
/* Names the input that could settle an unproven package, worded for audit or for a
 * plan, and turns unknown findings into remarks where the proof identity holds. */
#include "verdict/settle.h"

#include "facts/world/world_providers.h"
#include "facts/world/world_sets.h"
#include "verdict/judged.h"

#include "base/text.h"

#include <string.h>

/* Options of `audit` that give an input, in the words of a plan, and where people have
 * the file from. */
static const struct input {
	const char *option, *value, *plan, *where;
} inputs[] = {
	{"--image-manifest", "FILE", "key manifest of the image in the plan",
	 "the .manifest that was published beside the image, or what opkg list-installed prints on "
	 "the device"},
	{"--image-config", "FILE", "key config of the image in the plan",
	 "the .config of its kernel, from its build, from the SDK of its release, or "
	 "/proc/config.gz "
	 "of the device"},
	{"--image-symvers", "FILE", "key symvers of the image in the plan",
	 "Module.symvers of its kernel, from its build or from the SDK of its release"},
	{"--feed-config", "FILE", "key config of the feed in the plan",
	 "the .config that the packages were built with, from their build or SDK"},
	{"--feed-symvers", "FILE", "key symvers of the feed in the plan",
	 "the Module.symvers that the packages were built with, from their build or SDK"},
	{"--providers", "FILE", "key providers of the image in the plan", NULL},
	{"--rules", "DIR", "key rules of the plan", NULL},
	{"--abi", "DIR", "the abi option of gate", NULL},
	{"--key", "FILE", "key keys of the image in the plan", NULL},
};

/* The input whose option TEXT starts with, as a whole word. */
static const struct input *input_at(const char *text)
{
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		size_t size = strlen(inputs[i].option);

		if (strncmp(text, inputs[i].option, size) == 0 &&
		    !strchr("abcdefghijklmnopqrstuvwxyz-", text[size]))
			return &inputs[i];
		if (strcmp(text, inputs[i].option) == 0)
			return &inputs[i];
	}
	return NULL;
}

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Names the options in TEXT as the user gives them, with a value, and says where such a file comes
 * from unless TEXT says that itself. For a plan the option is the plan's key. */
const char *settle_told(struct arena *arena, const char *text, enum settle_side side)
{
	const char *told = "", *from = text;

	for (const char *at = text ? strstr(text, "--") : NULL; at; at = strstr(at, "--")) {
		const struct input *input = input_at(at);

		if (!input) {
			at += 2;
			continue;
		}
		told = arena_format(arena, "%s%.*s", told, (int)(at - from), from);
		from = at += strlen(input->option);
		/* what follows the option may already say its value or what is to be in the
		 * file */
		bool valued = starts(at, " FILE") || starts(at, " DIR");
		bool placed = valued || !input->where || starts(at, " with") || starts(at, ")");
		const char *name = input->option;
		if (side == SETTLE_PLAN)
			name = input->plan;
		else if (!valued)
			name = arena_format(arena, "%s %s", input->option, input->value);
		told = placed ? arena_format(arena, "%s%s", told, name)
			      : arena_format(arena, "%s%s (%s)", told, name, input->where);
		/* the key of a plan is named without the value of the option */
		if (side == SETTLE_PLAN && valued)
			from = at += strcspn(at + 1, " ") + 1;
	}
	return from == text ? text : arena_format(arena, "%s%s", told, from);
}

/* Both configs are known; what is wrong with them, or missing beside them. */
static const char *settling_comparison(const struct world *world, const struct package *package)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);

	if (!comparison)
		return NULL;
	if (!comparison->image->resolved || !comparison->feed->resolved)
		return comparison->image->resolved
			       ? "--feed-config with the complete .config, not .config.set"
			       : "--image-config with the complete .config, not .config.set";
	if (comparison->unusable || comparison->reaching.count > 0)
		return NULL;
	if (!comparison->layout.rules || !comparison->layout.exact ||
	    !layout_rules_graded(comparison->layout.rules))
		return "--rules DIR with layout rules of this kernel series, made by "
		       "scripts/derive-rules from its sources";
	return NULL;
}

/* What is missing for a comparison of the lines behind the two hashes; NULL: nothing
 * that can be given, or the hashes were not looked up. */
static const char *settling_hash(const struct world *world, const struct package *package,
				 const struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct image *image = world_image(world);
	const struct known_set *installed = world_set(world, image->abi.hash);
	const struct known_set *offered = world_set(world, package->abi.hash);

	if (examination->sources_missing)
		return "version.buildinfo of the packages' build in the directory of the feed (it "
		       "names the revision of OpenWrt), or modules from both builds to compare";
	if (!installed || !offered || (installed->lines && offered->lines))
		return NULL;
	/* the packages of the manifest lead the search to the lines, where its
	 * release is known */
	if (!installed->lines && !installed->release_new && !image->database_known &&
	    image->manifest.count == 0)
		return "--image-manifest";

	const char *release = image->distribution_release.value, *whose = "both abi hashes";
	bool known = !installed->lines && release;
	if (offered->lines)
		whose = "the abi hash of the image";
	else if (installed->lines)
		whose = "the abi hash of the package";
	if (known && installed->release_new)
		return arena_format(
			arena,
			"--abi DIR with the lines behind %s (the release %s is newer than the "
			"built-in ones: \"scripts/abi-learn TREE --seed config.buildinfo -o DIR\" "
			"makes them from its tree and from the config.buildinfo beside its images)",
			whose, release);
	return arena_format(arena,
			    "--abi DIR with the lines behind %s (scripts/abi-learn makes them from "
			    "%s%s and, for a build with its own options, its config.buildinfo)",
			    whose, known ? "a tree of OpenWrt " : "an OpenWrt tree",
			    known ? release : "");
}

/* The cheaper one first: the lines behind a hash need no file of the build.
 * Where both configs are there and something speaks against them, the lines
 * would not change that. */
static const char *settling_options(const struct world *world, const struct package *package,
				    const struct rules *rules,
				    const struct examination *examination)
{
	bool core = rules->accepted[PROOF_CONFIG_CORE];
	bool image = world_image(world)->config && world_image_config_against(world)->count == 0;
	bool feed =
		world_config(world, package) && world_config_against(world, package)->count == 0;
	const char *config = NULL; /* the options for what config-core lacks */

	if (core && !image)
		config = feed ? "--image-config" : "--image-config and --feed-config";
	else if (core && !feed)
		config = "--feed-config";

	const char *beside = core && !config ? settling_comparison(world, package) : NULL;
	bool useful = !core || config || examination->sources_missing;
	const char *lines = rules->accepted[PROOF_CONFIG_HASH] && useful
				    ? settling_hash(world, package, examination)
				    : NULL;

	if (beside || !lines)
		return beside ? beside : config;
	return config ? arena_format(examination->arena, "%s, or %s", lines, config) : lines;
}

/* What can be given in addition to this feed; NULL: nothing that helps. */
static const char *settling_beside(const struct world *world, const struct package *package,
				   const struct rules *rules, const struct examination *examination)
{
	const struct image *image = world_image(world);
	/* a table proves nothing about modules without CRCs */
	bool crcs = !(image->kernel && image->kernel->exports.crcs_known) &&
		    (package->modules.count == 0 ||
		     array_any(module, &package->modules, module->versioned || module->extended));
	const char *options;

	/* a kernel of FreeBSD has neither CRCs nor a config that proves anything */
	if (image->loader == LOADER_FREEBSD)
		return NULL;
	if (rules->accepted[PROOF_IDENTITY] && package->abi.hash && !image->abi.hash)
		return "--image-manifest";
	if (rules->accepted[PROOF_SYMBOL_CRCS] && crcs)
		return "--image-symvers";
	options = settling_options(world, package, rules, examination);
	if (!options && rules->accepted[PROOF_TWINS] && image->modules.count > 0)
		options = "more packages from the feed's build, preferably packages that the image "
			  "has too: equal modules on both sides that import the same symbols";
	return options;
}

/* Where no input helps. */
#define REBUILD                                                                                  \
	"build the package with the image's kernel configuration and sources (config.buildinfo " \
	"and version.buildinfo beside an image of OpenWrt name them; of another image they are " \
	"what its vendor publishes), or publish an image that is built with the package's "      \
	"configuration and sources"

const char *settling_input(const struct world *world, const struct package *package,
			   const struct rules *rules, const struct examination *examination)
{
	const struct image *image = world_image(world);
	/* packages of the image's own build are proven by their kernel abi */
	bool own = rules->accepted[PROOF_IDENTITY] && image->abi.hash && !image->abi_doubt &&
		   !abi_equal(&package->abi, &image->abi);
	const char *beside;

	if (examination->proof_settle)
		return examination->proof_settle;
	beside = settling_beside(world, package, rules, examination);
	if (image->loader == LOADER_FREEBSD)
		return "no input can settle it: build the package with the sources of the image's "
		       "kernel, or take it from the kmods repository of the image's release";
	if (beside)
		return own ? arena_format(examination->arena,
					  "the feed that was built with the image, or %s", beside)
			   : beside;
	return own ? "no input can settle it beside this feed: give the feed that was built with "
		     "the image instead, " REBUILD
		   : "no input can settle it: " REBUILD;
}

/* True if FINDING exists only because the export table of the image's kernel cannot be
 * read. False for an image without a kernel. */
static bool only_hidden(const struct world *world, const struct package *package,
			const struct finding *finding)
{
	static const char *const ids[] = {"symbol-missing", "symbol-gpl", "symbol-namespace",
					  "module-versions", NULL};
	const struct kernel *kernel = world_image(world)->kernel;

	if (finding->outcome != OUTCOME_UNKNOWN || !kernel || !kernel->release.value ||
	    kernel->exports.complete || !finding->module || !text_among(finding->id, ids))
		return false;

	const struct module *module = world_module_of(world, package, finding->module);
	return module && world_depends_there(world, package, module);
}

void settle_by_identity(const struct world *world, const struct package *package,
			const struct rules *rules, struct examination *examination)
{
	if (!rules->accepted[PROOF_IDENTITY] || !examination->proven[PROOF_IDENTITY])
		return;
	array_each(finding, &examination->findings) {
		if (!only_hidden(world, package, finding))
			continue;
		finding->outcome = OUTCOME_REMARK;
		finding->settle = NULL;
		finding->text = arena_format(examination->arena,
					     "%s; the package has the image's own kernel abi, so "
					     "its kernel was built with what the module needs",
					     finding->text);
	}
}
