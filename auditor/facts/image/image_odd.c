/* SPDX-License-Identifier: ISC */
/* Adds remarks about unusual things in an image that change no fact: stray modules,
 * feeds for another kernel, a kernel and a root file system of two builds. */
#include "facts/image/image_parts.h"
#include "facts/kernel/banner.h"

#include <string.h>

/* Some vendors keep modules where modprobe and kmodloader do not search, and load
 * them with insmod. */
static void strays_remark(struct image_reading *reading)
{
	struct strings strays = {0};

	array_each(file, &reading->files)
		if (file->kept == KEPT_STRAY)
			*array_add(reading->arena, &strays) = file->path;
	if (strays.count == 0)
		return;
	strings_unique(&strays);
	image_remark(reading,
		     "%zu modules are outside lib/modules/RELEASE, where the module loader does "
		     "not look; they are not read: %s",
		     strays.count, strings_join(reading->arena, &strays, 8));
}

static bool is_hash(struct span text)
{
	if (text.size != 32)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (!strchr("0123456789abcdef", text.data[i]) || text.data[i] == '\0')
			return false;
	return true;
}

/* The hash in the address of a kmods feed (OpenWrt include/feeds.mk):
 * ".../kmods/6.6.86-1-<hash>". */
static struct span feed_hash(struct span address)
{
	const struct span mark = SPAN_OF("/kmods/");
	size_t at = span_find(address, 0, mark), end;
	struct span folder, hash;

	if (at == SIZE_MAX)
		return (struct span){NULL, 0};
	folder = span_skip(address, at + mark.size);
	for (end = 0; end < folder.size && folder.data[end] != '/' && folder.data[end] > ' ';)
		end++;
	folder = span_head(folder, end);
	hash = folder.size > 32 ? span_skip(folder, folder.size - 32) : folder;
	return is_hash(hash) ? hash : (struct span){NULL, 0};
}

/* The kmods feeds of an image must be for its own kernel, otherwise none of their
 * packages can be installed. */
static void feed_hashes_remark(struct image_reading *reading)
{
	const struct abi *abi = &reading->image->abi;

	array_each(list, &reading->image->feed_lists) {
		struct span rest = list->text, line;

		while (abi->hash && span_line(&rest, &line)) {
			struct span hash = feed_hash(line);

			if (hash.size == 0 || span_is(hash, abi->hash) ||
			    span_starts(span_trim(line), "#"))
				continue;
			image_remark(reading,
				     "%s lists the feed for another kernel abi, %s, than the "
				     "image's, %s: no kmod package in it can be installed",
				     list->witness, arena_string(reading->arena, hash), abi->hash);
		}
	}
}

/* The number in "r28597-0425664679" or "r28597+2-0425664679". */
static struct span revision_number(const char *revision)
{
	return span_from(revision, 1 + strspn(revision + 1, "0123456789"));
}

/* OpenWrt's compiler names the revision that the tree had when the compiler was built.
 * If that revision differs, there were two builds, or the tree was updated in between. */
static void builds_remark(struct image_reading *reading)
{
	const struct image *image = reading->image;
	const char *own = image->revision.value;
	struct banner banner =
		banner_parts(reading->arena, image->kernel ? image->kernel->banner.value : NULL);

	if (!own || own[0] != 'r' || !banner.revision ||
	    span_equal(revision_number(own), revision_number(banner.revision)))
		return;
	image_remark(reading,
		     "the compiler of the kernel is from revision %s, the root file system is of "
		     "%s: if they are from two builds, the kernel abi that the root file system "
		     "names is not that of the kernel, and equal abis prove nothing",
		     banner.revision, own);
}

void image_odd(struct image_reading *reading)
{
	builds_remark(reading);
	feed_hashes_remark(reading);
	strays_remark(reading);
}
