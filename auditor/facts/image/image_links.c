/* SPDX-License-Identifier: ISC */
/* Follows the links of an image: those to modules and to orders of the module loader, and those
 * that FreeBSD has in place of modules. */
#include "base/text.h"
#include "facts/image/image_boot.h"
#include "facts/package/package_file.h"
#include "facts/paths/path_links.h"
#include "unpack/reader.h"

#include <string.h>

/* ---- links of Linux ---- */

/* Reading a name compares it with all of them. */
enum { LOOKED_MOST = 256 };

/* What is looked for in the image a second time. */
struct looking {
	struct image_reading *reading;
	struct path_aliases aliases;
	const char *place; /* what witnesses in the root file system begin with */
	struct map read; /* paths of files that were read */
	struct image_worker *worker;
	bool changed; /* the file is another one than before */
};

/* The links of an overlay are not laid over the root file system. */
static void overlaid_note(struct image_reading *reading, const struct found_file *link)
{
	const struct overlay *overlay = image_overlay_of(reading, link->volume);
	const char *path = overlay && link->volume != reading->root_volume
				   ? text_after(link->path, overlay->above)
				   : NULL;

	if (path && path_decides(path) != KEPT_NOTHING &&
	    !text_same(link->target, "(overlay-whiteout)"))
		image_unread(reading, "%s: a link to %s in an overlay, which is not followed",
			     link->witness, link->target);
}

static void link_add(struct image_reading *reading, const struct found_file *link,
		     struct path_links *ret)
{
	const char *path = text_after(link->path, reading->root);

	if (path && link->target && link->volume == reading->root_volume && !link->bare)
		*array_add(reading->arena, ret) =
			(struct path_link){path, link->target, link->witness};
}

/* True if the file END counts already as what it is at PATH. */
static bool is_counted(const char *path, const char *end)
{
	enum kept kept = path_decides(path);

	if (kept == KEPT_MODULE && (!span_equal(path_release(path), path_release(end)) ||
				    strcmp(path_last(path), path_last(end)) != 0))
		return false;
	return kept == path_decides(end);
}

/* Adds the module NUMBER to RET under another PATH. */
static void module_again(const struct image_reading *reading, uint32_t number, const char *path,
			 const char *name, const char *witness, struct found_modules *ret)
{
	struct found_module again = reading->modules.list[number];

	again.module.path = path;
	again.module.name = name;
	again.module.witness = witness;
	*array_add(reading->arena, ret) = again;
}

/* Drops the aliases of files that were read; modules count under the path of
 * the alias as well. */
static void aliases_known(struct image_reading *reading, struct path_aliases *aliases)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct map modules = {0}, files = {0};
	size_t kept = 0;

	array_each(found, &reading->modules)
		map_put(&modules, &scratch, found->module.path + strlen(reading->root),
			(uint32_t)(found - reading->modules.list));
	array_each(file, &reading->files)
		if (!file->target && text_after(file->path, reading->root))
			map_put(&files, &scratch, text_after(file->path, reading->root), 0);
	array_each(alias, aliases) {
		uint32_t module = map_get(&modules, alias->end);
		bool counted = is_counted(alias->path, alias->end);

		if (module != MAP_NONE && !counted && path_decides(alias->path) == KEPT_MODULE)
			module_again(
				reading, module,
				arena_format(reading->arena, "%s%s", reading->root, alias->path),
				module_name_of_path(reading->arena, alias->path),
				alias->link->witness, &reading->modules);
		else if (!counted ||
			 (module == MAP_NONE && map_get(&files, alias->end) == MAP_NONE))
			aliases->list[kept++] = *alias;
	}
	aliases->count = kept;
}

static const char *alias_wanted(struct arena *arena, const struct looking *looking, size_t number,
				const char *path)
{
	const char *inside = text_after(path, looking->reading->root);
	const char *ret =
		inside ? path_alias_of(arena, &looking->aliases.list[number], inside) : NULL;

	return ret && path_decides(ret) != KEPT_NOTHING && !is_counted(ret, inside) ? ret : NULL;
}

static enum want look_want(void *context, const char *path, uint64_t size, enum part part)
{
	_cleanup_arena_ struct arena scratch = {0};
	const struct looking *looking = context;
	enum want want = image_want(NULL, path, size, part);

	if (want == WANT_OPEN || text_ends(path, "/"))
		return want;
	for (size_t i = 0; i < looking->aliases.count; i++) {
		const char *alias = alias_wanted(&scratch, looking, i, path);

		if (alias)
			return kept_want(path_decides(alias), size);
	}
	return WANT_NOTHING;
}

static bool look_entry(void *context, const struct entry *entry, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct looking *looking = context;
	const char *root = looking->reading->root;
	const char *witness = arena_format(&scratch, "%s%s", looking->place, entry->path);

	(void)error;
	if (entry->kind != ENTRY_FILE || strcmp(entry->witness, witness) != 0)
		return true;
	for (size_t i = 0; i < looking->aliases.count; i++) {
		const char *alias = alias_wanted(&scratch, looking, i, entry->path);
		struct entry found = *entry;

		if (!alias)
			continue;
		found.path = arena_format(&scratch, "%s%s", root, alias);
		found.witness = arena_format(&scratch, "%s%s", looking->place, found.path);
		found.volume = looking->reading->root_volume;
		map_put(&looking->read, looking->reading->arena,
			arena_string(looking->reading->arena, span_text(entry->path)), 0);
		if (path_decides(alias) == KEPT_MODULE)
			image_module_found(looking->worker, &found, strlen(root), false);
		else
			image_file_found(looking->worker, &found, path_decides(alias), strlen(root),
					 false);
	}
	return true;
}

/* What is read again must be what was read before. */
static bool look_whole(void *context, struct span bytes)
{
	struct looking *looking = context;
	const struct sha256 digest = sha256_of(bytes);

	looking->changed = looking->reading->image->sha256 &&
			   !sha256_equal(&digest, &looking->reading->digest);
	return !looking->changed;
}

/* Reads the files that the aliases lead to. A link that leads nowhere is none. */
static void look_again(struct looking *looking)
{
	struct image_reading *reading = looking->reading;
	struct image_worker *worker = arena_new(reading->arena, struct image_worker);
	const char *local = reading->options->local;
	struct visitor visitor = {.context = looking,
				  .want = look_want,
				  .entry = look_entry,
				  .whole = look_whole,
				  .threads = 1};
	struct error error = {.text = ""};
	bool ok;

	looking->worker = worker;
	ok = unpack_named(local ? local : reading->image->source, reading->image->source, &visitor,
			  &error);
	if (looking->changed)
		image_unread(reading, "%s: it changed while it was read", reading->image->source);
	else if (!ok)
		image_unread(reading, "%s: a link to %s, which cannot be read: %s",
			     looking->aliases.list[0].link->witness,
			     looking->aliases.list[0].link->target, error.text);
	arena_adopt(reading->arena, &worker->arena);
	arena_free(&worker->scratch);
	array_append(reading->arena, &reading->files, &worker->files);
	array_append(reading->arena, &reading->modules, &worker->modules);
	array_drop(file, &reading->files,
		   file->kept == KEPT_STRAY && map_get(&looking->read, file->path) != MAP_NONE);
}

void image_follow(struct image_reading *reading)
{
	struct looking looking = {.reading = reading};
	struct path_aliases *aliases = &looking.aliases;
	struct path_links links = {.list = NULL};

	array_each(link, &reading->links)
		overlaid_note(reading, link);
	array_each(link, &reading->links)
		link_add(reading, link, &links);
	array_each(link, &reading->files)
		link_add(reading, link, &links);
	path_links_sort(&links);
	path_aliases_find(reading->arena, &links, aliases);
	aliases_known(reading, aliases);
	if (aliases->count == 0)
		return;

	const struct path_link *link = aliases->list[0].link;
	size_t path = strlen(link->path) + strlen(reading->root), whole = strlen(link->witness);

	if (reading->overlays.count > 0 || aliases->cut || aliases->count > LOOKED_MOST ||
	    whole < path || !text_ends(link->witness, link->path)) {
		image_unread(
			reading,
			"%s: a link to %s, which is not followed, because %s: what is there may "
			"be modules, or orders of the module loader",
			link->witness, link->target,
			reading->overlays.count > 0 ? "an overlay may change it"
						    : "there are too many links");
		return;
	}
	looking.place = arena_string(reading->arena, span_from(link->witness, whole - path));
	look_again(&looking);
}

/* ---- links of FreeBSD ---- */

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
			module_again(reading, target, image_inner_path(reading, link),
				     kld_name_of_path(reading->arena, link->path), link->witness,
				     &added);
		/* a file with the name of a module would be in one of the maps */
		else if (!end || (module_is_path(end) && map_get(&files.strays, end) == MAP_NONE))
			*array_add(reading->arena, &boot->broken) = (struct kld_link){
				image_inner_path(reading, link), link->target, link->witness};
		else
			image_unread(reading, "%s: a link to %s, which is not read", link->witness,
				     link->target);
	}
	array_each(found, &added)
		*array_add(reading->arena, &reading->modules) = *found;
}
