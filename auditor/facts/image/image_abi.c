/* SPDX-License-Identifier: ISC */
/* Reads the manifest given for an image (OpenWrt include/image.mk) and determines the
 * image's kernel abi from it, the database or the pins of installed packages. */
#include "facts/image/image_parts.h"
#include "base/text.h"
#include "facts/package/package_file.h"
#include "unpack/file.h"
#include "unpack/unpack.h"

#include <string.h>

#define MANIFEST_MOST (16 * MIB)

/* The version of the row "kernel"; none if there is no such row, or if two
 * of them differ. */
static struct abi abi_of_rows(struct arena *arena, const struct packages *rows)
{
	const struct package *kernel = NULL;

	array_each(row, rows) {
		if (strcmp(row->name, "kernel") != 0)
			continue;
		if (kernel &&
		    strcmp(text_or_empty(kernel->version), text_or_empty(row->version)) != 0)
			return (struct abi){
				.witness = arena_format(arena,
							"%s and %s: two rows of the kernel differ",
							kernel->witness, row->witness)};
		kernel = row;
	}
	return kernel ? abi_read(arena, kernel->version, kernel->witness) : (struct abi){0};
}

/* Reads the manifest that OpenWrt publishes beside an image (include/image.mk):
 *     name " - " version */
bool image_manifest(struct image_reading *reading, struct error *error)
{
	_cleanup_arena_ struct arena text_arena = {0};
	struct arena *arena = reading->arena;
	const char *path = reading->options->manifest;
	struct image *image = reading->image;
	struct span rest, line;

	if (!path)
		return true;
	if (!file_read(&text_arena, path, MANIFEST_MOST, &rest, error))
		return false;
	for (size_t number = 1; span_line(&rest, &line); number++) {
		size_t at = span_find(line, 0, SPAN_OF(" - "));
		struct package *row;

		if (span_trim(line).size == 0)
			continue;
		if (at == SIZE_MAX || at == 0)
			return fail(error, "%s: not a manifest: line %zu is not \"name - version\"",
				    path, number);
		row = array_add(arena, &image->manifest);
		row->origin = PACKAGE_INSTALLED;
		row->name = arena_string(arena, span_trim(span_head(line, at)));
		row->version = arena_string(arena, span_trim(span_skip(line, at + 3)));
		row->witness = arena_format(arena, "%s: line %zu", path, number);
		row->abi.witness = row->witness;
	}
	if (image->manifest.count == 0)
		return fail(error, "%s: not a manifest: the file is empty", path);
	array_sort(&image->manifest, package_compare);
	image->manifest_abi = abi_of_rows(arena, &image->manifest);
	if (!image->manifest_abi.version && !image->manifest_abi.witness)
		image->manifest_abi.witness = arena_format(arena, "%s: no row \"kernel\"", path);
	return true;
}

struct abi image_row_abi(struct arena *arena, const struct package *row)
{
	if (row->abi.version)
		return row->abi;
	array_each(formula, &row->depends)
		array_each(dependency, formula)
			if (formula->count == 1 && dependency_is_kernel(dependency) &&
			    dependency->version)
				return abi_read(arena, dependency->version, row->witness);
	return (struct abi){0};
}

bool image_abi_agrees(const struct abi *a, const struct abi *b)
{
	return strcmp(a->version, b->version) == 0 &&
	       (!a->hash || !b->hash || strcmp(a->hash, b->hash) == 0);
}

/* If the database has no row for the kernel: the abi on which all installed packages
 * with a pin depend. */
static void abi_of_pins(struct image_reading *reading, const char *looked)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	struct abi found = {0};
	size_t count = 0;

	array_each(row, &image->packages) {
		struct abi abi = image_row_abi(arena, row);

		if (!abi.version || !abi.hash)
			continue;
		if (count++ > 0 && !image_abi_agrees(&abi, &found))
			return;
		found = abi;
	}
	if (count == 0)
		return;
	image->abi = found;
	image->abi.witness =
		arena_format(arena, "%s, and all %zu packages that name a kernel name this one: %s",
			     looked, count, found.witness);
	if (count == 1)
		image->abi_doubt = "the image's package database has no kernel, and only one "
				   "installed package names it";
}

/* Without a database the manifest stands for it. One of another kernel release is of
 * another image. */
static void manifest_fit(struct image_reading *reading)
{
	struct image *image = reading->image;
	const char *release = image->kernel ? image->kernel->release.value : NULL;
	const char *path = reading->options->manifest;

	if (image->database_known || !release || !image->manifest_abi.release ||
	    release_fits(release, image->manifest_abi.release))
		return;
	image->abi_strays = arena_format(
		reading->arena, "the manifest is not used: its kernel is %s, the image's is %s",
		image->manifest_abi.release, release);
	image->manifest.count = 0;
	image->manifest_abi =
		(struct abi){.witness = arena_format(reading->arena, "%s: of another kernel, %s",
						     path, image->manifest_abi.release)};
}

void image_abi(struct image_reading *reading)
{
	struct arena *arena = reading->arena;
	struct image *image = reading->image;
	const char *looked =
		image->database_known
			? arena_format(arena, "%s: no package \"kernel\"", image->database_witness)
			: image->database_witness;

	manifest_fit(reading);
	image->abi = abi_of_rows(arena, &image->packages);
	if (!image->abi.version && image->abi.witness)
		looked = image->abi.witness;
	if (!image->abi.version && image->manifest_abi.version)
		image->abi = image->manifest_abi;
	else if (!image->abi.version)
		image->abi.witness =
			image->manifest_abi.witness
				? arena_format(arena, "%s; %s", looked, image->manifest_abi.witness)
				: looked;
	if (!image->abi.version)
		abi_of_pins(reading, image->abi.witness);
	else if (image->manifest_abi.version &&
		 (strcmp(image->abi.version, image->manifest_abi.version) != 0 ||
		  !text_same(image->abi.hash, image->manifest_abi.hash)))
		image_remark(reading,
			     "the manifest is from another build: its kernel is %s, the package "
			     "database has %s",
			     abi_text(arena, &image->manifest_abi), abi_text(arena, &image->abi));
}
