/* SPDX-License-Identifier: ISC */
/* Compares a row of a feed's index with the package that it lists, and finds the packages
 * that no row lists. */
#include "facts/feed/index.h"
#include "base/digest.h"
#include "facts/package/pkg.h"

#include <string.h>

static void row_differs(struct arena *arena, struct feed *feed, enum index_trouble trouble,
			const struct package *row, const struct package *package,
			const char *expected, const char *found)
{
	struct index_finding *finding =
		index_finding_add(arena, feed, trouble, package, package->file, row->witness);

	finding->expected = expected;
	finding->found = found;
}

/* The bytes of the file. */
static void bytes_compare(struct arena *arena, struct feed *feed, const struct package *row,
			  struct package *package)
{
	const char *digest = digest_hex(arena, package->digest.bytes, SHA256_SIZE);
	/* the sum of a FreeBSD row that is no sha256, if the file's is known in the
	 * same form */
	const char *stated = row->pkg && package->pkg ? row->pkg->stated_sum : NULL;
	const char *own = stated ? package->pkg->listed_sum : NULL;
	const char *other = own && strncmp(stated, own, 2) == 0 ? stated : NULL;
	bool identity = row->apk && row->stated_identity && package->stated_identity;

	if (row->stated_size > 0 && row->stated_size != package->size)
		row_differs(arena, feed, INDEX_SIZE_DIFFERS, row, package,
			    arena_format(arena, "%llu", (unsigned long long)row->stated_size),
			    arena_format(arena, "%llu", (unsigned long long)package->size));
	if (row->stated_sha256 && strcmp(row->stated_sha256, digest) != 0)
		row_differs(arena, feed, INDEX_SHA256_DIFFERS, row, package, row->stated_sha256,
			    digest);
	if (other && strcmp(other, own) != 0)
		row_differs(arena, feed, INDEX_SHA256_DIFFERS, row, package, other, own);
	/* apk identifies a package by the digest of the database in it */
	if (identity && strcmp(row->stated_identity, package->stated_identity) != 0)
		row_differs(arena, feed, INDEX_SHA256_DIFFERS, row, package, row->stated_identity,
			    package->stated_identity);
	/* every program that makes an index writes the size; without it the
	 * row was cut */
	if (row->stated_size == 0 && !row->stated_sha256 && !other && !identity)
		row_differs(arena, feed, INDEX_UNREADABLE, row, package, "a size and a checksum",
			    NULL);
	package->vouched |= row->stated_sha256 || other || identity;
}

static const char *depends_text(struct arena *arena, const struct package *package)
{
	struct strings texts = {0};

	array_each(formula, &package->depends)
		*array_add(arena, &texts) = formula->text;
	strings_unique(&texts);
	return strings_join(arena, &texts, SIZE_MAX);
}

void index_row_compare(struct arena *arena, struct feed *feed, const struct package *row,
		       struct package *package)
{
	/* nothing to compare: the package was not fetched, or its file could not be
	 * read at all */
	if (package->origin == PACKAGE_INDEX_ROW || (package->problem && package->size == 0))
		return;
	bytes_compare(arena, feed, row, package);
	if (package->problem)
		return;

	/* the control file; opkg and apk resolve the dependencies of the row */
	const char *ours = depends_text(arena, package), *theirs = depends_text(arena, row);

	if (strcmp(row->name, package->name) != 0)
		row_differs(arena, feed, INDEX_NAME_DIFFERS, row, package, row->name,
			    package->name);
	if (package->version && (!row->version || strcmp(row->version, package->version) != 0))
		row_differs(arena, feed, INDEX_VERSION_DIFFERS, row, package, row->version,
			    package->version);
	if (!row->pkg && strcmp(ours, theirs) != 0)
		row_differs(arena, feed, INDEX_DEPENDS_DIFFER, row, package, theirs, ours);
}

/* True if PACKAGE lies where INDEX lists files: beside it, or below
 * a FreeBSD catalogue. */
static bool in_reach(struct arena *arena, const struct index *index, const struct package *package)
{
	size_t size = strlen(index->directory);

	if (!index->pkg)
		return strcmp(index_folder(arena, package->file), index->directory) == 0;
	return size == 0 ||
	       (strncmp(package->file, index->directory, size) == 0 && package->file[size] == '/');
}

static const char *digest_key(struct arena *arena, const struct package *package)
{
	return digest_hex(arena, package->digest.bytes, SHA256_SIZE);
}

/* The digests of the files that an index lists. */
static struct map listed_digests(struct arena *arena, const struct feed *feed, const bool *listed)
{
	static const struct sha256 unread; /* of a file that could not be read */
	struct map digests = {0};

	for (size_t i = 0; i < feed->packages.count; i++)
		if (listed[i] && !sha256_equal(&feed->packages.list[i].digest, &unread))
			map_put(&digests, arena, digest_key(arena, &feed->packages.list[i]), 1);
	return digests;
}

/* A copy of a listed file needs no row of its own: a FreeBSD repository has its pkg a
 * second time as Latest/pkg.pkg, from which pkg(7) installs pkg itself. */
void index_files_compare(struct arena *arena, const struct index *index, struct feed *feed,
			 const bool *listed)
{
	struct map digests = {0};
	bool digested = false; /* most feeds list all their files and need no digests */

	for (size_t i = 0; i < feed->packages.count; i++) {
		const struct package *package = &feed->packages.list[i];
		/* scripts/ipkg-make-index.sh omits these two from every index */
		bool omitted =
			strcmp(package->name, "kernel") == 0 || strcmp(package->name, "libc") == 0;

		if (listed[i] || package->origin != PACKAGE_FILE || omitted ||
		    !in_reach(arena, index, package))
			continue;
		if (!digested)
			digests = listed_digests(arena, feed, listed);
		digested = true;
		if (map_get(&digests, digest_key(arena, package)) != MAP_NONE)
			continue;
		index_finding_add(arena, feed, INDEX_FILE_WITHOUT_ROW, package, package->file,
				  index->path)
			->found = package->version;
	}
}
