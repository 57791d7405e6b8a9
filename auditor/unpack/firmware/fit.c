/* SPDX-License-Identifier: ISC */
/* Reads FIT images with libfdt, checks their hashes, and opens kernel, ramdisk and root
 * file system (format: U-Boot doc/usage/fit/source_file_format.rst). */
#include "base/array.h"
#include "base/digest.h"
#include "unpack/firmware/flash.h"
#include "unpack/firmware/payload.h"

#include <libfdt.h>
#include <limits.h>
#include <string.h>

/* FIT (U-Boot doc/usage/fit/source_file_format.rst): a flattened device tree, big-endian
 * d00dfeed at 0, its size at 4, with
 *
 *   /images/NAME          type, arch, compression, and one of
 *                         data                       the bytes, inside the tree
 *                         data-size, data-offset     after the tree, from its end rounded up to 4
 *                         data-size, data-position   from the start of the image
 *     hash-N              algo (crc32, md5, sha1, sha256, ...), value
 *   /configurations       default = NAME
 *     NAME                kernel, ramdisk, loadables: names of images
 *
 * OpenWrt's scripts/mkits.sh adds the root file system as a loadable of type filesystem, or
 * appends it after the tree. */
struct fit {
	const struct place *place;
	struct span bytes;
	const void *tree;
	int images, config;
	uint64_t end; /* the end of the tree and all data after it */
	unsigned roots;
	bool spare; /* what is opened now belongs to other configurations than the default */
	struct {
		int *list;
		size_t count, room;
	} opened; /* nodes of images */
};

static bool fit_tree(struct arena *scratch, struct span bytes, const void **ret, uint64_t *ret_size)
{
	/* mkimage writes 17. Nodes of versions before 16 are named by paths, and where the
	 * root is not, fdt_check_full() of libfdt 1.6.1 reads a null pointer. */
	enum { VERSION_LEAST = 16 };
	uint32_t size, version;
	struct span tree;

	if (!span_has(bytes, 0, TREE_MAGIC) || !span_u32(bytes, 4, ENDIAN_BIG, &size) ||
	    !span_u32(bytes, 20, ENDIAN_BIG, &version) || version < VERSION_LEAST ||
	    !span_cut(bytes, 0, size, &tree) || size > INT_MAX)
		return false;
	/* libfdt reads words in place */
	if ((uintptr_t)tree.data % 8 != 0)
		tree = arena_copy(scratch, tree);
	if (fdt_check_full(tree.data, tree.size) != 0 || fdt_path_offset(tree.data, "/images") < 0)
		return false;
	*ret = tree.data;
	*ret_size = size;
	return true;
}

static bool fit_probe(struct span bytes)
{
	_cleanup_arena_ struct arena scratch = {0};
	const void *tree;
	uint64_t size;

	return fit_tree(&scratch, bytes, &tree, &size);
}

/* A property that is a string, or NULL. */
static const char *fit_text(const struct fit *fit, int node, const char *name)
{
	int size;
	const char *text = fdt_getprop(fit->tree, node, name, &size);

	return text && size > 0 && memchr(text, 0, (size_t)size) ? text : NULL;
}

static bool fit_number(const struct fit *fit, int node, const char *name, uint64_t *ret)
{
	int size;
	const void *value = fdt_getprop(fit->tree, node, name, &size);

	return value && (size == 4 || size == 8) &&
	       span_word(span_from(value, (size_t)size), 0, (unsigned)size, ENDIAN_BIG, ret);
}

static bool image_data(struct fit *fit, int node, struct span *ret, uint64_t *ret_at,
		       struct error *error)
{
	uint64_t size, at;
	int length;
	const uint8_t *data = fdt_getprop(fit->tree, node, "data", &length);

	if (data && length >= 0) {
		at = (uint64_t)(data - (const uint8_t *)fit->tree);
		size = (uint64_t)length;
	} else if (!fit_number(fit, node, "data-size", &size)) {
		return fail(error, "it has neither data nor data-size");
	} else if (fit_number(fit, node, "data-offset", &at)) {
		at += (fdt_totalsize(fit->tree) + 3ull) / 4 * 4;
	} else if (!fit_number(fit, node, "data-position", &at)) {
		return fail(error, "it has a size, but neither data-offset nor data-position");
	}
	if (!span_cut(fit->bytes, at, size, ret))
		return fail(error, "%llu bytes at 0x%llx reach beyond the end: truncated",
			    (unsigned long long)size, (unsigned long long)at);
	*ret_at = at;
	if (at + size > fit->end)
		fit->end = at + size;
	return true;
}

/* Every hash whose algorithm is known must match. */
static bool hashes_check(const struct fit *fit, int node, struct span data, struct error *error)
{
	int child;

	fdt_for_each_subnode(child, fit->tree, node) {
		const char *name = fdt_get_name(fit->tree, child, NULL),
			   *algorithm = fit_text(fit, child, "algo");
		uint8_t digest[DIGEST_MOST];
		size_t size;
		int length;
		const uint8_t *value = fdt_getprop(fit->tree, child, "value", &length);

		if (!name || strncmp(name, "hash", 4) != 0 || !algorithm || !value || length < 0)
			continue;
		if (!digest_named(algorithm, data, digest, &size))
			continue;
		if ((size_t)length != size || memcmp(digest, value, size) != 0)
			return fail(error, "%s differs from the hash in the image: data corrupted",
				    algorithm);
	}
	return true;
}

static bool fit_image_open(struct fit *fit, const char *name, struct error *error)
{
	const struct place *place = fit->place;
	int node = name ? fdt_subnode_offset(fit->tree, fit->images, name) : -1;
	const char *what = arena_format(place->scratch, "image %s", name ? name : "");
	const char *type = node < 0 ? NULL : fit_text(fit, node, "type");
	struct place inner;
	struct span data;
	uint64_t at = 0, used;
	bool found = true;

	if (node < 0)
		return fail(error, "%s: the configuration refers to it, but it does not exist",
			    what);
	*array_add(place->scratch, &fit->opened) = node;
	if (!image_data(fit, node, &data, &at, error) || !hashes_check(fit, node, data, error))
		return within(error, "%s", what);
	place_layout(place, at, data.size, "fit-image",
		     arena_format(place->scratch, "%s, %s", name, type ? type : "no type"));
	if (!place_enter(place, at, what, &inner, error))
		return false;
	inner.spare |= fit->spare;
	if (type && (strcmp(type, "filesystem") == 0 || strcmp(type, "ramdisk") == 0)) {
		fit->roots++;
		return place_open(&inner, data, &found, error) || within(error, "%s", what);
	}
	if (!kernel_open(&inner, data, fit_text(fit, node, "description"),
			 fit_text(fit, node, "arch"), &found, &used, error))
		return within(error, "%s", what);
	if (!found && type && strcmp(type, "kernel") == 0)
		return fail(error, "%s: no Linux kernel in it", what);
	return true;
}

/* Opens the images that a configuration lists under KEY, which may
 * be several strings. */
static bool named_open(struct fit *fit, const char *key, struct error *error)
{
	int count = fdt_stringlist_count(fit->tree, fit->config, key);

	for (int i = 0; i < count; i++) {
		const char *name = fdt_stringlist_get(fit->tree, fit->config, key, i, NULL);

		if (!fit_image_open(fit, name, error))
			return false;
	}
	return true;
}

/* Passes on the device trees of the configuration, which may have a command line, as
 * "fit/NAME.dtb". Damaged ones are left out: no other fact comes from them. */
static bool trees_pass(struct fit *fit, struct error *error)
{
	int count = fdt_stringlist_count(fit->tree, fit->config, "fdt");
	struct arena *scratch = fit->place->scratch;

	for (int i = 0; i < count && i < LIMIT_TRIES; i++) {
		const char *name = fdt_stringlist_get(fit->tree, fit->config, "fdt", i, NULL);
		int node = name ? fdt_subnode_offset(fit->tree, fit->images, name) : -1;
		const char *path =
			name ? path_clean(scratch,
					  span_text(arena_format(scratch, "fit/%s.dtb", name)))
			     : NULL;
		struct error why;
		struct span data;
		uint64_t at;

		if (node < 0 || !path || !image_data(fit, node, &data, &at, &why) ||
		    !hashes_check(fit, node, data, &why))
			continue;
		enum want want = place_want(fit->place, path, data.size);
		if (want != WANT_NOTHING &&
		    !place_entry(fit->place, path, ENTRY_FILE, NULL, data, data.size, want, error))
			return false;
	}
	return true;
}

/* Opens kernels and root file systems that only other configurations name, after those
 * that a loader would use. */
static bool others_open(struct fit *fit, struct error *error)
{
	int node;

	fit->spare = fdt_stringlist_count(fit->tree, fit->config, "kernel") > 0;
	fdt_for_each_subnode(node, fit->tree, fit->images) {
		const char *type = fit_text(fit, node, "type");

		if (!type || array_any(opened, &fit->opened, *opened == node) ||
		    (strcmp(type, "kernel") != 0 && strcmp(type, "filesystem") != 0))
			continue;
		if (fit->opened.count >= LIMIT_TRIES)
			return fail(error, "more than %d images", LIMIT_TRIES);
		if (!fit_image_open(fit, fdt_get_name(fit->tree, node, NULL), error))
			return false;
	}
	return true;
}

/* A root file system that is not in the tree is appended at the next erase block. */
static bool behind_open(const struct fit *fit, struct error *error)
{
	struct flash flash = flash_begin(fit->place, fit->bytes);

	if (fit->roots > 0 || fit->end >= fit->bytes.size)
		return true;
	flash_known(&flash, 0, fit->end);
	return flash_scan(&flash, fit->end, error);
}

static bool fit_read(const struct place *place, struct span bytes, struct error *error)
{
	const char *what = place_at(place, "fit", place->offset);
	struct fit fit = {.place = place, .bytes = bytes};

	if (!fit_tree(place->scratch, bytes, &fit.tree, &fit.end))
		return fail(error, "%s: the device tree is damaged", what);
	fit.images = fdt_path_offset(fit.tree, "/images");

	int all = fdt_path_offset(fit.tree, "/configurations");
	const char *name = all < 0 ? NULL : fit_text(&fit, all, "default");
	fit.config = name ? fdt_subnode_offset(fit.tree, all, name) : -1;
	if (fit.config < 0 && all >= 0)
		fit.config = fdt_first_subnode(fit.tree, all);
	place_layout(place, 0, fit.end, "fit", fit_text(&fit, 0, "description"));
	if (fit.config < 0)
		return fail(error, "%s: no configuration selects a kernel", what);
	return (trees_pass(&fit, error) && named_open(&fit, "kernel", error) &&
		named_open(&fit, "ramdisk", error) && named_open(&fit, "loadables", error) &&
		others_open(&fit, error) && behind_open(&fit, error)) ||
	       within(error, "%s", what);
}

const struct format format_fit = {
	.kind = "fit", .image = true, .begins = {TREE_MAGIC}, .probe = fit_probe, .read = fit_read};
