/* SPDX-License-Identifier: ISC */
/* Finds the directories in which FreeBSD's boot loader and kernel search, and the files
 * that the boot loader takes for the modules of loader.conf (stand/common/module.c:
 * mod_load, mod_search_hints, file_lookup; stand/libsa/gzipfs.c). */
#include "facts/rc/sysctl_conf.h"
#include "facts/image/image_boot.h"
#include "facts/package/package_file.h"

#include <string.h>

/* ---- directories ---- */

enum { PATH_MOST = 64 };

static void path_add(const struct image_reading *reading, struct kld_boot *boot, struct span folder)
{
	while (folder.size > 0 && folder.data[0] == '/')
		folder = span_skip(folder, 1);
	while (folder.size > 0 && folder.data[folder.size - 1] == '/')
		folder.size--;

	const char *text = arena_string(reading->arena, folder);

	if (*text && boot->module_path.count <= PATH_MOST &&
	    !strings_have(&boot->module_path, text))
		*array_add(reading->arena, &boot->module_path) = text;
}

/* Only directories below boot are read. Another one matters if it has modules. */
static void folder_check(struct image_reading *reading, const struct kld_boot *boot,
			 const char *folder)
{
	size_t size = strlen(folder);

	array_each(file, &reading->files) {
		const char *path = image_inner_path(reading, file);
		bool link = file->kept == KEPT_FOLDER && strcmp(path, folder) == 0;
		/* the kernel does not read x.ko.bz2 */
		bool stray = file->kept == KEPT_STRAY && strncmp(path, folder, size) == 0 &&
			     path[size] == '/' && !strchr(path + size + 1, '/') &&
			     module_is_path(path);

		if (link)
			image_unread(reading, "%s: a link to %s, which is not followed",
				     file->witness, file->target);
		if (stray)
			image_unread(reading,
				     "%s: module_path names /%s, whose modules are not read",
				     boot->module_path_witness ? boot->module_path_witness
							       : reading->image->source,
				     folder);
		if (link || stray)
			return;
	}
}

/* ";" separates; "," did before FreeBSD 5. */
static void paths_add(const struct image_reading *reading, struct kld_boot *boot, const char *text)
{
	struct span rest = span_text(text), folder;

	while (span_item(&rest, ';', &folder))
		path_add(reading, boot, span_trim(folder));
}

/* VALUE is what kern.module_path is set to besides. */
static void path_compare(struct image_reading *reading, const struct kld_boot *boot,
			 const char *witness, const char *value)
{
	struct kld_boot other = {.directory = NULL};

	paths_add(reading, &other, value);
	if (!strings_same(&other.module_path, &boot->module_path))
		image_unread(reading,
			     "%s: kern.module_path is set to %s, and the boot loader sets it to "
			     "other directories: which the kernel searches is not known",
			     witness, value);
}

/* The boot loader puts the kernel's directory before module_path, whose default is
 * /boot/modules. sysctl(8) sets kern.module_path once the system has started; from 11 on it
 * is a tunable as well (sys/kern/kern_linker.c, CTLFLAG_RWTUN). */
void image_boot_path(struct image_reading *reading, struct kld_boot *boot)
{
	const struct loader_setting *set = loader_conf_get(&reading->loader_conf, "module_path");
	const struct loader_setting *tunable =
		loader_conf_get(&reading->loader_conf, "kern.module_path");
	struct span line, name, value;

	boot->module_path_witness = set ? set->witness : NULL;
	path_add(reading, boot, span_text(boot->directory));
	paths_add(reading, boot, set ? set->value : "/boot/modules");
	if (boot->module_path.count > PATH_MOST)
		image_unread(reading, "%s: module_path names more than %d directories",
			     boot->module_path_witness, PATH_MOST);
	if (set && set->unknown)
		image_unread(reading, "%s: module_path has ${%s}, whose value is not known",
			     set->witness, set->unknown);
	if (tunable)
		path_compare(reading, boot, tunable->witness, tunable->value);
	array_each(file, &reading->files) {
		struct span rest = file->kept == KEPT_SYSCTL ? file->bytes : (struct span){NULL, 0};

		while (span_line(&rest, &line))
			if (sysctl_line(line, &name, &value) && span_is(name, "kern.module_path"))
				path_compare(reading, boot, file->witness,
					     arena_string(reading->arena, value));
	}
	array_each(path, &boot->module_path)
		folder_check(reading, boot, *path);
}

/* ---- modules ---- */

/* What is searched for each of many names. */
struct load_search {
	const struct image_reading *reading;
	const struct kld_boot *boot;
	struct map modules; /* by path: numbers in reading->modules */
	struct map strays; /* by path: modules that were not read */
	const char *packed; /* the last file found with ".bz2", or NULL */
	struct map kernel; /* the interfaces of the kernel */
	/* by "directory/interface": the number of its first row in the hints
	 * of that directory */
	struct map rows;
};

static const char *row_key(const struct load_search *search, const char *directory,
			   const char *name)
{
	return arena_format(search->reading->arena, "%s/%s", directory, name);
}

static struct load_search search_of(const struct image_reading *reading,
				    const struct kld_boot *boot)
{
	struct load_search ret = {.reading = reading, .boot = boot};

	array_each(found, &reading->modules)
		map_put(&ret.modules, reading->arena, found->module.path,
			(uint32_t)(found - reading->modules.list));
	array_each(file, &reading->files)
		if (file->kept == KEPT_STRAY)
			map_put(&ret.strays, reading->arena, image_inner_path(reading, file), 0);
	array_each(version, &boot->interfaces)
		map_put(&ret.kernel, reading->arena, version->name, 0);
	array_each(hints, &boot->hints) {
		if (hints->problem)
			continue;
		array_each(row, hints)
			if (row->type == HINT_VERSION)
				map_put(&ret.rows, reading->arena,
					row_key(&ret, hints->directory, row->name),
					(uint32_t)(row - hints->list));
	}
	return ret;
}

/* Where a file is not there, the boot loader opens the one with ".gz"
 * and unpacks it, or, if it was built with LOADER_BZIP2_SUPPORT, the one
 * with ".bz2" (stand/libsa/bzipfs.c; the default differs from one loader
 * to another: stand/loader.mk). */
static const char *file_lookup(struct load_search *search, const char *path)
{
	struct arena *arena = search->reading->arena;
	const char *const names[] = {path, arena_format(arena, "%s.gz", path)};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint32_t number = map_get(&search->modules, names[i]);

		if (number != MAP_NONE)
			return search->reading->modules.list[number].module.path;
	}

	const char *packed = arena_format(arena, "%s.bz2", path);
	if (map_get(&search->strays, packed) != MAP_NONE)
		search->packed = packed;
	return NULL;
}

static const char *directory_lookup(struct load_search *search, const char *directory,
				    const char *name)
{
	static const char *const ends[] = {".ko", "", ".debug"};
	struct arena *arena = search->reading->arena;
	/* the first row for the interface, whatever its version, names the file */
	uint32_t row = map_get(&search->rows, row_key(search, directory, name));
	const struct kld_hints *hints =
		row == MAP_NONE ? NULL
				: array_find(one, &search->boot->hints,
					     strcmp(one->directory, directory) == 0);

	if (hints && hints->list[row].file)
		return file_lookup(search,
				   arena_format(arena, "%s/%s", directory, hints->list[row].file));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const char *path = file_lookup(
			search, arena_format(arena, "%s/%s%s", directory, name, ends[i]));

		if (path)
			return path;
	}
	return NULL;
}

static const char *load_path(struct load_search *search, const char *name)
{
	if (strchr(name, '/'))
		return file_lookup(search, name + strspn(name, "/"));
	if (map_get(&search->kernel, name) != MAP_NONE)
		return NULL;
	array_each(directory, &search->boot->module_path) {
		const char *path = directory_lookup(search, *directory, name);

		if (path)
			return path;
	}
	return NULL;
}

enum { LOADS_MOST = 1024 };

void image_loads(struct image_reading *reading, struct kld_boot *boot)
{
	struct load_search search = search_of(reading, boot);

	if (boot->loads.count > LOADS_MOST) {
		image_unread(reading, "%s: the boot loader loads more than %d modules",
			     boot->loads.list[LOADS_MOST].witness, LOADS_MOST);
		boot->loads.count = LOADS_MOST;
	}
	array_each(load, &boot->loads) {
		const char *name = load->file ? load->file : load->name;

		search.packed = NULL;
		load->path = load_path(&search, name);
		if (search.packed)
			image_unread(
				reading,
				"%s: whether the boot loader reads /%s is not known (it must be "
				"built with LOADER_BZIP2_SUPPORT), nor what is in it",
				load->witness, search.packed);
		else if (load->path || map_get(&search.kernel, name) != MAP_NONE)
			continue;
		else if (strchr(name, '/') &&
			 map_get(&search.strays, name + strspn(name, "/")) != MAP_NONE)
			image_unread(reading, "%s: the boot loader loads %s, which is not read",
				     load->witness, name);
		else
			image_remark(reading, "%s: %s_load: the boot loader finds no file for %s",
				     load->witness, load->name, name);
	}
}
