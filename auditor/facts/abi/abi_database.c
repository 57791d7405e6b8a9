/* SPDX-License-Identifier: ISC */
/* Finds sets by their hash, and the parts of a target, in the built-in database and in
 * the folders that a user adds. */
#include "facts/abi/abi_database.h"

#include "base/text.h"
#include "facts/abi/abi_packed.h"
#include "facts/abi/abi_source.h"
#include "unpack/file.h"
#include "unpack/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_ABI_FILE (32 * MIB) /* a file of --abi, a series unpacked; OpenWrt's have 1 */

struct abi_database {
	struct {
		struct abi_source **list;
		size_t count, room;
	} folders;
	size_t count; /* different hashes */
	struct arena *arena;
	struct abi_source **series; /* of abi_packed, each NULL until it is asked for */
	struct span *streams; /* unpacked; likewise */
};

/* Reads the .sets and .parts of a folder. */
static bool folder_read(struct arena *arena, const char *path, struct abi_source **ret,
			struct error *error)
{
	_cleanup_directory_ DIR *directory = opendir(path);
	struct abi_source *source = arena_new(arena, struct abi_source);
	struct strings names = {.list = NULL};

	*ret = source;
	source->origin = path;
	if (!directory)
		return fail(error, "%s: not a folder that can be read", path);
	for (const struct dirent *entry;
	     names.count < LIMIT_ENTRIES && (entry = readdir(directory));)
		if (text_ends(entry->d_name, ".sets") || text_ends(entry->d_name, ".parts"))
			*array_add(arena, &names) =
				arena_format(arena, "%s/%s", path, entry->d_name);
	if (!names.count)
		return fail(error,
			    "%s: holds no .sets and no .parts file (scripts/abi-learn and "
			    "scripts/abi-add write them)",
			    path);
	array_sort(&names, strings_compare);

	array_each(name, &names) {
		struct span text;

		if (!file_read(arena, *name, LIMIT_ABI_FILE, &text, error) ||
		    !abi_source_add(arena, *name, text, source, error))
			return false;
	}
	return abi_source_settle(arena, source, error);
}

/* The built-in files are part of the program: the tests read all of them, so what
 * cannot be read here is a damaged program. */
static void damaged(const struct error *error)
{
	fprintf(stderr, "kmodaudit: the built-in abi database is damaged: %s\n", error->text);
	exit(3);
}

/* The series at NUMBER of abi_packed, which is unpacked once. */
static struct abi_source *series_source(const struct abi_database *database, size_t number)
{
	const struct abi_packed *packed = &abi_packed[number];
	const struct abi_stream *stream = &abi_streams[packed->stream];
	struct span *text = &database->streams[packed->stream];
	struct error error;

	if (database->series[number])
		return database->series[number];
	if (!text->data &&
	    !decompress(database->arena, COMPRESSION_XZ, span_from(stream->bytes, stream->size),
			LIMIT_ABI_FILE, text, NULL, &error))
		damaged(&error);

	struct abi_source *source = arena_new(database->arena, struct abi_source);
	if (!abi_source_add(database->arena, packed->series,
			    span_head(span_skip(*text, packed->offset), packed->size), source,
			    &error) ||
	    !abi_source_settle(database->arena, source, &error))
		damaged(&error);
	database->series[number] = source;
	return source;
}

bool abi_database_open(struct arena *arena, const struct strings *dirs,
		       const struct abi_database **ret, struct error *error)
{
	struct abi_database *database = arena_new(arena, struct abi_database);
	struct abi_source *folder;
	struct strings hashes = {.list = NULL};
	size_t series = 0;

	while (abi_packed[series].series)
		series++;
	database->arena = arena;
	database->series = arena_get(arena, series * sizeof *database->series);
	database->streams = arena_get(arena, ABI_STREAMS * sizeof *database->streams);
	array_each(path, dirs) {
		if (!folder_read(arena, *path, &folder, error))
			return false;
		*array_add(arena, &database->folders) = folder;
		array_each(file, &folder->files)
			array_each(record, &file->records)
				if (is_abi_hash(record->build.hash))
					*array_add(arena, &hashes) = record->build.hash;
	}
	strings_unique(&hashes);
	database->count = hashes.count + abi_key_count;
	*ret = database;
	return true;
}

size_t abi_database_count(const struct abi_database *database)
{
	return database->count;
}

/* What a search goes through. */
struct question {
	struct arena *arena, *kept; /* of the answer, of the database */
	const char *hash;
	struct config_set *set;
	struct abi_builds *builds;
};

/* Takes the lines of a record only if their md5 is the hash that was asked for. */
static void source_ask(struct question *question, struct abi_source *source)
{
	array_each(file, &source->files)
		array_each(record, &file->records) {
			if (record->kind != ABI_SET ||
			    strcmp(record->build.hash, question->hash) != 0)
				continue;
			if (!question->builds->count) {
				struct config_set set = config_set_of(
					question->arena, abi_record_lines(question->kept, record));

				if (strcmp(set.hash, question->hash) != 0)
					continue;
				*question->set = set;
			}
			*array_add(question->arena, question->builds) = record->build;
		}
}

bool abi_database_find(const struct abi_database *database, struct arena *arena, const char *hash,
		       struct config_set *ret, struct abi_builds *ret_builds)
{
	struct question question = {arena, database->arena, hash, ret, ret_builds};
	uint64_t prefix;

	*ret_builds = (struct abi_builds){.list = NULL};
	if (!is_abi_hash(hash) || !span_number(span_from(hash, 8), 16, &prefix))
		return false;
	for (size_t i = 0; i < abi_key_count; i++)
		if (abi_keys[i].prefix == prefix)
			source_ask(&question, series_source(database, abi_keys[i].series));
	array_each(folder, &database->folders)
		source_ask(&question, *folder);
	return ret_builds->count > 0;
}

/* "24.10.3", "24.10" and "24.10-SNAPSHOT" are of the series "24.10". */
static bool is_of_series(const char *release, const char *series)
{
	size_t size = strlen(series);

	return strncmp(release, series, size) == 0 && strchr(".-", release[size]); /* or its end */
}

/* What stands before the second '.'. */
static const char *series_of(struct arena *arena, const char *release)
{
	size_t first = strcspn(release, "."), second = first;

	if (release[first])
		second = first + 1 + strcspn(release + first + 1, ".-");
	return arena_string(arena, span_from(release, second));
}

static void builds_of(struct arena *arena, const struct abi_source *source, const char *series,
		      struct abi_builds *ret)
{
	array_each(file, &source->files)
		array_each(record, &file->records)
			if (record->kind == ABI_SET &&
			    (!series || is_of_series(file->release, series)))
				*array_add(arena, ret) = record->build;
}

struct abi_builds abi_database_builds(const struct abi_database *database, struct arena *arena,
				      const char *release)
{
	const char *series = release ? series_of(arena, release) : NULL;
	struct abi_builds builds = {.list = NULL};

	for (size_t i = 0; abi_packed[i].series; i++)
		if (abi_packed[i].stream == ABI_STREAM_SETS &&
		    (!series || strcmp(abi_packed[i].series, series) == 0))
			builds_of(arena, series_source(database, i), series, &builds);
	array_each(folder, &database->folders)
		builds_of(arena, *folder, series, &builds);
	return builds;
}

/* The parts of TARGET in FILE. */
static bool file_parts(const struct abi_database *database, struct arena *arena,
		       struct abi_file *file, const char *target, struct abi_parts *ret)
{
	bool found = false;

	array_each(record, &file->records) {
		struct strings *lists[] = {
			[ABI_OWN] = &ret->own,
			[ABI_OPTIONS] = &ret->options,
			[ABI_SELECTED] = &ret->selected,
		};

		if (record->kind == ABI_SET || strcmp(record->key, target) != 0)
			continue;
		*lists[record->kind] = *abi_record_lines(database->arena, record);
		found = found || record->kind == ABI_OWN;
	}
	if (!found)
		return false;
	ret->release = file->release;
	ret->target = arena_string(arena, span_text(target));
	ret->origin = file->origin;
	if (!file->tables) {
		file->tables = arena_new(database->arena, struct abi_parts);
		abi_file_tables(database->arena, file, file->tables);
	}
	ret->kmods = file->tables->kmods;
	ret->menu = file->tables->menu;
	return true;
}

/* The file that has the parts of RELEASE itself goes before the others
 * of its series. */
static bool source_parts(const struct abi_database *database, struct arena *arena,
			 struct abi_source *source, const char *release, const char *target,
			 struct abi_parts *ret)
{
	const char *series = series_of(arena, release);

	for (unsigned exact = 2; exact-- > 0;)
		for (size_t i = source->files.count; i-- > 0;) {
			struct abi_file *file = &source->files.list[i];

			if (file->parts && is_of_series(file->release, series) &&
			    (strcmp(file->release, release) == 0) == exact &&
			    file_parts(database, arena, file, target, ret))
				return true;
		}
	return false;
}

bool abi_database_parts(const struct abi_database *database, struct arena *arena,
			const char *release, const char *target, struct abi_parts *ret)
{
	*ret = (struct abi_parts){.release = NULL};
	array_each(folder, &database->folders)
		if (source_parts(database, arena, *folder, release, target, ret))
			return true;
	for (size_t i = 0; abi_packed[i].series; i++)
		if (abi_packed[i].stream == ABI_STREAM_PARTS &&
		    is_of_series(release, abi_packed[i].series))
			return source_parts(database, arena, series_source(database, i), release,
					    target, ret);
	return false;
}
