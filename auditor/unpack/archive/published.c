/* SPDX-License-Identifier: ISC */
/* Opens the files of an archive that is no root file system: firmware is published in
 * archives under any name and in any folder, with manuals beside it, and a CD that starts
 * a system from memory has its root file system in one file. */
#include "unpack/archive/archive.h"
#include "unpack/place.h"

#include <stdio.h>

/* smaller files are no firmware, kernel or root file system */
enum { PUBLISHED_LEAST = 16 << 10, PUBLISHED_MOST = 256 };

static bool member_open(const struct place *place, struct stream *stream, const char *path,
			struct error *error)
{
	struct place inner = *place;
	struct error why = {0};
	struct span bytes;
	bool opened;

	inner.witness = arena_format(place->scratch, "%s: %s", place->witness, path);
	inner.optional = true;
	if (!stream_read(stream, place->scratch, &bytes, &why)) {
		place_unread(&inner, "%s", why.text);
		return true;
	}
	return place_open(&inner, bytes, &opened, error) || within(error, "%s", path);
}

/* Each firmware has a root file system. Only one can be meant, and nothing shows which. */
static void several_tell(const struct place *place, const char *first, const char *path)
{
	place_unread(place, "two of its files have a root file system, %s and %s: give one of them",
		     first, path);
}

static bool members_open(const struct place *place, struct stream *stream, struct error *error)
{
	char first[LIMIT_NAME + 1] = "";
	struct member member;
	unsigned tries = 0;
	bool more, told = false;

	while (tries < PUBLISHED_MOST) {
		size_t before = place_entries(place);

		arena_reset(place->scratch);
		if (!stream_next(stream, &member, &more, error))
			return false;
		if (!more)
			return true;

		const char *path = path_clean(place->scratch, member.path);
		if (!path || member.kind != MEMBER_FILE || member.size < PUBLISHED_LEAST)
			continue;
		tries++;
		if (!member_open(place, stream, path, error))
			return false;
		if (place_entries(place) == before)
			continue;
		if (*first && !told)
			several_tell(place, first, path);
		told = *first != '\0';
		snprintf(first, sizeof first, "%s", path);
	}
	place_unread(place, "more than %d large files: the others were not opened", PUBLISHED_MOST);
	return true;
}

bool published_visit(const struct place *place, struct span bytes, unsigned formats,
		     struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct place inner = *place;

	if (!place->run->visitor->kernel || place->part != PART_ROOT)
		return true;

	_cleanup_stream_ struct stream *stream = stream_bytes(place, bytes, formats, error);
	inner.scratch = &scratch;
	return stream && members_open(&inner, stream, error);
}
