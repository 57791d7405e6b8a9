/* SPDX-License-Identifier: ISC */
/* Finds the files that FreeBSD's boot loader takes for the modules of loader.conf
 * (stand/common/module.c: mod_load, mod_search_hints, file_lookup; stand/libsa/gzipfs.c). */
#include "facts/image/image_boot.h"

#include <string.h>

/* What is known of the image's modules, by their paths. */
struct load_search {
	const struct image_reading *reading;
	const struct kld_boot *boot;
	struct map modules; /* numbers in reading->modules */
};

/* Where a file is not there, the boot loader opens the one with ".gz" and unpacks it. */
static const char *file_lookup(struct load_search *search, const char *path)
{
	struct arena *arena = search->reading->arena;
	const char *const names[] = {path, arena_format(arena, "%s.gz", path)};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint32_t number = map_get(&search->modules, names[i]);

		if (number != MAP_NONE)
			return search->reading->modules.list[number].module.path;
	}
	return NULL;
}

static const struct kld_hints *hints_of(const struct kld_boot *boot, const char *directory)
{
	array_each(hints, &boot->hints)
		if (!hints->problem && strcmp(hints->directory, directory) == 0)
			return hints;
	return NULL;
}

/* The file of the first row for the interface NAME, whatever its version; NULL: no row. */
static const char *row_file(const struct kld_hints *hints, const char *name)
{
	if (hints)
		array_each(row, hints)
			if (row->type == HINT_VERSION && strcmp(row->name, name) == 0)
				return row->file;
	return NULL;
}

static const char *directory_lookup(struct load_search *search, const char *directory,
				    const char *name)
{
	static const char *const ends[] = {".ko", "", ".debug"};
	struct arena *arena = search->reading->arena;
	const char *file = row_file(hints_of(search->boot, directory), name);

	if (file)
		return file_lookup(search, arena_format(arena, "%s/%s", directory, file));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const char *path = file_lookup(
			search, arena_format(arena, "%s/%s%s", directory, name, ends[i]));

		if (path)
			return path;
	}
	return NULL;
}

static bool is_kernels(const struct kld_boot *boot, const char *name)
{
	array_each(version, &boot->interfaces)
		if (strcmp(version->name, name) == 0)
			return true;
	return false;
}

static const char *load_path(struct load_search *search, const struct kld_load *load)
{
	const char *name = load->file ? load->file : load->name;

	if (strchr(name, '/'))
		return file_lookup(search, name + strspn(name, "/"));
	if (is_kernels(search->boot, name))
		return NULL;
	array_each(directory, &search->boot->module_path) {
		const char *path = directory_lookup(search, *directory, name);

		if (path)
			return path;
	}
	return NULL;
}

/* Says that LOAD leads to no module that was read. */
static void absent_note(struct image_reading *reading, const struct kld_boot *boot,
			const struct kld_load *load)
{
	const char *name = load->file ? load->file : load->name;

	if (is_kernels(boot, name))
		return;
	array_each(file, &reading->files) {
		if (file->kept != KEPT_STRAY || !strchr(name, '/') ||
		    strcmp(image_inner_path(reading, file), name + strspn(name, "/")) != 0)
			continue;
		image_unread(reading, "%s: the boot loader loads %s, which is not read",
			     load->witness, name);
		return;
	}
	image_remark(reading, "%s: %s_load: the boot loader finds no file for %s", load->witness,
		     load->name, name);
}

void image_loads(struct image_reading *reading, struct kld_boot *boot)
{
	struct load_search search = {.reading = reading, .boot = boot};

	array_each(found, &reading->modules)
		map_put(&search.modules, reading->arena, found->module.path,
			(uint32_t)(found - reading->modules.list));
	array_each(load, &boot->loads) {
		load->path = load_path(&search, load);
		if (!load->path)
			absent_note(reading, boot, load);
	}
}
