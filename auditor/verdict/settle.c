#include "verdict/judged.h"

/* Configs that are not there, and would bring config-core. */
static const char *settling_config(const struct world *world, const struct package *package)
{
	bool image = world_image(world)->config && world_image_config_against(world)->count == 0;
	bool feed = world_config(world, package) && world_config_against(world, package)->count == 0;

	if (!image && !feed)
		return "--image-config and --feed-config";
	return image && feed ? NULL : image ? "--feed-config" : "--image-config";
}

/* Configs are there and something in them stands in the way. */
static const char *settling_comparison(const struct world *world, const struct package *package)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);

	if (!comparison)
		return NULL;
	if (!comparison->image->resolved || !comparison->feed->resolved)
		return comparison->image->resolved
			       ? "--feed-config with the .config that kconfig has filled in, not .config.set"
			       : "--image-config with the .config that kconfig has filled in, not .config.set";
	if (comparison->unusable || comparison->core.count > 0)
		return NULL;
	if (!comparison->layout.rules || !comparison->layout.exact || !layout_rules_graded(comparison->layout.rules))
		return "--rules DIR with layout rules of this kernel series, made by scripts/derive-rules from its "
		       "sources";
	return NULL;
}

static bool crcs_wanted(const struct world *world, const struct package *package)
{
	const struct image *image = world_image(world);

	if (image->kernel && image->kernel->exports.crcs_known)
		return false;
	/* of modules without CRCs no table proves anything */
	array_each(module, &package->modules)
		if (module->versioned || module->extended)
			return true;
	return package->modules.count == 0;
}

const char *settling_input(const struct world *world, const struct package *package, const struct rules *rules)
{
	const struct image *image = world_image(world);
	const char *config = NULL;

	if (rules->accepted[PROOF_IDENTITY] && package->abi.hash && !image->abi.hash)
		return "--image-manifest";
	if (rules->accepted[PROOF_SYMBOL_CRCS] && crcs_wanted(world, package))
		return "--image-symvers";
	if (rules->accepted[PROOF_CONFIG_CORE])
		config = settling_config(world, package);
	if (!config && rules->accepted[PROOF_CONFIG_CORE])
		config = settling_comparison(world, package);
	if (!config && rules->accepted[PROOF_TWINS] && image->modules.count > 0)
		config = "more packages of the same build as FEED, those that the image has too above all: modules on "
			 "both "
			 "sides that are equal and import the same";
	return config ? config
		      : "no input can: build it with the image's kernel configuration and sources, or publish an image "
			"built with this one's";
}
