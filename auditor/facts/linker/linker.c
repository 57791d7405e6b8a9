/* SPDX-License-Identifier: ISC */
/* Makes the index of files and interfaces in which the kernel linker
 * of FreeBSD searches. */
#include "facts/linker/linker_session.h"

#include "base/text.h"

#include <string.h>

uint32_t linker_directory(const struct strings *path, const struct module *module,
			  const struct package *package)
{
	const char *path_given = text_or_empty(module->path);
	const char *own = path_given + strspn(path_given, "/");
	const char *base = path_last(own);

	if (package && package->origin == PACKAGE_BARE_MODULE)
		return path->count > 0 ? (uint32_t)path->count - 1 : LINKER_ELSEWHERE;
	for (size_t i = 0; i < path->count; i++) {
		size_t size = strlen(path->list[i]);

		if (strncmp(own, path->list[i], size) == 0 && own[size] == '/' &&
		    own + size + 1 == base)
			return (uint32_t)i;
	}
	return LINKER_ELSEWHERE;
}

static const char *path_of(const struct linker_file *file)
{
	return text_or_empty(file->module->path);
}

static int file_compare(const void *a, const void *b)
{
	const struct linker_file *x = a, *y = b;

	if (x->directory != y->directory)
		return x->directory < y->directory ? -1 : 1;

	int order = strcmp(x->base, y->base);
	if (order)
		return order;
	if (x->who != y->who)
		return x->who < y->who ? -1 : 1;
	order = strcmp(path_of(x), path_of(y));
	return order ? order : strcmp(x->module->witness, y->module->witness);
}

static int row_compare(const void *a, const void *b)
{
	const struct linker_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static void rows_add(struct arena *arena, struct linker_rows *rows,
		     const struct kld_versions *versions, uint32_t file)
{
	for (uint32_t i = 0; i < versions->count; i++)
		*array_add(arena, rows) = (struct linker_row){versions->list[i].name,
							      versions->list[i].version, file, i};
}

struct linker *linker_new(struct arena *arena, const struct image *image,
			  const struct linker_files *files)
{
	struct linker *linker = arena_new(arena, struct linker);
	const struct kld_boot *boot = image->boot;

	linker->image = image;
	if (boot) {
		linker->path = boot->module_path;
		rows_add(arena, &linker->kernel, &boot->interfaces, 0);
		array_sort(&linker->kernel, row_compare);
	}
	linker->hints = arena_get(arena, (linker->path.count + 1) * sizeof *linker->hints);
	for (size_t i = 0; boot && i < linker->path.count; i++)
		array_each(hints, &boot->hints)
			if (hints->directory && (!hints->problem || hints->torn) &&
			    strcmp(hints->directory, linker->path.list[i]) == 0)
				linker->hints[i] = hints;
	array_each(given, files) {
		struct linker_file *file = array_add(arena, &linker->files);

		*file = *given;
		file->base = path_last(path_of(given));
		file->directory = linker_directory(&linker->path, given->module, given->package);
	}
	array_sort(&linker->files, file_compare);
	for (uint32_t i = 0; i < linker->files.count; i++) {
		const struct module *module = linker->files.list[i].module;

		if (!module->problem && module->kld && module->kld->set == KLD_SET_FOUND)
			rows_add(arena, &linker->rows, &module->kld->versions, i);
	}
	array_sort(&linker->rows, row_compare);
	linker_boot(arena, linker);
	return linker;
}

const struct linker_row *linker_named(const struct linker_rows *rows, const char *name,
				      size_t *count)
{
	size_t low = array_lower(row, rows, strcmp(row->name, name) < 0), high;

	for (high = low; high < rows->count && strcmp(rows->list[high].name, name) == 0;)
		high++;
	*count = high - low;
	return array_from(rows, low);
}

static int based_compare(const struct linker_file *file, uint32_t directory, const char *base)
{
	if (file->directory != directory)
		return file->directory < directory ? -1 : 1;
	return strcmp(file->base, base);
}

const struct linker_file *linker_based(const struct linker *linker, uint32_t directory,
				       const char *base, size_t *count)
{
	const struct linker_files *files = &linker->files;
	size_t low = array_lower(file, files, based_compare(file, directory, base) < 0), high;

	for (high = low;
	     high < files->count && based_compare(&files->list[high], directory, base) == 0;)
		high++;
	*count = high - low;
	return array_from(files, low);
}

/* 10.4 does not make it, 12.0 does; of what lies between no source was read. */
enum { FILE_SYMBOL_NONE = 1100000, FILE_SYMBOL_MADE = 1200086 };

static bool is_file_symbol(const struct import *import)
{
	return strcmp(import->name, "__this_linker_file") == 0;
}

static int32_t osreldate_of(const struct image *image)
{
	return image->boot ? image->boot->osreldate : 0;
}

bool linker_makes(const struct image *image, const struct module *module,
		  const struct import *import)
{
	return (is_file_symbol(import) && osreldate_of(image) >= FILE_SYMBOL_MADE) ||
	       exports_find(&module->exports, import->name);
}

bool linker_may_make(const struct image *image, const struct import *import)
{
	int32_t version = osreldate_of(image);

	return is_file_symbol(import) && (version == 0 || version >= FILE_SYMBOL_NONE);
}
