/* SPDX-License-Identifier: ISC */
/* Notices names that an archive has twice, and reads hard links in a second pass. */
#include "unpack/archive/names.h"

#include <string.h>

void names_meet(struct archive_names *names, const struct place *place, const char *path,
		const char *content)
{
	uint32_t number = map_get(&names->seen, path);

	if (number == MAP_NONE) {
		map_put(&names->seen, &names->arena, arena_string(&names->arena, span_text(path)),
			(uint32_t)names->contents.count);
		*array_add(&names->arena, &names->contents) =
			arena_string(&names->arena, span_text(content));
		return;
	}
	if (names->twice || strcmp(names->contents.list[number], content) == 0)
		return;
	names->twice = true;
	place_unread(place,
		     "%s: it is in the archive twice, with other contents: the last one counts "
		     "when it is unpacked, and all are read here",
		     path);
}

bool names_link(struct archive_names *names, const char *path, const char *target)
{
	const char *clean = path_clean(&names->arena, span_text(target));
	uint32_t number = (uint32_t)names->links.count;

	if (!clean)
		return false;

	uint32_t before = map_put(&names->targets, &names->arena, clean, number);
	struct hard_link *link = array_add(&names->arena, &names->links);

	link->path = arena_string(&names->arena, span_text(path));
	link->target = clean;
	link->next = MAP_NONE;
	if (before == number)
		return true;
	link->next = names->links.list[before].next;
	names->links.list[before].next = number;
	return true;
}

/* Passes the links to the current member of STREAM, if there are any. */
static bool member_links(struct archive_names *names, const struct place *place,
			 struct stream *stream, const struct member *member, struct error *error)
{
	const char *path = path_clean(place->scratch, member->path);
	uint32_t number =
		path && member->kind == MEMBER_FILE ? map_get(&names->targets, path) : MAP_NONE;
	struct span bytes;

	if (number == MAP_NONE || names->links.list[number].read)
		return true;
	if (!stream_read(stream, place->scratch, &bytes, error))
		return within(error, "%s", path);
	for (; number != MAP_NONE; number = names->links.list[number].next) {
		struct hard_link *link = &names->links.list[number];
		enum want want = place_want(place, link->path, bytes.size);

		link->read = true;
		if (want != WANT_NOTHING && !place_entry(place, link->path, ENTRY_FILE, NULL, bytes,
							 bytes.size, want, error))
			return within(error, "%s", link->path);
	}
	return true;
}

/* A link to a file that the archive does not have: its target is a path below the root. */
static bool lost_links(const struct archive_names *names, const struct place *place,
		       struct error *error)
{
	array_each(link, &names->links) {
		const char *target = arena_format(place->scratch, "/%s", link->target);
		enum want want = place_want(place, link->path, 0);

		if (!link->read && !place_entry(place, link->path, ENTRY_LINK, target,
						(struct span){0}, 0, want, error))
			return within(error, "%s", link->path);
	}
	return true;
}

bool names_links_visit(struct archive_names *names, const struct place *place,
		       struct stream *stream, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct place inner = *place;
	struct member member;
	bool more = true;

	inner.scratch = &scratch;
	while (stream_next(stream, &member, &more, error)) {
		if (!more)
			return lost_links(names, &inner, error);
		if (!member_links(names, &inner, stream, &member, error))
			return false;
		arena_reset(&scratch);
	}
	return false;
}

void names_free(struct archive_names *names)
{
	arena_free(&names->arena);
}
