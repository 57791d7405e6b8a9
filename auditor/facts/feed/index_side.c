/* SPDX-License-Identifier: ISC */
/* Reads what lies beside the catalogue of a FreeBSD repository of version 1, digests
 * and the lists of files, and compares both with the catalogue and the packages. */
#include "facts/feed/index.h"
#include "facts/catalogue/pkg_digests.h"
#include "facts/catalogue/pkg_filesite.h"
#include "facts/catalogue/pkg_repo.h"
#include "unpack/file.h"

#include <string.h>
#include <sys/stat.h>

enum { NAMES_SHOWN = 3 };

/* The name of the member of the archive that has the text. */
static const char *side_member(const struct pkg_meta *meta, enum index_side_kind kind)
{
	return kind == SIDE_DIGESTS ? meta->digests : meta->filesite;
}

void index_side_open(struct arena *arena, enum index_side_kind kind, const char *path,
		     struct span bytes, const struct pkg_meta *meta, struct index_sides *ret)
{
	struct index_side *side = array_add(arena, ret);
	struct pkg_catalogue *catalogue = arena_new(arena, struct pkg_catalogue);
	struct error error;

	side->kind = kind;
	side->text.path = path;
	side->text.aside = true;
	if (!pkg_side_open(arena, path, bytes, meta, side_member(meta, kind), catalogue, &error)) {
		side->text.problem = arena_string(arena, span_text(error.text));
		return;
	}
	side->text.text = catalogue->text;
	side->text.pkg = &catalogue->signatures;
}

/* The first of the two names that pkg asks for. */
static const char *side_find(struct arena *arena, const char *directory,
			     const struct pkg_meta *meta, enum index_side_kind kind)
{
	struct stat status;

	for (size_t i = 0; i < 2; i++) {
		const char *name = pkg_meta_packed(arena, meta, side_member(meta, kind), i);
		const char *path =
			*directory ? arena_format(arena, "%s/%s", directory, name) : name;

		if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
			return path;
	}
	return NULL;
}

void index_sides_read(struct arena *arena, const char *directory, const struct pkg_meta *meta,
		      struct index_sides *ret)
{
	for (unsigned kind = 0; kind < SIDES; kind++) {
		const char *path = side_find(arena, directory, meta, (enum index_side_kind)kind);
		struct span bytes;
		struct error error;

		if (!path)
			continue;
		if (file_read(arena, path, PKG_SIDE_MOST, &bytes, &error)) {
			index_side_open(arena, (enum index_side_kind)kind, path, bytes, meta, ret);
			continue;
		}

		struct index_side *side = array_add(arena, ret);
		side->kind = (enum index_side_kind)kind;
		side->text.path = path;
		side->text.problem = arena_string(arena, span_text(error.text));
	}
}

static void bad_lines(struct arena *arena, struct feed *feed, const char *path, size_t bad)
{
	if (bad > 0)
		index_trouble(
			arena, feed, INDEX_UNREADABLE, path,
			arena_format(arena, "%zu lines or objects that cannot be parsed", bad));
}

static void contradiction_add(struct arena *arena, const struct index *index, const char *path,
			      const struct pkg_contradiction *one, struct feed *feed)
{
	const char *witness = arena_format(arena, "%s: line %zu", path, one->line);
	struct package row = {.filename = one->path};
	const char *file = index_row_path(arena, index, &row);
	struct index_finding *finding =
		index_finding_add(arena, feed, INDEX_DIGEST_DIFFERS, NULL, index->path, witness);

	finding->package = one->name;
	finding->expected = arena_format(arena, "%s %s", one->what, one->stated);
	finding->found = arena_format(arena, "%s %s", one->what, one->found);
	/* a package whose sums are disputed is not vouched for, whichever of the two is
	 * right */
	array_each(package, &feed->packages)
		if (file && strcmp(package->file, file) == 0)
			package->vouched = false;
}

/* Adds one finding for all rows that only one of the two has. */
static void rows_add(struct arena *arena, const struct index *index, const char *path,
		     const struct pkg_contradictions *all, bool listed, struct feed *feed)
{
	struct strings names = {0};

	array_each(one, all)
		if (!one->what && (one->line > 0) == listed)
			*array_add(arena, &names) = one->name;
	if (names.count == 0)
		return;

	const char *words = arena_format(arena, "%zu rows that the other does not have: %s",
					 names.count, strings_join(arena, &names, NAMES_SHOWN));
	struct index_finding *finding =
		index_finding_add(arena, feed, INDEX_DIGESTS_ROWS, NULL,
				  listed ? path : index->path, listed ? path : index->path);
	finding->found = words;
}

static bool digests_compare(struct arena *arena, const struct index *index,
			    const struct index_side *side, struct feed *feed, struct error *error)
{
	struct pkg_digests digests = {0};
	struct pkg_contradictions all = {0};
	size_t bad = 0;

	if (!pkg_digests_read(arena, side->text.text, &digests, &bad, error))
		return false;
	bad_lines(arena, feed, side->text.path, bad);
	pkg_digests_compare(arena, &digests, index->text, &all);
	array_each(one, &all)
		if (one->what)
			contradiction_add(arena, index, side->text.path, one, feed);
	rows_add(arena, index, side->text.path, &all, true, feed);
	rows_add(arena, index, side->text.path, &all, false, feed);
	return true;
}

static void files_differ(struct arena *arena, const struct index_side *side,
			 const struct package *package, const struct pkg_listed *listed,
			 struct feed *feed)
{
	struct strings own = {0};
	struct index_finding *finding;

	array_each(file, &package->files)
		if (text_ends(*file, ".ko"))
			*array_add(arena, &own) = *file;

	if (strings_same(&own, &listed->modules))
		return;
	finding = index_finding_add(
		arena, feed, INDEX_FILES_DIFFER, package, package->file,
		arena_format(arena, "%s: package %zu", side->text.path, listed->number));
	finding->expected = listed->modules.count
				    ? strings_join(arena, &listed->modules, NAMES_SHOWN)
				    : "no module";
	finding->found = own.count ? strings_join(arena, &own, NAMES_SHOWN) : "no module";
}

static bool filesite_compare(struct arena *arena, const struct index_side *side, struct feed *feed,
			     struct error *error)
{
	struct pkg_filesite lists = {0};
	struct map known = {0};
	size_t bad = 0;

	if (!pkg_filesite_read(arena, side->text.text, &lists, &bad, error))
		return false;
	bad_lines(arena, feed, side->text.path, bad);
	for (size_t i = 0; i < lists.count; i++)
		map_put(&known, arena,
			arena_format(arena, "%s\n%s", lists.list[i].name, lists.list[i].version),
			(uint32_t)i);
	array_each(package, &feed->packages) {
		uint32_t at = package->origin == PACKAGE_FILE && !package->problem && package->pkg
				      ? map_get(&known, arena_format(arena, "%s\n%s", package->name,
								     package->version))
				      : MAP_NONE;

		if (at != MAP_NONE)
			files_differ(arena, side, package, &lists.list[at], feed);
	}
	return true;
}

void index_sides_compare(struct arena *arena, const struct index *index,
			 const struct index_sides *sides, struct feed *feed)
{
	array_each(side, sides) {
		const char *problem = side->text.problem;
		struct error error;
		bool read = !problem && (side->kind == SIDE_DIGESTS
						 ? digests_compare(arena, index, side, feed, &error)
						 : filesite_compare(arena, side, feed, &error));

		if (!problem && !read)
			problem = arena_format(arena, "%s: %s", side->text.path, error.text);
		if (problem)
			index_trouble(arena, feed, INDEX_UNREADABLE, side->text.path, problem);
		*array_add(arena, &feed->texts) = side->text;
	}
}
