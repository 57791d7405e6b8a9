/* SPDX-License-Identifier: ISC */
/* Opens the files of an archive that is no root file system: firmware is published in
 * archives under any name and in any folder, with manuals beside it, and a CD that starts
 * a system from memory has its root file system in one file. */
#include "unpack/archive/archive.h"
#include "unpack/beside.h"

/* The archive of which the files are opened. */
struct published {
	const struct place *place;
	struct span bytes;
	unsigned formats;
};

static bool members_open(void *context, struct error *error)
{
	const struct published *published = context;
	_cleanup_arena_ struct arena scratch = {0};
	struct place place = *published->place;

	_cleanup_stream_ struct stream *stream =
		stream_bytes(&place, published->bytes, published->formats, error);
	struct member member;
	bool more = true;

	place.scratch = &scratch;
	while (stream && stream_next(stream, &member, &more, error)) {
		if (!more)
			return true;

		const char *path = path_clean(&scratch, member.path);
		bool wanted = path && member.kind == MEMBER_FILE &&
			      place_want(&place, path, member.size) == WANT_OPEN;
		struct error why = {0};
		struct span bytes;
		if (wanted && !stream_read(stream, &scratch, &bytes, &why))
			place_unread(&place, "%s: %s", path, why.text);
		else if (wanted && !beside_open(&place, path, bytes, error))
			return false;
		arena_reset(&scratch);
	}
	return false;
}

bool published_visit(const struct place *place, struct span bytes, unsigned formats,
		     struct error *error)
{
	struct published published = {.place = place, .bytes = bytes, .formats = formats};
	struct beside *beside = place->beside;

	if (!place->run->visitor->kernel || place->part != PART_ROOT)
		return true;
	if (!beside->strict && !beside_lacks_root(place, beside))
		return true;
	return beside_passes(place, beside, members_open, &published, error);
}
