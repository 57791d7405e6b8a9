/* SPDX-License-Identifier: ISC */
/* Checks that each import of a module is exported by the kernel or another module and
 * has the same CRC (Linux kernel/module.c, check_version). */
#include "checks/checks.h"
#include "facts/world/world_sets.h"

#include <inttypes.h>
#include <string.h>

enum { LACKING_NAMED = 4 };

/* The state of checking one module, with a fold for each kind of finding. */
struct symbols {
	const struct world *world;
	const struct package *package;
	const struct module *module;
	struct examination *examination;
	enum versions versions; /* which of its CRC tables the kernel reads */
	/* what --feed-symvers gives, if it can be of the module's build; or NULL */
	const struct kernel_exports *feeds;
	bool depends_there;
	struct fold missing, loose, unversioned, crc;
};

static const char *provider_witness(const struct symbols *symbols, const struct provider *provider)
{
	if (provider->module)
		return provider->module->witness;
	return image_exports(world_image(symbols->world))->source;
}

/* A clause about the option that adds NAME according to the layout rules, and its value
 * in the image's config. "" if no rule names one. */
static const char *missing_option(const struct symbols *symbols, const char *name)
{
	const struct layout_rules *rules = world_layout(symbols->world)->rules;
	const struct config *config = world_image(symbols->world)->config;
	struct arena *arena = symbols->examination->arena;
	const char *option = rules ? layout_exporter(arena, rules, name) : NULL;
	const char *value = option && config ? config_get(config, option) : NULL;

	if (!option)
		return "";
	return arena_format(
		arena, "; option %s adds it%s%s%s", option,
		config ? arena_format(arena, " and is %s in the image's config",
				      value ? value : "not set")
		       : "",
		world_layout(symbols->world)->exact ? "" : ", according to the layout rules of ",
		world_layout(symbols->world)->exact ? "" : layout_rules_series(rules));
}

/* A clause about why a symbol is missing; "" if nothing shows it. */
static const char *missing_cause(const struct symbols *symbols, const char *name)
{
	const struct package *elsewhere =
		world_export_elsewhere(symbols->world, symbols->package, name);
	const struct kernel_exports *feeds = symbols->feeds;
	const struct image *image = world_image(symbols->world);

	if (elsewhere)
		return arena_format(symbols->examination->arena,
				    "; %s %s, for another kernel abi, exports it", elsewhere->name,
				    elsewhere->version ? elsewhere->version : "");
	if (exports_trimmed(image))
		return arena_format(
			symbols->examination->arena,
			"; the kernel exports only %zu symbols: trimming (STRIP_KERNEL_EXPORTS, "
			"TRIM_UNUSED_KSYMS) is the likely cause%s",
			image_exports(image)->table.count, missing_option(symbols, name));
	if (feeds && exports_find(&feeds->table, name))
		return arena_format(symbols->examination->arena,
				    "; the feed's kernel exports it: the kernels were built with "
				    "different options%s",
				    missing_option(symbols, name));
	return missing_option(symbols, name);
}

/* True if the kernel of the package's build was built with OPTION, which it states itself
 * or by its hash. */
static bool feed_has(const struct symbols *symbols, const char *option)
{
	const struct world *world = symbols->world;
	const struct package *package = symbols->package;
	const struct config *config = world_config(world, package);
	const struct known_set *set = world_set(world, package->abi.hash);
	const char *value = config ? config_get(config, option) : NULL;

	if (config)
		return value && strcmp(value, "y") == 0 &&
		       world_config_against(world, package)->count == 0;
	return set && set->lines && world_set_against(world, package)->count == 0 &&
	       strings_have(set->lines, arena_format(symbols->examination->arena, "%s=y", option));
}

/* A clause that the kernel of the package's build exports NAME itself and the image's
 * kernel does not; NULL if that is not known. If the option is "m" in the image's
 * config, a module may export NAME there. */
static const char *kernels_own(const struct symbols *symbols, const char *name)
{
	const struct image *image = world_image(symbols->world);
	const struct layout_rules *rules = world_layout(symbols->world)->rules;
	const struct kernel_exports *feeds = symbols->feeds;
	struct arena *arena = symbols->examination->arena;
	const char *option = rules ? layout_exporter(arena, rules, name) : NULL;
	const char *value = option && image->config ? config_get(image->config, option) : NULL;
	const char *without = option ? arena_format(arena, " (built without %s)", option) : "";

	if (!image_exports(image)->complete || (value && strcmp(value, "n") != 0) ||
	    world_export_elsewhere(symbols->world, symbols->package, name))
		return NULL;
	if (feeds && exports_find(&feeds->table, name))
		return arena_format(arena,
				    ": the kernel of the image does not export it%s, that of "
				    "the feed does",
				    without);
	if (option && feed_has(symbols, option))
		return arena_format(arena,
				    ": the kernel of the image does not export it%s, that of "
				    "the package is built with it",
				    without);
	return NULL;
}

/* True if a symbol that was not found certainly does not exist: everything that could
 * export it was read. */
static bool absence_sure(const struct symbols *symbols)
{
	const struct image *image = world_image(symbols->world);

	return image_exports(image)->complete && symbols->depends_there;
}

/* The modules in depends= that exist nowhere. One of them should export
 * the missing symbol. */
static struct strings modules_lacking(const struct symbols *symbols)
{
	const struct strings *depends = &symbols->module->modinfo.depends;
	struct provider provider;
	struct strings lacking = {0};

	for (size_t i = 0; i < depends->count; i++)
		if (!world_module(symbols->world, symbols->package, depends->list[i], &provider) &&
		    !world_builtin(symbols->world, depends->list[i]))
			*array_add(symbols->examination->arena, &lacking) = depends->list[i];
	return lacking;
}

/* A clause such as "the module mii, which should export it, is neither ..." */
static const char *lacking_text(const struct symbols *symbols)
{
	struct strings lacking = modules_lacking(symbols);
	const char *nowhere = world_image(symbols->world)->modules.count == 0
				      ? "not in the feeds, and the image contains no modules"
				      : "neither in the image nor in the feeds";

	if (lacking.count == 1)
		return arena_format(symbols->examination->arena,
				    "the module %s, which should export it, is %s", lacking.list[0],
				    nowhere);
	return arena_format(
		symbols->examination->arena, "one of the modules %s should export it; they are %s",
		strings_join(symbols->examination->arena, &lacking, LACKING_NAMED), nowhere);
}

/* OWN: what kernels_own says about NAME. */
static const char *absence_text(const struct symbols *symbols, const char *name, const char *own)
{
	const struct kernel_exports *exports = image_exports(world_image(symbols->world));
	const char *cause = missing_cause(symbols, name);
	struct arena *arena = symbols->examination->arena;

	if (own)
		return arena_format(arena, "Unknown symbol %s (err -2)%s", name, own);
	if (absence_sure(symbols))
		return arena_format(arena, "Unknown symbol %s (err -2)%s", name, cause);
	if (exports->complete)
		return arena_format(arena, "%s is not exported by the kernel; %s%s", name,
				    lacking_text(symbols), cause);
	return arena_format(arena, "%s was not found, but the kernel's export table is not %s%s",
			    name, exports->source ? "known to be complete" : "known", cause);
}

static void symbol_missing(struct symbols *symbols, const char *name)
{
	const struct image *image = world_image(symbols->world);
	const struct kernel_exports *exports = image_exports(image);
	const char *own = kernels_own(symbols, name);
	enum outcome outcome = own || absence_sure(symbols) ? OUTCOME_FAILS : OUTCOME_UNKNOWN;
	bool hidden = outcome == OUTCOME_UNKNOWN && exports->complete && image->modules.count == 0;
	const char *id = hidden ? "symbol-hidden" : "symbol-missing";
	struct finding *finding = examine_folded(symbols->examination, &symbols->missing, id,
						 outcome, symbols->module->name, name);

	if (!finding)
		return;
	finding_show(finding, name, exports->source ? exports->source : exports->why, NULL,
		     symbols->module->witness);
	finding->text = absence_text(symbols, name, own);
	if (outcome == OUTCOME_UNKNOWN)
		finding->settle = !exports->complete ? "--image-symvers"
				  : hidden	     ? "an image that contains its modules"
					   : "the feed that contains the modules it depends on";
}

/* Adds a finding about a symbol that PROVIDER exports. */
static struct finding *symbol_examine(struct symbols *symbols, struct fold *fold, const char *id,
				      enum outcome outcome, const struct provider *provider)
{
	const struct export *export = provider->export;
	struct finding *finding = examine_folded(symbols->examination, fold, id, outcome,
						 symbols->module->name, export->name);

	if (finding && export->name_space && *export->name_space)
		finding->name_space = export->name_space;
	return finding;
}

/* True if depends= lists NAME, and the loader takes the image's module of that name. */
static bool image_named(const struct symbols *symbols, const char *name)
{
	struct provider named;

	return strings_have(&symbols->module->modinfo.depends, name) &&
	       world_module(symbols->world, symbols->package, name, &named) && !named.package;
}

/* depends= names the module: what is installed of it is another build, which stays. */
static void loose_version(struct symbols *symbols, struct finding *finding, const char *name,
			  const struct provider *provider)
{
	struct arena *arena = symbols->examination->arena;
	const struct package *package = provider->package;
	const char *which = arena_format(arena, "%s %s", package->name,
					 package->version ? package->version : "");

	finding->text = arena_format(arena,
				     "Unknown symbol %s (err -2): module %s of %s exports it, and "
				     "the one that the image has does not; %s does not replace it "
				     "to meet the package's dependencies",
				     name, provider->module->name, which,
				     package_manager(symbols->package));
	finding->settle = arena_format(arena,
				       "no input can: install %s before, or build %s so that it "
				       "depends on that version",
				       which, symbols->package->name);
}

/* Reports a symbol that only a module exports, if nothing loads that module first: see
 * world_import. */
static void symbol_loose(struct symbols *symbols, const char *name, const struct provider *provider)
{
	struct finding *finding =
		examine_folded(symbols->examination, &symbols->loose, "symbol-missing",
			       OUTCOME_UNKNOWN, symbols->module->name, name);

	if (!finding)
		return;
	finding_show(finding, name, provider->module->witness, NULL, symbols->module->witness);
	if (provider->package && image_named(symbols, provider->module->name)) {
		loose_version(symbols, finding, name, provider);
		return;
	}
	finding->text = arena_format(
		symbols->examination->arena,
		"Unknown symbol %s (err -2) unless module %s, which exports it, is loaded first: "
		"depends= does not list that module, and it is not loaded at boot",
		name, provider->module->name);
	finding->settle =
		"a build of the module whose depends= lists every module that it imports from";
}

/* Reports an import without a CRC. check_version in kernel/module.c refuses it up to
 * 4.8; since 4.9 it only warns ("Broken toolchain"). */
static void symbol_unversioned(struct symbols *symbols, const struct import *import,
			       const struct provider *provider)
{
	bool refused = series_since(image_series(world_image(symbols->world)), 4, 9) == SINCE_NO;
	struct finding *finding =
		symbol_examine(symbols, &symbols->unversioned, "symbol-unversioned",
			       refused ? OUTCOME_FAILS : OUTCOME_UNKNOWN, provider);

	if (!finding)
		return;
	finding_show(
		finding,
		arena_format(symbols->examination->arena, "0x%08" PRIx32, provider->export->crc),
		provider_witness(symbols, provider), NULL, symbols->module->witness);
	finding->text = arena_format(
		symbols->examination->arena,
		refused ? "no symbol version for %s: kernels before 4.9 refuse the module"
			: "no symbol version for %s: some kernels only warn, others refuse the "
			  "module",
		import->name);
}

static void symbol_crc(struct symbols *symbols, const struct import *import,
		       const struct provider *provider)
{
	const struct export *export = provider->export;
	struct crc crc = import_crc(import, symbols->versions);

	if (symbols->versions == VERSIONS_NONE || !export->has_crc ||
	    (crc.known && crc.value == export->crc))
		return;
	if (!crc.known) {
		symbol_unversioned(symbols, import, provider);
		return;
	}

	struct finding *finding =
		symbol_examine(symbols, &symbols->crc, "symbol-crc", OUTCOME_FAILS, provider);

	if (!finding)
		return;
	finding_show(finding,
		     arena_format(symbols->examination->arena, "0x%08" PRIx32, export->crc),
		     provider_witness(symbols, provider),
		     arena_format(symbols->examination->arena, "0x%08" PRIx32, crc.value),
		     symbols->module->witness);
	finding->text = arena_format(symbols->examination->arena,
				     "disagrees about version of symbol %s", import->name);
}

static void symbol_check(struct symbols *symbols, const struct import *import)
{
	struct provider provider;

	if (import_ignored(import->name))
		return;
	if (!world_import(symbols->world, symbols->package, symbols->module, import->name,
			  &provider)) {
		if (!import->weak)
			symbol_missing(symbols, import->name);
		return;
	}
	if (!provider.loose)
		symbol_crc(symbols, import, &provider);
	else if (!import->weak)
		symbol_loose(symbols, import->name, &provider);
}

/* A table that gives a symbol another CRC than MODULE was built with is that of
 * another build. */
static const struct kernel_exports *feed_table(const struct world *world,
					       const struct module *module)
{
	const struct kernel_exports *feeds = world_feed_symvers(world);

	if (!feeds)
		return NULL;
	array_each(import, &module->imports) {
		const struct export *export = exports_find(&feeds->table, import->name);
		struct crc crc =
			import->has_crc ? (struct crc){true, import->crc} : import->extended;

		if (export && export->has_crc && crc.known && crc.value != export->crc)
			return NULL;
	}
	return feeds;
}

void check_symbols(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	array_each(module, &package->modules) {
		struct symbols symbols = {.world = world,
					  .package = package,
					  .module = module,
					  .examination = examination};

		if (!module_judged(world, module))
			continue;
		symbols.versions = image_versions(world_image(world), module);
		symbols.feeds = feed_table(world, module);
		symbols.depends_there = world_depends_there(world, package, module);
		array_each(import, &module->imports)
			symbol_check(&symbols, import);
	}
}

const char *module_lacks(const struct world *world, const struct package *package,
			 const struct module *module)
{
	struct provider provider;
	const struct import *lacking =
		array_find(import, &module->imports,
			   !import->weak && !import_ignored(import->name) &&
				   !world_import(world, package, module, import->name, &provider));

	return lacking ? lacking->name : NULL;
}

bool symbols_missing(const struct world *world)
{
	for (size_t i = 0; i < world_count(world); i++) {
		const struct package *package = world_package(world, i);

		array_each(module, &package->modules)
			if (module_judged(world, module) && module_lacks(world, package, module))
				return true;
	}
	return false;
}
