/* SPDX-License-Identifier: ISC */
/* Follows the links that an image of FreeBSD has in place of modules. */
#include "facts/image/image_boot.h"
#include "facts/package/package_file.h"
#include "unpack/reader.h"

#include <string.h>

enum { LINKS_MOST = 32 }; /* as the kernel follows: MAXSYMLINKS (sys/sys/param.h) */

/* What is known of the files of the image, by their paths below its root. */
struct link_files {
	struct map links; /* numbers in reading->files */
	struct map modules; /* numbers in reading->modules */
	struct map strays; /* modules that were not read */
};

const char *image_link_names(const struct image_reading *reading, const struct found_file *link)
{
	const char *path = image_inner_path(reading, link), *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) : 0;
	bool leaves;
	const char *text = link->target[0] == '/' ? link->target
						  : arena_format(reading->arena, "%.*s/%s", folder,
								 path, link->target);

	return path_resolve(reading->arena, span_text(text), &leaves);
}

static struct link_files files_of(const struct image_reading *reading)
{
	struct link_files ret = {.links = {0}};

	array_each(found, &reading->modules)
		map_put(&ret.modules, reading->arena, found->module.path,
			(uint32_t)(found - reading->modules.list));
	array_each(file, &reading->files) {
		uint32_t number = (uint32_t)(file - reading->files.list);

		if ((file->kept == KEPT_MODULE || file->kept == KEPT_FOLDER) && file->target)
			map_put(&ret.links, reading->arena, image_inner_path(reading, file),
				number);
		if (file->kept == KEPT_STRAY)
			map_put(&ret.strays, reading->arena, image_inner_path(reading, file),
				number);
	}
	return ret;
}

/* The path with the first link to a directory below boot replaced, or NULL:
 * there is none. */
static const char *folder_replace(const struct image_reading *reading,
				  const struct link_files *files, const char *path)
{
	struct span folder = boot_folder(path);

	if (folder.size == 0)
		return NULL;

	uint32_t number = map_get(&files->links, arena_string(reading->arena, folder));

	if (number == MAP_NONE)
		return NULL;

	const char *named = image_link_names(reading, &reading->files.list[number]);

	return named ? arena_format(reading->arena, "%s%s", named,
				    (const char *)folder.data + folder.size)
		     : NULL;
}

/* The path that LINK leads to in the end; NULL: to itself, or through
 * too many links. */
static const char *link_end(const struct image_reading *reading, const struct link_files *files,
			    const struct found_file *link)
{
	const char *path = image_link_names(reading, link);

	for (unsigned i = 0; path && i < LINKS_MOST; i++) {
		uint32_t next = map_get(&files->links, path);
		const char *replaced =
			next != MAP_NONE ? image_link_names(reading, &reading->files.list[next])
					 : folder_replace(reading, files, path);

		if (!replaced)
			return path;
		path = replaced;
	}
	return NULL;
}

/* A file with the name of a module would be in one of the maps. */
static bool is_absent(const struct link_files *files, const char *path)
{
	return !path || (module_is_path(path) && map_get(&files->strays, path) == MAP_NONE);
}

static void module_copy(const struct image_reading *reading, const struct found_file *link,
			uint32_t target, struct found_modules *ret)
{
	struct found_module *copy = array_add(reading->arena, ret);

	*copy = reading->modules.list[target];
	copy->module.path = image_inner_path(reading, link);
	copy->module.witness = link->witness;
	copy->module.name = kld_name_of_path(reading->arena, link->path);
}

void image_links(struct image_reading *reading, struct kld_boot *boot)
{
	struct link_files files = files_of(reading);
	struct found_modules added = {0};

	array_each(link, &reading->files) {
		if (link->kept != KEPT_MODULE || !link->target ||
		    !image_boot_searched(boot, image_inner_path(reading, link)))
			continue;

		const char *end = link_end(reading, &files, link);
		uint32_t target = end ? map_get(&files.modules, end) : MAP_NONE;

		if (target != MAP_NONE)
			module_copy(reading, link, target, &added);
		else if (is_absent(&files, end))
			*array_add(reading->arena, &boot->broken) = (struct kld_link){
				image_inner_path(reading, link), link->target, link->witness};
		else
			image_unread(reading, "%s: a link to %s, which is not read", link->witness,
				     link->target);
	}
	array_each(found, &added)
		*array_add(reading->arena, &reading->modules) = *found;
}
