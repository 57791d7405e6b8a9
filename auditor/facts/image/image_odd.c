/* SPDX-License-Identifier: ISC */
/* Adds remarks about unusual things in an image that change no fact: stray modules,
 * feeds for another kernel, a kernel and a root file system of two builds. */
#include "base/text.h"
#include "facts/image/image_parts.h"
#include "facts/kernel/banner.h"

#include <string.h>

/* The hash in the address of a kmods feed (OpenWrt include/feeds.mk):
 * ".../kmods/6.6.86-1-<hash>"; NULL if there is none. */
static const char *feed_hash(struct arena *arena, struct span address)
{
	const struct span mark = SPAN_OF("/kmods/");
	size_t at = span_find(address, 0, mark), end;
	struct span folder;

	if (at == SIZE_MAX)
		return NULL;
	folder = span_skip(address, at + mark.size);
	for (end = 0; end < folder.size && folder.data[end] != '/' && folder.data[end] > ' ';)
		end++;
	folder = span_head(folder, end);

	const char *hash = arena_string(
		arena, folder.size > 32 ? span_skip(folder, folder.size - 32) : folder);

	return text_is_hex(hash, 32) ? hash : NULL;
}

/* The kmods feeds of an image must be for its own kernel, otherwise none of their
 * packages can be installed. */
static void feed_hashes_remark(struct image_reading *reading)
{
	const struct abi *abi = &reading->image->abi;

	array_each(list, &reading->image->feed_lists) {
		struct span rest = list->text, line;

		while (abi->hash && span_line(&rest, &line)) {
			const char *hash = feed_hash(reading->arena, line);

			if (!hash || strcmp(hash, abi->hash) == 0 ||
			    span_starts(span_trim(line), "#"))
				continue;
			image_remark(reading,
				     "%s lists the feed for another kernel abi, %s, than the "
				     "image's, %s: no kmod package in it can be installed",
				     list->witness, hash, abi->hash);
		}
	}
}

/* The number in "r28597-0425664679" or "r28597+2-0425664679". */
static struct span revision_number(const char *revision)
{
	return span_from(revision, 1 + strspn(revision + 1, "0123456789"));
}

void image_odd(struct image_reading *reading)
{
	const struct image *image = reading->image;
	const char *own = image->revision.value;
	const char *tools =
		banner_parts(reading->arena, image->kernel ? image->kernel->banner.value : NULL)
			.revision;
	struct strings strays = {0};

	/* OpenWrt's compiler names the revision that the tree had when the compiler was built.
	 * If that revision differs, there were two builds, or the tree was updated in between. */
	if (own && own[0] == 'r' && tools &&
	    !span_equal(revision_number(own), revision_number(tools)))
		image_remark(reading,
			     "the compiler of the kernel is from revision %s, the root file system "
			     "is of %s: if they are from two builds, the kernel abi that the root "
			     "file system names is not that of the kernel, and equal abis prove "
			     "nothing",
			     tools, own);
	feed_hashes_remark(reading);
	/* some vendors keep modules where modprobe and kmodloader do not search, and load
	 * them with insmod */
	array_each(file, &reading->files)
		if (file->kept == KEPT_STRAY)
			*array_add(reading->arena, &strays) = file->path;
	strings_unique(&strays);
	if (strays.count > 0)
		image_remark(reading,
			     "%zu modules are outside lib/modules/RELEASE, where the module loader "
			     "does not look; they are not read: %s",
			     strays.count, strings_join(reading->arena, &strays, 8));
}
