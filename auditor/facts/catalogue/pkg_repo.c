/* SPDX-License-Identifier: ISC */
/* Reads the catalogue of a FreeBSD package repository: its archive, its rows and the
 * signatures beside them (libpkg/pkg_repo_create.c, pkg_repo.c). */
#include "facts/catalogue/pkg_repo.h"
#include "base/map.h"
#include "base/text.h"
#include "facts/package/pkg.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

/* A catalogue is a tar in any compression, with its signatures in front:
 *     data.pkg          signature            data
 *     packagesite.pkg   x.sig  x.pub         packagesite.yaml
 * data is one object, {"groups":[],"expired_packages":[],"packages":[{row},{row},...]};
 * packagesite.yaml has one row a line. A row is a manifest without files and scripts, with sum,
 * repopath (of the package, from the folder of the catalogue) and pkgsize.
 * In front of a signature or key that is not RSA's stands "$PKGSIGN:ecdsa$". */
enum { ROWS_MOST = 1 << 18, SIGNATURES_MOST = 64, SIGNATURE_MOST = 64 << 10 };

#define PKGSIGN "$PKGSIGN:"

/* The names of a repository's files without their ending. */
static const char *const catalogues[] = {"data", "packagesite"};
static const char *const others[] = {"filesite", "files", "digests", "meta", "conflicts"};
static const char *const endings[] = {".pkg", ".txz", ".tzst", ".tbz", ".tgz", ".tar"};

static bool named(const char *path, const char *const *stems, size_t count)
{
	const char *name = path_last(path);

	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(stems[i]);

		if (strncmp(name, stems[i], size) == 0 &&
		    text_index(name + size, endings, sizeof endings / sizeof *endings) <
			    sizeof endings / sizeof *endings)
			return true;
	}
	return false;
}

bool pkg_catalogue_is_path(const char *path)
{
	return named(path, catalogues, sizeof catalogues / sizeof *catalogues);
}

bool pkg_repo_is_path(const char *path)
{
	return pkg_catalogue_is_path(path) || named(path, others, sizeof others / sizeof *others);
}

/* The state of opening an archive of a repository, of which one of MEMBERS is read. */
struct opening {
	struct arena *arena;
	const char *members[2]; /* the second may be NULL */
	uint64_t most; /* bytes of the member */
	struct pkg_catalogue *catalogue;
};

static bool is_member(const struct opening *opening, const char *path)
{
	return strcmp(path, opening->members[0]) == 0 ||
	       (opening->members[1] && strcmp(path, opening->members[1]) == 0);
}

static bool is_signature(const char *path)
{
	return strcmp(path, "signature") == 0 || text_ends(path, ".sig") || text_ends(path, ".pub");
}

static enum want opening_want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)size;
	return part == PART_ROOT && (is_signature(path) || is_member(context, path)) ? WANT_BYTES
										     : WANT_NOTHING;
}

static bool signature_add(struct opening *opening, const struct entry *entry, struct error *error)
{
	bool alone = strcmp(entry->path, "signature") == 0;
	struct span bytes = arena_copy(opening->arena, entry->bytes), type, rest;
	const char *name =
		arena_string(opening->arena, span_head(span_text(entry->path),
						       strlen(entry->path) - (alone ? 0 : 4)));
	struct pkg_signatures *signatures = &opening->catalogue->signatures;
	struct pkg_signature *signature = array_find(one, signatures, strcmp(one->name, name) == 0);

	if (!signature) {
		signature = array_add(opening->arena, signatures);
		signature->name = name;
		signature->type = "rsa";
	}

	struct span *part =
		text_ends(entry->path, ".pub") ? &signature->key : &signature->signature;

	if (signatures->count > SIGNATURES_MOST || bytes.size > SIGNATURE_MOST)
		return fail(error, "more than %d signatures, or one of more than %d bytes",
			    SIGNATURES_MOST, SIGNATURE_MOST);
	if (part->size > 0)
		return fail(error, "it occurs twice");
	if (span_starts(bytes, PKGSIGN) &&
	    span_split(span_skip(bytes, strlen(PKGSIGN)), '$', &type, &rest)) {
		signature->type = arena_string(opening->arena, type);
		bytes = rest;
	}
	*part = bytes;
	return true;
}

static bool opening_entry(void *context, const struct entry *entry, struct error *error)
{
	struct opening *opening = context;
	struct pkg_catalogue *catalogue = opening->catalogue;

	if (entry->part != PART_ROOT || entry->kind != ENTRY_FILE)
		return true;
	if (is_signature(entry->path))
		return signature_add(opening, entry, error);
	/* entries of a file that is no archive have its own name */
	if (!is_member(opening, entry->path))
		return true;
	if (catalogue->member)
		return fail(error, "it occurs twice");
	if (entry->bytes.size > opening->most)
		return fail(error, "larger than %llu bytes", (unsigned long long)opening->most);
	catalogue->member = arena_string(opening->arena, span_text(entry->path));
	catalogue->text = arena_copy(opening->arena, entry->bytes);
	return true;
}

static bool archive_open(struct opening *opening, const char *path, struct span bytes,
			 struct error *error)
{
	struct visitor visitor = {
		.context = opening, .want = opening_want, .entry = opening_entry, .threads = 1};

	*opening->catalogue = (struct pkg_catalogue){0};
	return unpack_bytes(path, bytes, &visitor, error);
}

/* Gives each signature without a key the one that META has under its name
 * (libpkg/pkg_repo.c, pkg_repo_check_fingerprint). */
static void certs_apply(const struct pkg_meta *meta, struct pkg_signatures *signatures)
{
	array_each(signature, signatures)
		array_each(cert, &meta->certs)
			if (signature->key.size == 0 && strcmp(signature->name, cert->name) == 0)
				signature->key = span_text(cert->data);
}

bool pkg_catalogue_open(struct arena *arena, const char *path, struct span bytes,
			const struct pkg_meta *meta, struct pkg_catalogue *ret, struct error *error)
{
	struct opening opening = {arena, {meta->data, meta->manifests}, SIZE_MAX, ret};

	if (!archive_open(&opening, path, bytes, error))
		return false;
	if (!ret->member)
		return fail(error, "%s: no catalogue of packages: it has no member %s or %s", path,
			    meta->data, meta->manifests);
	ret->whole = strcmp(ret->member, meta->data) == 0;
	certs_apply(meta, &ret->signatures);
	return true;
}

bool pkg_side_open(struct arena *arena, const char *path, struct span bytes,
		   const struct pkg_meta *meta, const char *member, struct pkg_catalogue *ret,
		   struct error *error)
{
	struct opening opening = {arena, {member, NULL}, PKG_SIDE_MOST, ret};

	if (!archive_open(&opening, path, bytes, error))
		return false;
	if (!ret->member)
		return fail(error, "%s: it has no member %s", path, member);
	certs_apply(meta, &ret->signatures);
	return true;
}

/* The state of reading rows. */
struct rows {
	struct arena *arena, values;
	struct ucl_reader reader;
	const char *witness;
	struct packages *list;
	size_t count, needs, *bad;
};

/* Reads the value that comes next as a row. A row that is no manifest is counted. */
static bool row_read(struct rows *rows, bool *more, struct error *error)
{
	struct package row = {.origin = PACKAGE_INDEX_ROW};
	struct error why;
	const struct ucl *value;

	arena_reset(&rows->values);
	if (!ucl_next(&rows->reader, &value, more, error))
		return false;
	if (!*more)
		return true;

	const char *witness =
		arena_format(rows->arena, "%s: package %zu", rows->witness, ++rows->count);
	if (rows->count > ROWS_MOST)
		return fail(error, "more than %d packages", ROWS_MOST);
	if (!pkg_from_manifest(rows->arena, value, witness, &row, &why)) {
		(*rows->bad)++;
		return true;
	}
	*array_add(rows->arena, rows->list) = row;
	rows->needs += row.depends.count + row.provides.count + row.conflicts.count +
		       row.pkg->categories.count + row.pkg->files.count + row.pkg->scripts.count;
	return rows->needs <= LIMIT_ENTRIES ||
	       fail(error, "more than %d dependencies, categories and files", LIMIT_ENTRIES);
}

static bool packages_read(struct rows *rows, struct error *error)
{
	const char *none;
	bool more, there;

	if (!ucl_enter(&rows->reader, '['))
		return fail(error, "packages is no list");
	for (;;) {
		if (!ucl_member(&rows->reader, '[', &none, &more, error))
			return false;
		if (!more)
			return true;
		if (!row_read(rows, &there, error))
			return false;
	}
}

static bool object_read(struct rows *rows, struct error *error)
{
	const struct ucl *skipped;
	const char *key;
	bool more, seen = false;

	if (!ucl_enter(&rows->reader, '{'))
		return fail(error, "the catalogue is no object");
	for (;;) {
		if (!ucl_member(&rows->reader, '{', &key, &more, error))
			return false;
		if (!more)
			return seen || fail(error, "the catalogue has no list packages");
		if (strcmp(key, "packages") != 0) {
			/* groups and expired_packages */
			arena_reset(&rows->values);
			if (!ucl_next(&rows->reader, &skipped, &more, error))
				return false;
			continue;
		}
		if (seen)
			return fail(error, "the key packages occurs twice");
		seen = true;
		if (!packages_read(rows, error))
			return false;
	}
}

bool pkg_catalogue_rows(struct arena *arena, const char *path,
			const struct pkg_catalogue *catalogue, struct packages *ret, size_t *bad,
			struct error *error)
{
	struct rows rows = {.arena = arena,
			    .witness = arena_format(arena, "%s: %s", path, catalogue->member),
			    .list = ret,
			    .bad = bad};
	bool good = true, more = true;

	ucl_open(&rows.reader, &rows.values, catalogue->text);
	if (catalogue->whole)
		good = object_read(&rows, error);
	else
		while (good && more)
			good = row_read(&rows, &more, error);
	arena_free(&rows.values);
	return good || within(error, "%s", rows.witness);
}

void pkg_listing_add(struct arena *arena, const char *path, const struct packages *rows, size_t bad,
		     struct pkg_listings *ret)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct pkg_listing *listing = array_add(arena, ret);
	struct map known = {0};

	listing->path = path;
	listing->bad = bad;
	array_each(row, rows) {
		const char *key = arena_format(&scratch, "%s\n%s\n%s", text_or_empty(row->pkg->abi),
					       text_or_empty(row->pkg->arch),
					       text_or_empty(row->pkg->osversion_text));
		uint32_t next = (uint32_t)listing->kinds.count;

		if (map_put(&known, &scratch, key, next) == next)
			*array_add(arena, &listing->kinds) = *row;
	}
}
