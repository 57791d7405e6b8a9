#include "facts/image_parts.h"
#include "facts/package_file.h"

#include <string.h>

/* One directory tree with the things of a root file system in it. */
struct root {
	const char *key;
	const char *example; /* witness of one thing in it */
	bool modules, database;
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

static struct root *root_of(struct arena *arena, struct roots *roots, unsigned volume, const char *directory)
{
	const char *key = arena_format(arena, "%010u %s", volume, directory);
	uint32_t number = map_put(&roots->numbers, arena, key, (uint32_t)roots->count);

	if (number == roots->count)
		array_add(arena, roots)->key = key;
	return &roots->list[number];
}

static bool is_database(enum kept kept)
{
	return kept == KEPT_OPKG_STATUS || kept == KEPT_IPKG_STATUS || kept == KEPT_DPKG_STATUS || kept == KEPT_APK ||
	       kept == KEPT_CONTROL;
}

static void roots_collect(struct image_reading *reading, struct roots *roots)
{
	array_each(found, &reading->modules) {
		struct root *root = root_of(reading->arena, roots, found->volume, found->root);

		root->modules = true;
		if (!root->example)
			root->example = found->module.witness;
	}
	array_each(found, &reading->files) {
		struct root *root = root_of(reading->arena, roots, found->volume, found->root);

		root->database |= is_database(found->kept);
		if (!root->example)
			root->example = found->witness;
	}
}

static bool is_better(const struct root *root, const struct root *best)
{
	if (!best)
		return true;
	if (root->modules != best->modules)
		return root->modules;
	if (root->database != best->database)
		return root->database;
	return strcmp(root->key, best->key) < 0;
}

/* That of the part asked for, where each part has one of its own. */
static const struct root *root_of_part(const struct roots *roots, unsigned part, unsigned *count)
{
	const struct root *found = NULL;

	*count = 0;
	array_each(root, roots)
		if (root->modules && ++*count == part)
			found = root;
	return found;
}

static const struct root *root_choose(struct image_reading *reading, const struct roots *roots, unsigned *count)
{
	const struct root *best = root_of_part(roots, reading->options->part, count);

	if (!best)
		array_each(root, roots)
			if (is_better(root, best))
				best = root;
	array_each(root, roots)
		if (root != best && root->modules)
			image_remark(reading, "a second root file system with modules is not looked at: %s",
				     root->example);
	return best;
}

static bool part_check(struct image_reading *reading, unsigned roots, struct error *error)
{
	unsigned most = reading->kernels > roots ? reading->kernels : roots, part = reading->options->part;
	struct image *image = reading->image;

	if (part > most)
		return fail(error, "%s: there is no part %u: it has %u kernels and %u root file systems with modules",
			    image->source, part, reading->kernels, roots);
	if (image->kernel && image->other_kernels.count > 0)
		image_remark(reading, "%u kernels: number %u is judged by, %s; --image-part takes another: %s",
			     reading->kernels, reading->kernel_part, image->kernel_witness,
			     strings_join(reading->arena, &image->other_kernels, 8));
	return true;
}

/* What lies beside the kernel, not in a root file system, belongs to whichever is judged. */
static bool is_beside(const struct found_file *file)
{
	return file->kept == KEPT_CONFIG || file->kept == KEPT_SYMVERS || file->kept == KEPT_KERNEL;
}

static void keep_root(struct image_reading *reading, struct roots *roots, const struct root *best)
{
	size_t kept = 0;

	array_each(found, &reading->modules)
		if (root_of(reading->arena, roots, found->volume, found->root) == best)
			reading->modules.list[kept++] = *found;
	reading->modules.count = kept;
	kept = 0;
	array_each(found, &reading->files)
		if (is_beside(found) || root_of(reading->arena, roots, found->volume, found->root) == best)
			reading->files.list[kept++] = *found;
	reading->files.count = kept;
}

bool image_merge(struct image_reading *reading, struct error *error)
{
	struct roots roots = {0};
	unsigned count;

	for (size_t i = 0; i < POOL_MOST; i++) {
		array_each(found, &reading->workers[i].files)
			*array_add(reading->arena, &reading->files) = *found;
		array_each(found, &reading->workers[i].modules)
			*array_add(reading->arena, &reading->modules) = *found;
	}
	array_sort(&reading->files, file_compare);
	array_sort(&reading->modules, found_module_compare);
	roots_collect(reading, &roots);
	keep_root(reading, &roots, root_choose(reading, &roots, &count));
	array_each(found, &reading->modules)
		*array_add(reading->arena, &reading->image->modules) = found->module;
	return part_check(reading, count, error);
}
