/* SPDX-License-Identifier: ISC */
/* Merges what the threads found in an image, chooses the root file system that is
 * judged, lays overlays over it, and sorts the result. */
#include "base/text.h"
#include "facts/image/image_parts.h"
#include "facts/package/package_file.h"

#include <string.h>

/* A directory tree that contains files of a root file system. */
struct root {
	const char *key;
	const char *example; /* the witness of one file in it */
	unsigned volume;
	const char *directory;
	bool modules, database;
	bool aside; /* an overlay: it is mounted over another root */
};

struct roots {
	struct root *list;
	size_t count, room;
	struct map numbers;
};

static int file_compare(const void *a, const void *b)
{
	const struct found_file *left = a, *right = b;
	int order = (left->volume > right->volume) - (left->volume < right->volume);

	if (!order)
		order = strcmp(left->root, right->root);
	return order ? order : strcmp(left->path, right->path);
}

static int found_module_compare(const void *a, const void *b)
{
	const struct found_module *left = a, *right = b;
	int order = (left->volume > right->volume) - (left->volume < right->volume);

	if (!order)
		order = strcmp(left->root, right->root);
	return order ? order : module_compare(&left->module, &right->module);
}

static struct root *root_of(struct arena *arena, struct roots *roots, unsigned volume,
			    const char *directory)
{
	const char *key = arena_format(arena, "%010u %s", volume, directory);
	uint32_t number = map_put(&roots->numbers, arena, key, (uint32_t)roots->count);

	if (number == roots->count)
		*array_add(arena, roots) =
			(struct root){.key = key, .volume = volume, .directory = directory};
	return &roots->list[number];
}

static bool is_upper(const struct root *root)
{
	return strcmp(root->directory, "upper/") == 0;
}

/* The root file systems of what was found. A writable one is mounted over that of the image,
 * if there is one. */
static struct roots roots_find(struct image_reading *reading)
{
	struct roots roots = {.list = NULL};
	bool base = false, below = false;

	array_each(found, &reading->modules) {
		struct root *root = root_of(reading->arena, &roots, found->volume, found->root);

		root->modules = true;
		if (!root->example)
			root->example = found->module.witness;
	}
	array_each(found, &reading->files) {
		enum kept kept = found->kept;

		if (kept == KEPT_STRAY)
			continue;

		struct root *root = root_of(reading->arena, &roots, found->volume, found->root);

		root->database |= kept == KEPT_OPKG_STATUS || kept == KEPT_IPKG_STATUS ||
				  kept == KEPT_DPKG_STATUS || kept == KEPT_APK ||
				  kept == KEPT_CONTROL || kept == KEPT_PKG_DATABASE;
		if (!root->example)
			root->example = found->witness;
	}
	array_each(root, &roots) {
		bool written = image_overlay_of(reading, root->volume) != NULL;

		base |= !written && !is_upper(root) && (root->modules || root->database);
		below |= !is_upper(root) && (root->modules || root->database);
	}
	array_each(root, &roots) {
		const struct overlay *overlay = image_overlay_of(reading, root->volume);

		root->aside = (is_upper(root) && below) ||
			      (overlay && (base || (overlay->has_upper && below)));
	}
	return roots;
}

static bool is_better(const struct root *root, const struct root *best)
{
	if (!best)
		return true;
	if (root->aside != best->aside)
		return !root->aside;
	if (root->modules != best->modules)
		return root->modules;
	if (root->database != best->database)
		return root->database;
	return strcmp(root->key, best->key) < 0;
}

/* The places in FILES and MODULES of those that are in one root. */
struct extent {
	size_t file, file_end;
	size_t module, module_end;
};

static int place_compare(unsigned volume, const char *directory, const struct root *root)
{
	int order = (volume > root->volume) - (volume < root->volume);

	return order ? order : strcmp(directory, root->directory);
}

/* Both lists are sorted by root. An image may have as many roots as files: nothing is
 * walked that is not in ROOT. */
static struct extent extent_of(const struct image_reading *reading, const struct root *root)
{
	const struct found_files *files = &reading->files;
	const struct found_modules *modules = &reading->modules;

	size_t file_from =
		array_lower(file, files, place_compare(file->volume, file->root, root) < 0);
	size_t file_end =
		array_lower(file, files, place_compare(file->volume, file->root, root) <= 0);
	size_t module_from =
		array_lower(found, modules, place_compare(found->volume, found->root, root) < 0);
	size_t module_end =
		array_lower(found, modules, place_compare(found->volume, found->root, root) <= 0);

	return (struct extent){file_from, file_end, module_from, module_end};
}

/* True if two slots have the same contents, as far as they are read. */
static bool roots_same(const struct image_reading *reading, const struct root *a,
		       const struct root *b)
{
	struct extent x = extent_of(reading, a), y = extent_of(reading, b);

	if (x.file_end - x.file != y.file_end - y.file ||
	    x.module_end - x.module != y.module_end - y.module)
		return false;
	while (x.file < x.file_end) {
		const struct found_file *left = &reading->files.list[x.file++];
		const struct found_file *right = &reading->files.list[y.file++];

		if (left->kept != right->kept || left->size != right->size ||
		    strcmp(left->path + strlen(left->root), right->path + strlen(right->root)) !=
			    0 ||
		    !span_equal(left->bytes, right->bytes) ||
		    !text_same(left->target, right->target))
			return false;
	}
	while (x.module < x.module_end) {
		const struct module *left = &reading->modules.list[x.module++].module;
		const struct module *right = &reading->modules.list[y.module++].module;

		if (left->size != right->size || !sha256_equal(&left->sections, &right->sections) ||
		    strcmp(left->path + strlen(a->directory), right->path + strlen(b->directory)) !=
			    0 ||
		    !text_same(left->problem, right->problem))
			return false;
	}
	return true;
}

/* True if OpenWrt's build made BEST out of ROOT: "root-ath79/" beside "root.orig-ath79/"
 * (rules.mk, TARGET_DIR_ORIG). */
static bool is_original(const struct root *root, const struct root *best)
{
	const char *original = strstr(root->directory, "root.orig-");
	size_t before = original ? (size_t)(original - root->directory) : 0;

	return original && strncmp(best->directory, root->directory, before) == 0 &&
	       strncmp(best->directory + before, "root-", 5) == 0 &&
	       strcmp(best->directory + before + 5, original + 10) == 0;
}

/* Notes a root file system that is as good as BEST and has other contents. What is in
 * distribution sets of FreeBSD is there to be installed. */
static void rival_note(struct image_reading *reading, const struct root *root,
		       const struct root *best)
{
	struct extent extent = extent_of(reading, root);
	struct rival_root *rival;

	if (root->database != best->database || reading->modules.list[extent.module].set.path ||
	    is_original(root, best) || roots_same(reading, root, best))
		return;
	rival = array_add(reading->arena, &reading->rivals);
	*rival = (struct rival_root){.best = best->example, .example = root->example};
	for (size_t i = extent.module; i < extent.module_end; i++)
		*array_add(reading->arena, &rival->releases) = arena_string(
			reading->arena, path_release(reading->modules.list[i].module.path));
}

void image_roots_doubt(struct image_reading *reading)
{
	struct image *image = reading->image;
	const char *release = image->release.value;
	const struct rival_root *rival = array_find(root, &reading->rivals,
						    image->loader == LOADER_FREEBSD || !release ||
							    strings_have(&root->releases, release));

	if (!rival || image->kernel_doubt)
		return;
	image->kernel_doubt = arena_format(
		reading->arena,
		"nothing shows which root file system runs: that of %s, or the other one, of %s",
		rival->best, rival->example);
}

/* COUNT gets the number of root file systems with modules among which the user can choose. */
static const struct root *root_choose(struct image_reading *reading, const struct roots *roots,
				      unsigned *count)
{
	const struct root *best = NULL;

	*count = 0;
	array_each(root, roots)
		if (root->modules && !root->aside && ++*count == reading->options->part)
			best = root;
	if (!best)
		array_each(root, roots)
			if (is_better(root, best))
				best = root;
	array_each(root, roots) {
		reading->roots += root->modules;
		if (root == best && root->modules)
			reading->root_part = reading->roots;
	}
	array_each(root, roots)
		if (root != best && root->modules && !root->aside) {
			image_remark(reading,
				     "a second root file system with modules is ignored: %s",
				     root->example);
			if (reading->options->part == 0)
				rival_note(reading, root, best);
		}
	return best;
}

static bool is_kept(struct image_reading *reading, struct roots *roots,
		    const struct found_file *file, const struct root *best)
{
	/* a stray module belongs to the root file system in whose directory it is */
	if (file->kept == KEPT_STRAY)
		return best && file->volume == best->volume &&
		       text_after(file->path, best->directory);
	/* files beside the kernel, outside any root file system, always belong to the chosen
	 * root */
	if (file->kept == KEPT_CONFIG || file->kept == KEPT_SYMVERS || file->kept == KEPT_KERNEL ||
	    file->kept == KEPT_COMMAND_LINE)
		return true;
	return root_of(reading->arena, roots, file->volume, file->root) == best;
}

/* An ext file system may contain an overlay, too, but its whiteouts are not read. */
static void overlays_lay(struct image_reading *reading, const struct roots *roots,
			 const struct root *best)
{
	if (!best)
		return;
	array_each(root, roots)
		if (root->aside && !image_overlay_of(reading, root->volume))
			image_unread(reading,
				     "%s: an overlay in a file system in which whiteouts are not "
				     "supported",
				     root->example);
	if (is_upper(best))
		image_unread(reading, "%s: an overlay without its root file system", best->example);
	image_overlay(reading, best->volume, best->directory,
		      array_count(root, roots, !root->aside && root->modules));
}

static void found_sort(struct image_reading *reading)
{
	array_sort(&reading->files, file_compare);
	array_sort(&reading->modules, found_module_compare);
}

static void boot_note(struct arena *arena, struct map *boots, unsigned volume, const char *path,
		      bool bare)
{
	if (!bare && strncmp(path, "boot/", strlen("boot/")) == 0)
		map_put(boots, arena, arena_format(arena, "%u", volume), 0);
}

static bool has_boot(struct arena *arena, const struct map *boots, unsigned volume)
{
	return map_get(boots, arena_format(arena, "%u", volume)) != MAP_NONE;
}

/* An input that has a directory boot is not that directory itself: modules/x.ko at its top
 * is a file that no loader finds by name. */
static void bare_settle(struct image_reading *reading)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct map boots = {0}; /* the volumes that have a directory boot */

	array_each(file, &reading->files)
		boot_note(&scratch, &boots, file->volume, file->path, file->bare);
	array_each(found, &reading->modules)
		boot_note(&scratch, &boots, found->volume, found->module.path, found->bare);
	array_each(kernel, &reading->found_kernels)
		if (kernel->path)
			boot_note(&scratch, &boots, kernel->volume, kernel->path, kernel->bare);
	array_each(found, &reading->modules)
		if (found->bare && has_boot(&scratch, &boots, found->volume))
			*array_add(reading->arena, &reading->files) =
				(struct found_file){.kept = KEPT_STRAY,
						    .path = found->module.path + strlen("boot/"),
						    .witness = found->module.witness,
						    .root = "",
						    .volume = found->volume,
						    .set = found->set};
	array_each(kernel, &reading->found_kernels)
		if (kernel->bare && has_boot(&scratch, &boots, kernel->volume))
			kernel->path += strlen("boot/");
	array_drop(found, &reading->modules,
		   found->bare && has_boot(&scratch, &boots, found->volume));
	array_drop(file, &reading->files, file->bare && has_boot(&scratch, &boots, file->volume));
}

bool image_merge(struct image_reading *reading, struct error *error)
{
	struct found_files *lists[] = {&reading->files, &reading->links};
	unsigned count, part = reading->options->part;

	for (size_t i = 0; i < POOL_MOST; i++) {
		array_each(found, &reading->workers[i].files)
			*array_add(reading->arena, lists[found->kept == KEPT_LINK]) = *found;
		array_append(reading->arena, &reading->modules, &reading->workers[i].modules);
	}
	bare_settle(reading);
	found_sort(reading);
	image_overlays(reading);

	struct roots roots = roots_find(reading);
	const struct root *best = root_choose(reading, &roots, &count);

	overlays_lay(reading, &roots, best);
	found_sort(reading);
	array_drop(found, &reading->modules,
		   root_of(reading->arena, &roots, found->volume, found->root) != best);
	array_drop(found, &reading->files, !is_kept(reading, &roots, found, best));
	reading->root = best ? best->directory : "";
	reading->root_volume = best ? best->volume : 0;
	image_follow(reading);
	array_each(found, &reading->modules)
		*array_add(reading->arena, &reading->image->modules) = found->module;
	if (part > count && part > reading->kernels)
		return fail(
			error,
			"%s: no part %u: it has %u kernels and %u root file systems with modules",
			reading->image->source, part, reading->kernels, count);
	return true;
}
