/* SPDX-License-Identifier: ISC */
/* Compares a row of a feed's index with the package that it lists. */
#include "facts/feed/index.h"
#include "base/digest.h"
#include "facts/package/pkg.h"

#include <string.h>

/* The sum of a FreeBSD row that is no sha256, if the file's is known in
 * the same form. */
static const char *other_sum(const struct package *row, const struct package *package)
{
	const char *stated = row->pkg && package->pkg ? row->pkg->stated_sum : NULL;
	const char *own = stated ? package->pkg->listed_sum : NULL;

	return own && strncmp(stated, own, 2) == 0 ? stated : NULL;
}

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
	const char *other = other_sum(row, package);
	bool identity = row->apk && row->stated_identity && package->stated_identity;

	if (row->stated_size > 0 && row->stated_size != package->size)
		row_differs(arena, feed, INDEX_SIZE_DIFFERS, row, package,
			    arena_format(arena, "%llu", (unsigned long long)row->stated_size),
			    arena_format(arena, "%llu", (unsigned long long)package->size));
	if (row->stated_sha256 && strcmp(row->stated_sha256, digest) != 0)
		row_differs(arena, feed, INDEX_SHA256_DIFFERS, row, package, row->stated_sha256,
			    digest);
	if (other && strcmp(other, package->pkg->listed_sum) != 0)
		row_differs(arena, feed, INDEX_SHA256_DIFFERS, row, package, other,
			    package->pkg->listed_sum);
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

/* What the control file says. opkg and apk resolve the dependencies of the row. */
static void control_compare(struct arena *arena, struct feed *feed, const struct package *row,
			    const struct package *package)
{
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

void index_row_compare(struct arena *arena, struct feed *feed, const struct package *row,
		       struct package *package)
{
	/* nothing to compare: the package was not fetched, or its file could not be
	 * read at all */
	if (package->origin == PACKAGE_INDEX_ROW || (package->problem && package->size == 0))
		return;
	bytes_compare(arena, feed, row, package);
	if (!package->problem)
		control_compare(arena, feed, row, package);
}
