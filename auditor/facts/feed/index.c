/* SPDX-License-Identifier: ISC */
/* Reads a feed index (Packages, Packages.gz, packages.adb, data.pkg) and compares its
 * rows with the package files: presence, size, sha256, version. */
#include "facts/feed/index.h"
#include "base/text.h"
#include "facts/catalogue/apk_index.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/package/pkg.h"
#include "unpack/archive/apk_container.h"
#include "unpack/file.h"
#include "unpack/reader.h"

#include <string.h>
#include <sys/stat.h>

#define INDEX_MOST (64 * MIB)
#define SIGNATURE_MOST (64u << 10)

enum { ROWS_MOST = 1 << 18 };

const char *index_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_string(arena,
				    span_from(path, slash == path ? 1 : (size_t)(slash - path)))
		     : "";
}

bool index_is_path(const char *path)
{
	const char *name = path_last(path);

	return strcmp(name, "Packages") == 0 || strcmp(name, "Packages.gz") == 0 ||
	       strcmp(name, "packages.adb") == 0 || strcmp(name, "Packages.adb") == 0 ||
	       pkg_catalogue_is_path(name);
}

static bool stanzas_read(struct arena *arena, struct span rest, struct index *index,
			 struct error *error)
{
	struct stanza stanza;
	size_t line = 1;

	/* a line without its end: the text was cut */
	index->bad += rest.size > 0 && rest.data[rest.size - 1] != '\n';
	while (stanza_read(arena, &rest, &line, &stanza, &index->bad)) {
		struct package row = {.origin = PACKAGE_INDEX_ROW};
		const char *witness = arena_format(arena, "%s: line %zu", index->path, stanza.line);

		if (index->rows.count == ROWS_MOST)
			return fail(error, "%s: more than %d packages", index->path, ROWS_MOST);
		if (package_from_stanza(arena, &stanza, witness, &row))
			*array_add(arena, &index->rows) = row;
		else
			index->bad++;
	}
	return true;
}

static bool catalogue_parse(struct arena *arena, struct span bytes, const struct pkg_meta *meta,
			    struct index *index, struct error *error)
{
	struct pkg_catalogue *catalogue = arena_new(arena, struct pkg_catalogue);
	struct pkg_meta usual = pkg_meta_default();

	bool opened = pkg_catalogue_open(arena, index->path, bytes, meta ? meta : &usual, catalogue,
					 error);

	index->text = catalogue->text;
	index->pkg = &catalogue->signatures;
	index->rows_apart = opened && !catalogue->whole;
	return opened &&
	       pkg_catalogue_rows(arena, index->path, catalogue, &index->rows, &index->bad, error);
}

static bool rows_read(struct arena *arena, struct span bytes, const struct pkg_meta *meta,
		      struct index *index, struct error *error)
{
	enum compression compression = compression_of(bytes);

	if (meta || pkg_catalogue_is_path(index->path))
		return catalogue_parse(arena, bytes, meta, index, error);
	if (compression != COMPRESSION_NONE &&
	    !decompress(arena, compression, bytes, INDEX_MOST, &bytes, NULL, error))
		return within(error, "%s", index->path);
	index->text = bytes;
	return apk_here(bytes)
		       ? apk_index_rows(arena, index->path, bytes, &index->rows, &index->bad, error)
		       : stanzas_read(arena, bytes, index, error);
}

bool index_parse(struct arena *arena, const char *path, struct span bytes,
		 const struct pkg_meta *meta, struct index *ret, struct error *error)
{
	*ret = (struct index){.path = path, .directory = index_folder(arena, path)};
	if (rows_read(arena, bytes, meta, ret, error))
		return true;
	ret->rows = (struct packages){0};
	return false;
}

/* BEFORE: the index that was read before, which may have the same
 * signature; or NULL. */
static void signature_read(struct arena *arena, const struct index_text *before,
			   struct index_text *text)
{
	/* "dir/Packages.gz" -> "dir/Packages.sig": what is signed is the text without
	 * the packing */
	size_t size = strlen(text->path) - (text_ends(text->path, ".gz") ? 3 : 0);
	const char *beside = arena_format(arena, "%.*s.sig", (int)size, text->path);
	struct stat status;
	struct error error;

	if (before && before->signature_path && strcmp(before->signature_path, beside) == 0) {
		text->signature_path = before->signature_path;
		text->signature = before->signature;
		text->signature_problem = before->signature_problem;
		return;
	}
	if (text_ends(text->path, ".adb") || pkg_catalogue_is_path(text->path) ||
	    lstat(beside, &status) != 0)
		return;
	text->signature_path = beside;
	if (!file_read(arena, beside, SIGNATURE_MOST, &text->signature, &error))
		text->signature_problem = arena_string(arena, span_text(error.text));
	else if (text->signature.size == 0)
		text->signature_problem = "the signature file is empty";
}

const struct index_file *index_read(struct arena *arena, const char *path,
				    const struct pkg_meta *meta, struct indexes_read *ret)
{
	const struct index_text *before = ret->count ? &ret->list[ret->count - 1].text : NULL;
	struct index_file file = {.text.path = path, .index.path = path};
	struct pkg_meta usual = pkg_meta_default();
	struct span bytes;
	struct error error;

	if (!meta)
		signature_read(arena, before, &file.text);
	if (!file_read(arena, path, INDEX_MOST, &bytes, &error) ||
	    !index_parse(arena, path, bytes, meta, &file.index, &error))
		file.text.problem = arena_string(arena, span_text(error.text));
	file.text.text = file.index.text;
	file.text.pkg = file.index.pkg;
	/* no program reads digests and filesite of version 2 */
	if (file.index.rows_apart && (!meta || meta->version == 1))
		index_sides_read(arena, file.index.directory, meta ? meta : &usual, &file.sides);
	*array_add(arena, ret) = file;
	return &ret->list[ret->count - 1];
}

const char *index_row_path(struct arena *arena, const struct index *index,
			   const struct package *row)
{
	const char *clean = row->filename ? path_clean(arena, span_text(row->filename)) : NULL;

	if (!clean || !*clean || row->filename[0] == '/')
		return NULL;
	return *index->directory ? arena_format(arena, "%s/%s", index->directory, clean) : clean;
}

struct index_finding *index_finding_add(struct arena *arena, struct feed *feed,
					enum index_trouble trouble, const struct package *package,
					const char *file, const char *witness)
{
	struct index_finding *finding = array_add(arena, &feed->index);

	finding->trouble = trouble;
	finding->package = package ? package->name : NULL;
	finding->file = file;
	finding->witness = witness;
	return finding;
}

void index_trouble(struct arena *arena, struct feed *feed, enum index_trouble trouble,
		   const char *path, const char *found)
{
	index_finding_add(arena, feed, trouble, NULL, path, path)->found = found;
}

/* Two indexes of one feed may list the same file that is not there: it
 * is absent once. */
static void absent_add(struct arena *arena, struct feed *feed, const struct package *row,
		       const char *path)
{
	const char *key = arena_format(arena, "%s\n%s", row->version ? row->version : "", path);
	uint32_t next = (uint32_t)feed->absent.count;

	if (map_put(&feed->absent_known, arena, key, next) == next)
		*array_add(arena, &feed->absent) = *row;
}

static void catalogue_note(struct arena *arena, const struct index *index, struct feed *feed)
{
	if (!index->pkg)
		return;
	if (!feed->listings)
		feed->listings = arena_new(arena, struct pkg_listings);
	pkg_listing_add(arena, index->path, &index->rows, index->bad, feed->listings);
}

/* A FreeBSD repository has 36,000 rows, and a copy of it may have only the packages
 * with modules: the files of other rows are not missed. */
void index_compare(struct arena *arena, const struct index *index, struct feed *feed)
{
	bool *listed = arena_get(arena, feed->packages.count + 1);
	struct map files = {0};

	catalogue_note(arena, index, feed);
	if (index->bad > 0)
		index_trouble(arena, feed, INDEX_UNREADABLE, index->path,
			      arena_format(arena, "%zu lines or stanzas that cannot be parsed",
					   index->bad));
	for (size_t i = 0; i < feed->packages.count; i++)
		map_put(&files, arena, feed->packages.list[i].file, (uint32_t)i);
	array_each(row, &index->rows) {
		const char *path = index_row_path(arena, index, row);
		uint32_t at = path ? map_get(&files, path) : MAP_NONE;

		if (at != MAP_NONE) {
			listed[at] = true;
			feed->packages.list[at].listed = true;
			feed->packages.list[at].row = ++feed->rows;
			index_row_compare(arena, feed, row, &feed->packages.list[at]);
		} else if (path) {
			if (!row->pkg || pkg_may_carry(row))
				index_finding_add(arena, feed, INDEX_ROW_WITHOUT_FILE, row, path,
						  row->witness)
					->expected = row->version;
			absent_add(arena, feed, row, path);
		} else {
			struct index_finding *finding = index_finding_add(
				arena, feed, INDEX_UNREADABLE, row, row->filename, row->witness);
			finding->expected = "a Filename inside the feed";
			finding->found = row->filename;
		}
	}
	if (index->rows.count > 0)
		index_files_compare(arena, index, feed, listed);
}

/* "dir/Packages.gz" beside "dir/Packages", which is in front of it. */
static bool is_packed_twin(const struct index_file *plain, const struct index_file *packed)
{
	size_t size = strlen(plain->text.path);

	return strncmp(plain->text.path, packed->text.path, size) == 0 &&
	       strcmp(packed->text.path + size, ".gz") == 0;
}

static const char *row_key(struct arena *arena, const struct package *row)
{
	const char *other = row->pkg->stated_sum ? row->pkg->stated_sum : "";

	return arena_format(arena, "%s\n%s\n%s\n%s", row->name, row->version,
			    row->filename ? row->filename : "",
			    row->stated_sha256 ? row->stated_sha256 : other);
}

static void catalogues_differ(struct arena *arena, const struct index_file *first,
			      const struct index_file *second, struct feed *feed)
{
	struct map known = {0};
	size_t other = 0;

	array_each(row, &first->index.rows)
		map_put(&known, arena, row_key(arena, row), 0);
	array_each(row, &second->index.rows)
		other += map_get(&known, row_key(arena, row)) == MAP_NONE;
	if (other == 0 && first->index.rows.count == second->index.rows.count)
		return;

	struct index_finding *finding = index_finding_add(arena, feed, INDEX_ROWS_DIFFER, NULL,
							  second->text.path, second->text.path);
	finding->expected = arena_format(arena, "the %zu packages of %s", first->index.rows.count,
					 first->text.path);
	finding->found = arena_format(arena, "%zu packages, of which %zu are not there",
				      second->index.rows.count, other);
}

void indexes_compare(struct arena *arena, const struct indexes_read *indexes, struct feed *feed)
{
	for (size_t i = 0; i < indexes->count; i++) {
		const struct index_file *file = &indexes->list[i], *before = i ? file - 1 : NULL;
		bool readable = before && !file->text.problem && !before->text.problem;
		/* "dir/packagesite.pkg" beside "dir/data.pkg", of which pkg reads only
		 * the first that it finds (libpkg/repo/binary/update.c: data) */
		bool second = readable && before->index.pkg && file->index.pkg &&
			      strcmp(before->index.directory, file->index.directory) == 0;
		bool twin = readable && !second && is_packed_twin(before, file);

		feed->has_index = true;
		if (twin && span_equal(before->text.text, file->text.text))
			continue;
		if (twin) {
			struct index_finding *finding =
				index_finding_add(arena, feed, INDEX_TEXTS_DIFFER, NULL,
						  file->text.path, file->text.path);
			finding->expected =
				arena_format(arena, "the text of %s", before->text.path);
			finding->found = "another text";
		}
		if (second)
			catalogues_differ(arena, before, file, feed);
		else if (file->text.problem)
			index_trouble(arena, feed, INDEX_UNREADABLE, file->text.path,
				      file->text.problem);
		else
			index_compare(arena, &file->index, feed);
		*array_add(arena, &feed->texts) = file->text;
		index_sides_compare(arena, &file->index, &file->sides, feed);
	}
}
