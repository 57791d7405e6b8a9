/* SPDX-License-Identifier: ISC */
/* Checks whether the parts of an image are of one build: its database rows, manifest,
 * modules and export table against its kernel abi. */
#include "facts/image/image_parts.h"

#include <string.h>

/* A few modules or rows may not fit the rest: a module that was installed by force, or
 * a leftover. If more than one in STRANGERS_PER does not, the image was assembled from
 * two builds, and its kernel abi identifies nothing. */
enum { STRANGERS_PER = 10 };

/* Compares the kernel on which installed packages depend with the kernel's own row. */
static void rows_compare(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	size_t agree = 0, differ = 0;
	const char *stranger = NULL;

	if (!image->abi.version)
		return;
	array_each(row, &image->packages) {
		struct abi abi = image_row_abi(arena, row);

		if (!abi.version)
			continue;
		if (image_abi_agrees(&abi, &image->abi)) {
			agree++;
		} else if (differ++ == 0) {
			stranger =
				arena_format(arena, "%s to %s", row->name, abi_text(arena, &abi));
		}
	}
	if (differ == 0)
		return;
	image->abi_strays =
		arena_format(arena,
			     "the package database names kernel %s, but pins %zu "
			     "of %zu installed packages to another, such as %s",
			     abi_text(arena, &image->abi), differ, agree + differ, stranger);
	if (agree <= differ)
		image->abi_doubt = arena_format(arena,
						"the image's own packages contradict it: %zu of "
						"%zu are pinned to another kernel, such as %s",
						differ, agree + differ, stranger);
}

/* Why MODULE was not built for a kernel with EXPORTS; NULL if nothing shows it.
 * NAMES are the exports of modules. Linux kernel/module/main.c,
 * simplify_symbols; kernel/module/version.c, check_version. */
static const char *module_misfit(struct arena *arena, const struct module *module,
				 const char *release, const struct kernel_exports *exports,
				 const struct map *names)
{
	const char *symbol = module_layout_symbol(module);
	const struct export *layout = exports_find(&exports->table, symbol);
	enum versions versions = module_versions(module, series_read(release));
	struct crc own = module_layout_crc(module, versions);
	bool versioned =
		exports->crcs ? versions != VERSIONS_NONE : module->versioned || module->extended;

	if (exports->crcs_known && exports->crcs != versioned)
		return arena_format(arena, "module %s has %s", module->name,
				    versioned ? "symbol versions, the kernel none"
					      : "no symbol versions");
	if (own.known && layout && layout->has_crc && layout->crc != own.value)
		return arena_format(arena, "module %s has another CRC of %s", module->name, symbol);
	array_each(import, &module->imports) {
		const struct export *export = exports_find(&exports->table, import->name);
		struct crc crc = import_crc(import, versions);

		if (export && export->has_crc && crc.known && export->crc != crc.value)
			return arena_format(arena, "module %s has another CRC of %s", module->name,
					    import->name);
		if (!export && exports->complete && !import->weak &&
		    map_get(names, import->name) == MAP_NONE && !import_ignored(import->name) &&
		    module->modinfo.depends.count == 0)
			return arena_format(arena, "module %s imports %s, which nothing exports",
					    module->name, import->name);
	}
	return NULL;
}

/* Why the modules that run on RELEASE were not built for a kernel with EXPORTS; NULL if
 * at most a few do not fit. NOTE: each of them is marked, too. */
static const char *modules_misfit(struct image_reading *reading, const char *release,
				  const struct kernel_exports *exports, bool note)
{
	struct image *image = reading->image;
	const char *first = NULL;
	struct map names = {0};
	size_t misfits = 0, all = 0;

	array_each(module, &image->modules)
		if (image_module_runs_on(release, module))
			array_each(export, &module->exports)
				map_put(&names, reading->arena, export->name, 1);
	array_each(module, &image->modules) {
		const char *why;

		if (module->problem || !image_module_runs_on(release, module))
			continue;
		all++;
		why = module_misfit(reading->arena, module, release, exports, &names);
		if (note)
			module->misfit = why;
		if (why && misfits++ == 0)
			first = why;
	}
	if (misfits * STRANGERS_PER <= all)
		return NULL;
	return arena_format(reading->arena, "%s (%zu of its %zu modules do not fit)", first,
			    misfits, all);
}

const char *image_exports_foreign(struct image_reading *reading,
				  const struct kernel_exports *exports)
{
	return modules_misfit(reading, reading->image->release.value, exports, false);
}

const char *image_kernel_foreign(struct image_reading *reading, const struct kernel *kernel)
{
	return kernel->exports.source
		       ? modules_misfit(reading, kernel->release.value, &kernel->exports, false)
		       : NULL;
}

void image_fit(struct image_reading *reading)
{
	struct image *image = reading->image;
	struct map modules = {0};
	const char *misfit;

	rows_compare(reading);
	if (!image->abi_doubt && image->manifest_abi.version && image->abi.version &&
	    !image_abi_agrees(&image->manifest_abi, &image->abi))
		image->abi_doubt = "the manifest given and the image's package database name "
				   "different kernels";
	if (!image->kernel || !image->kernel->exports.source)
		return;
	array_each(module, &image->modules)
		map_put(&modules, reading->arena, module->name, 1);
	array_each(module, &image->modules)
		if (!module->problem && image_module_runs(image, module))
			image->depends_lack |= array_any(name, &module->modinfo.depends,
							 map_get(&modules, *name) == MAP_NONE);
	misfit = modules_misfit(reading, image->release.value, &image->kernel->exports, true);
	if (!misfit || image->abi_doubt)
		return;
	image->abi_doubt =
		arena_format(reading->arena,
			     "kernel and modules of the image are not from one build: %s", misfit);
	if (!image->abi_strays)
		image->abi_strays = image->abi_doubt;
}
