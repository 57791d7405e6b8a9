/* SPDX-License-Identifier: ISC */
/* Finds the record that each record of a source changes, and applies the changes. */
#include "base/map.h"
#include "facts/abi/abi_source.h"

#include <string.h>

enum { WAY_MOST = 1024 }; /* records that change each other in a row; OpenWrt's need 30 */

static bool wrong(const struct abi_file *file, size_t line, const char *what, const char *name,
		  struct error *error)
{
	return fail(error, "%s: line %zu: %s %s", file->name, line, what, name);
}

static const char *record_name(struct arena *arena, const struct abi_file *file, enum abi_kind kind,
			       const char *key)
{
	return arena_format(arena, "%s %d %d %s", file->release, file->parts, (int)kind, key);
}

/* The records of a source by file, kind and key. */
struct index {
	struct arena *arena;
	struct map places;
	struct {
		struct abi_record **list;
		size_t count, room;
	} records;
};

static struct abi_record *index_get(struct index *index, const struct abi_file *file,
				    enum abi_kind kind, const char *key)
{
	uint32_t at = map_get(&index->places, record_name(index->arena, file, kind, key));

	return at == MAP_NONE ? NULL : index->records.list[at];
}

static bool index_fill(struct index *index, struct abi_source *source, struct error *error)
{
	array_each(file, &source->files)
		array_each(record, &file->records) {
			uint32_t at = (uint32_t)index->records.count;
			const char *name =
				record_name(index->arena, file, record->kind, record->key);

			record->file = file;
			if (map_put(&index->places, index->arena, name, at) != at)
				return wrong(file, record->line, "stands twice:", record->key,
					     error);
			*array_add(index->arena, &index->records) = record;
		}
	return true;
}

static bool record_settle(struct index *index, struct abi_record *record, struct error *error)
{
	const struct abi_file *file = record->file;

	if (record->like) {
		record->parent = index_get(index, file, record->kind, record->like);
		return record->parent ||
		       wrong(file, record->line, "no record", record->like, error);
	}
	record->common = true;
	if (record->kind != ABI_SET && strcmp(record->key, "all") != 0)
		record->parent = index_get(index, file, record->kind, "all");
	else if (record->kind == ABI_SET && file->before)
		record->parent = index_get(index, file->before, ABI_SET, record->key);
	return true;
}

bool abi_source_settle(struct arena *arena, struct abi_source *source, struct error *error)
{
	struct index index = {.arena = arena};

	if (!index_fill(&index, source, error))
		return false;
	array_each(file, &source->files) {
		if (!file->after)
			continue;
		array_each(other, &source->files)
			if (!other->parts && other != file &&
			    strcmp(other->release, file->after) == 0)
				file->before = other;
		if (!file->before)
			return fail(error, "%s: no file has the release %s that it comes after",
				    file->name, file->after);
	}
	array_each(file, &source->files)
		array_each(record, &file->records)
			if (!record_settle(&index, record, error))
				return false;
	/* records that change each other form a circle */
	array_each(file, &source->files)
		array_each(record, &file->records) {
			size_t steps = 0;

			for (const struct abi_record *at = record; at; at = at->parent)
				if (steps++ > WAY_MOST)
					return wrong(file, record->line,
						     "depends on itself, or on too many others:",
						     record->key, error);
		}
	return true;
}

/* Returns the lines of CHANGES that follow SIGN, sorted. */
static struct strings changes_of(struct arena *arena, struct span changes, char sign)
{
	struct strings lines = {.list = NULL};

	for (size_t at = 0; at < changes.size;) {
		const char *line = (const char *)changes.data + at;

		if (*line == sign)
			*array_add(arena, &lines) = line + 1;
		at += strlen(line) + 1;
	}
	strings_unique(&lines);
	return lines;
}

static void changes_apply(struct arena *arena, struct span changes, struct strings *lines)
{
	struct strings removed = changes_of(arena, changes, '-');
	struct strings added = changes_of(arena, changes, '+');
	size_t room = lines->count + added.count, gone = 0, come = 0;
	struct strings next = {arena_raw(arena, (room + 1) * sizeof *next.list), 0, room};

	if (!removed.count && !added.count)
		return;
	array_each(line, lines) {
		while (come < added.count && strcmp(added.list[come], *line) < 0)
			*array_add(arena, &next) = added.list[come++];
		while (gone < removed.count && strcmp(removed.list[gone], *line) < 0)
			gone++;
		come += come < added.count && strcmp(added.list[come], *line) == 0;
		if (gone == removed.count || strcmp(removed.list[gone], *line) != 0)
			*array_add(arena, &next) = *line;
	}
	while (come < added.count)
		*array_add(arena, &next) = added.list[come++];
	*lines = next;
}

const struct strings *abi_record_lines(struct arena *arena, struct abi_record *record)
{
	static const struct strings none;
	struct {
		struct abi_record **list;
		size_t count, room;
	} way = {.list = NULL};
	struct abi_record *at = record;

	for (; at && !at->resolved; at = at->parent)
		*array_add(arena, &way) = at;
	for (size_t i = way.count; i-- > 0;) {
		struct abi_record *next = way.list[i];

		next->lines = next->parent ? next->parent->lines : none;
		if (next->common)
			changes_apply(arena, next->file->changes, &next->lines);
		changes_apply(arena, next->changes, &next->lines);
		next->resolved = true;
	}
	return &record->lines;
}
