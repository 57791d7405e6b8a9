/* SPDX-License-Identifier: ISC */
/* Reads the rows and the signatures of a packages.adb, the index of an apk feed. */
#include "facts/catalogue/apk_index.h"
#include "base/verify.h"
#include "facts/package/apk.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <string.h>

enum { ROWS_MOST = 1 << 18 };

/* What is collected from an index while it is read: ROWS or SIGNATURES; the
 * other is NULL. */
struct taking {
	struct arena *arena;
	const char *path;
	struct packages *rows;
	struct apk_signatures *signatures;
	size_t bad;
	bool is_index;
};

static enum want taking_want(void *context, const char *path, uint64_t size, enum part part)
{
	struct taking *taking = context;

	(void)size;
	if (part != PART_CONTROL)
		return WANT_NOTHING;
	if (strcmp(path, APK_INDEX_PATH) == 0) {
		taking->is_index = true;
		return taking->rows ? WANT_BYTES : WANT_NOTHING;
	}
	return taking->signatures && strcmp(path, APK_SIGNATURE_PATH) == 0 ? WANT_BYTES
									   : WANT_NOTHING;
}

static bool rows_add(struct taking *taking, struct span text, struct error *error)
{
	struct arena *arena = taking->arena;
	struct package row;
	size_t line = 1, needs = 0;

	while (apk_package_next(arena, &text, &line, taking->path, &row, &taking->bad)) {
		needs += row.depends.count + row.provides.count + row.conflicts.count +
			 row.install_if.count + row.install_if_not.count;
		if (taking->rows->count == ROWS_MOST || needs > LIMIT_ENTRIES)
			return fail(error, "more than %d packages or more than %d dependencies",
				    ROWS_MOST, LIMIT_ENTRIES);
		row.origin = PACKAGE_INDEX_ROW;
		row.witness = arena_format(arena, "%s: package %zu", taking->path,
					   taking->rows->count + 1);
		row.filename = row.version ? arena_format(arena, "%s-%s.apk", row.name, row.version)
					   : NULL;
		*array_add(arena, taking->rows) = row;
	}
	return true;
}

static bool taking_entry(void *context, const struct entry *entry, struct error *error)
{
	struct taking *taking = context;

	/* entries of a file that is not a container come with another part */
	if (entry->part != PART_CONTROL || (taking->signatures && entry->bytes.size < APK_SIGNED))
		return fail(error, "no apk database");
	if (strcmp(entry->path, APK_INDEX_PATH) == 0)
		return rows_add(taking, entry->bytes, error);

	/* unpack/archive/apk_archive.c gives a signature as schema (4 bytes), versions
	 * (2), id of the key, digest, signature */
	struct span copy = arena_copy(taking->arena, entry->bytes);

	*array_add(taking->arena, taking->signatures) = (struct apk_signature){
		.id = span_head(span_skip(copy, 6), PEM_ID_SIZE),
		.message = span_head(copy, APK_SIGNED),
		.signature = span_skip(copy, APK_SIGNED),
	};
	return true;
}

static bool index_open(struct taking *taking, struct span bytes, struct error *error)
{
	struct visitor visitor = {
		.context = taking, .want = taking_want, .entry = taking_entry, .threads = 1};

	return unpack_bytes(taking->path, bytes, &visitor, error) &&
	       (taking->is_index ||
		fail(error, "%s: an apk database, but not an index", taking->path));
}

bool apk_index_rows(struct arena *arena, const char *path, struct span bytes, struct packages *ret,
		    size_t *bad, struct error *error)
{
	struct taking taking = {.arena = arena, .path = path, .rows = ret};
	bool good = index_open(&taking, bytes, error);

	*bad += taking.bad;
	return good;
}

bool apk_index_signatures(struct arena *arena, const char *path, struct span bytes,
			  struct apk_signatures *ret, struct error *error)
{
	struct taking taking = {.arena = arena, .path = path, .signatures = ret};

	return index_open(&taking, bytes, error);
}
