/* SPDX-License-Identifier: ISC */
/* Answers questions about the image that several checks ask: its series, config
 * options, where symbol versions are read, whether exports are trimmed. */
#include "checks/checks.h"
#include "facts/package/package_file.h"

#include <string.h>

bool module_judged(const struct world *world, const struct module *module)
{
	return !module->problem && module->loader == world_image(world)->loader &&
	       machine_fits(world_image(world)->machine, module->machine);
}

bool module_is_running(const struct image *image, const struct module *module)
{
	struct span release = release_of_path(module->path);

	return !image->release.value || release.size == 0 || span_is(release, image->release.value);
}

const struct module *image_module_same(const struct image *image, const struct module *module)
{
	if (module->problem)
		return NULL;
	return array_find(other, &image->modules,
			  strcmp(other->name, module->name) == 0 &&
				  sha256_equal(&other->file, &module->file) &&
				  module_is_running(image, other));
}

const struct kernel_exports *image_exports(const struct image *image)
{
	static const struct kernel_exports none = {.why = "the image contains no kernel"};

	return image->kernel ? &image->kernel->exports : &none;
}

struct series image_series(const struct image *image)
{
	return series_read(image->release.value);
}

enum versions image_versions(const struct image *image, const struct module *module)
{
	return module_versions(module, image_series(image));
}

/* What the image's kernel shows of OPTION without any config. */
static const char *kernel_option(const struct kernel *kernel, const char *option)
{
	if (kernel && strcmp(option, "CONFIG_MODULE_FORCE_LOAD") == 0)
		return kernel->force_load;
	if (kernel && strcmp(option, "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS") == 0)
		return kernel->missing_imports;
	return NULL;
}

const char *image_option(const struct world *world, const char *option)
{
	const struct config *config = world_image(world)->config;
	const char *value = config ? config_get(config, option) : NULL;
	const char *shown = kernel_option(world_image(world)->kernel, option);

	if (shown || !config || world_image_config_against(world)->count > 0)
		return shown;
	return value || !config->resolved ? value : "n";
}

bool image_option_on(const struct world *world, const char *option)
{
	const char *value = image_option(world, option);

	return value && strcmp(value, "y") == 0;
}

enum outcome image_lacks(const struct world *world, const char *option)
{
	const char *value = image_option(world, option);

	if (!value)
		return OUTCOME_UNKNOWN;
	return strcmp(value, "y") == 0 ? OUTCOME_REMARK : OUTCOME_FAILS;
}

bool exports_trimmed(const struct image *image)
{
	const struct kernel_exports *exports = image_exports(image);

	return exports->complete && exports->table.count < EXPORTS_WHOLE &&
	       image->modules.count > 0;
}

bool installed_known(const struct image *image)
{
	return image->database_known || image->manifest.count > 0;
}

const char *config_hash_text(enum hash_agreement hash)
{
	switch (hash) {
	case HASH_AGREES:
		return "the config belongs to the kernel abi: it has the same hash";
	case HASH_RESOLVED:
		return "nothing contradicts the config; its hash cannot be compared with the "
		       "kernel abi, because kconfig has completed it and OpenWrt hashes the "
		       ".config.set from before";
	case HASH_UNKNOWN:
	case HASH_DIFFERS:
		break;
	}
	return "nothing contradicts the config; there is no kernel abi hash to compare it with";
}

bool package_foreign(const struct image *image, const struct package *package)
{
	const char *release = image->release.value;

	if (!release)
		return false;
	if (package->abi.release && !release_fits(release, package->abi.release))
		return true;
	return package->releases.count > 0 && !strings_have(&package->releases, release);
}
