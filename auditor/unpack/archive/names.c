/* SPDX-License-Identifier: ISC */
/* Notices names that an archive has twice, and reads hard links in a second pass. */
#include "unpack/archive/names.h"

#include "base/digest.h"
#include "unpack/place.h"

#include <string.h>

static struct name_met *name_of(const struct archive_names *names, const char *path)
{
	uint32_t number = map_get(&names->seen, path);

	return number == MAP_NONE ? NULL : &names->met.list[number];
}

void names_meet(struct archive_names *names, const struct place *place, const char *path,
		const char *content)
{
	struct name_met *met = name_of(names, path);
	const char *copy = arena_string(&names->arena, span_text(content));

	if (!met) {
		map_put(&names->seen, &names->arena, arena_string(&names->arena, span_text(path)),
			(uint32_t)names->met.count);
		*array_add(&names->arena, &names->met) = (struct name_met){.content = copy};
		return;
	}
	if (strcmp(met->content, content) == 0)
		return;
	met->content = copy;
	met->twice = true;
	if ((names->last_counts && !met->nested && place_replaced(place, path)) || names->told)
		return;
	names->told = true;
	place_unread(place,
		     "%s: it is in the archive twice, with other contents: which one counts is not "
		     "certain, and both are read here",
		     path);
}

void names_nested(struct archive_names *names, const char *path)
{
	name_of(names, path)->nested = true;
}

/* The key of a hard link: PATH, the target of MEMBER or its own; in a cpio the inode. */
static const char *linked_by(struct arena *arena, const struct member *member, struct span path)
{
	return *member->inode ? arena_string(arena, span_text(member->inode))
			      : path_clean(arena, path);
}

struct hard_link *names_link_to(struct archive_names *names, const char *path, const char *target,
				int64_t time)
{
	const char *key = arena_string(&names->arena, span_text(target));
	uint32_t number = (uint32_t)names->links.count;
	uint32_t before = map_put(&names->targets, &names->arena, key, number);
	struct hard_link *link = array_add(&names->arena, &names->links);

	*link = (struct hard_link){.path = arena_string(&names->arena, span_text(path)),
				   .target = key,
				   .time = time,
				   .next = MAP_NONE};
	if (before == number)
		return link;
	link->next = names->links.list[before].next;
	names->links.list[before].next = number;
	return link;
}

bool names_link(struct archive_names *names, const char *path, const struct member *member)
{
	const char *target = linked_by(&names->arena, member, span_text(member->target));
	struct hard_link *link = target ? names_link_to(names, path, target, member->time) : NULL;

	if (link && *member->inode)
		link->target = NULL;
	return link;
}

static bool link_visit(const struct archive_names *names, const struct place *place,
		       struct hard_link *link, struct span bytes, struct error *error)
{
	enum want want = place_want(place, link->path, bytes.size);
	const struct name_met *met = name_of(names, link->path);
	struct place own = *place;

	own.time = link->time;

	if (met && met->twice)
		place_unread(place,
			     "%s: it is in the archive twice, once as a hard link, and both are "
			     "read here",
			     link->path);
	return want == WANT_NOTHING ||
	       place_entry(&own, link->path, ENTRY_FILE, NULL, bytes, bytes.size, want, error) ||
	       within(error, "%s", link->path);
}

bool names_links_pass(struct archive_names *names, const struct place *place, uint32_t number,
		      struct span bytes, struct error *error)
{
	const char *sha256 = sha256_hex(&names->arena, bytes), *before;

	for (; number != MAP_NONE; number = names->links.list[number].next) {
		struct hard_link *link = &names->links.list[number];

		before = link->sha256;
		link->sha256 = sha256;
		if (!before && !link_visit(names, place, link, bytes, error))
			return false;
		if (before && strcmp(before, sha256) != 0)
			place_unread(place,
				     "%s: a hard link, whose bytes are in the archive twice, and "
				     "differ",
				     link->path);
	}
	return true;
}

/* A file of a cpio of which no name has bytes is empty. */
bool names_links_lost(struct archive_names *names, const struct place *place, const char *root,
		      struct error *error)
{
	struct place own = *place;

	array_each(link, &names->links) {
		if (link->sha256)
			continue;
		if (!link->target) {
			if (!link_visit(names, place, link, (struct span){0}, error))
				return false;
			continue;
		}

		const char *target = arena_format(place->scratch, "%s%s", root, link->target);
		enum want want = place_want(place, link->path, 0);

		own.time = link->time;
		if (!place_entry(&own, link->path, ENTRY_LINK, target, (struct span){0}, 0, want,
				 error))
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
	struct span bytes;
	bool more = true;

	inner.scratch = &scratch;
	while (stream_next(stream, &member, &more, error)) {
		if (!more)
			return names_links_lost(names, &inner, "/", error);

		const char *key = linked_by(&scratch, &member, member.path);
		uint32_t first = key && member.kind == MEMBER_FILE ? map_get(&names->targets, key)
								   : MAP_NONE;
		if (first != MAP_NONE && !stream_read(stream, &scratch, &bytes, error))
			return within(error, "%.*s", (int)member.path.size,
				      (const char *)member.path.data);
		if (first != MAP_NONE && !names_links_pass(names, &inner, first, bytes, error))
			return false;
		arena_reset(&scratch);
	}
	return false;
}

void names_free(struct archive_names *names)
{
	arena_free(&names->arena);
}
