/* SPDX-License-Identifier: ISC */
/* Reads tar, cpio, zip and 7z archives, compressed or not, and several cpio archives in a
 * row. A wanted member whose path leaves the archive is an error. */
#include "unpack/archive/archive.h"

#include "base/digest.h"
#include "unpack/beside.h"

#include <stdio.h>
#include <string.h>

/* The formats and how they are recognised:
 *   tar  (POSIX ustar and pax, GNU, old v7)     the header's checksum is right
 *   cpio (newc, newc with CRC, odc, binary)     "070701" "070702" "070707", or 0070707 in 16 bits
 *   zip                                         "PK\3\4", or "PK\5\6" if it is empty
 *   7z                                          "7z" bc af 27 1c
 * Each may be compressed with gzip, xz, lzma, zstd, lz4, bzip2 or compress. */
static const struct span seven_zip = SPAN_OF("7z\xbc\xaf\x27\x1c");

static unsigned archive_formats(struct span bytes)
{
	unsigned formats = STREAM_TAR | STREAM_CPIO;

	if (span_starts(bytes, "PK\3\4") || span_starts(bytes, "PK\5\6"))
		formats |= STREAM_ZIP;
	if (span_has(bytes, 0, seven_zip))
		formats |= STREAM_7ZIP;
	return formats;
}

bool archive_glance(struct span bytes, unsigned formats,
		    bool (*fits)(struct stream *stream, struct arena *scratch))
{
	_cleanup_arena_ struct arena scratch = {0};
	struct visitor nobody = {0};
	struct unpacking run = {.visitor = &nobody};
	struct place place = {.run = &run, .witness = "", .scratch = &scratch};
	struct error error = {0};
	_cleanup_stream_ struct stream *stream =
		stream_bytes(&place, bytes, formats | STREAM_GLANCE, &error);

	return stream && fits(stream, &scratch);
}

/* The magic of binary cpio has only 16 bits, so the first name must
 * be plausible too. */
static bool first_fits(struct stream *stream, struct arena *scratch)
{
	struct member member;
	struct error error;
	bool more;

	(void)scratch;
	if (!stream_next(stream, &member, &more, &error) || !more)
		return false;
	for (size_t i = 0; i < member.path.size; i++) {
		if (member.path.data[i] < ' ' || member.path.data[i] == 0x7f)
			return false;
	}
	return member.path.size > 0 && member.path.size <= LIMIT_NAME;
}

static bool archive_probe(struct span bytes)
{
	/* the list of members, which may be encrypted, is at its end */
	return span_has(bytes, 0, seven_zip) ||
	       archive_glance(bytes, archive_formats(bytes), first_fits);
}

static bool member_file(const struct place *place, struct stream *stream,
			const struct member *member, const char *path, struct archive_names *names,
			struct error *error)
{
	enum want want = place_want(place, path, member->size);
	struct span bytes = {0};

	if (want == WANT_NOTHING)
		return true;
	if (want != WANT_NAME && !stream_read(stream, place->scratch, &bytes, error))
		return false;
	if (names)
		names_meet(names, place, path,
			   want == WANT_NAME ? arena_format(place->scratch, "%llu bytes",
							    (unsigned long long)member->size)
					     : sha256_hex(place->scratch, bytes));

	unsigned volumes = place->run->volumes;
	bool passed = place_entry(place, path, ENTRY_FILE, NULL, bytes,
				  want == WANT_NAME ? member->size : bytes.size, want, error);

	if (names && place->run->volumes != volumes)
		names_nested(names, path);
	return passed;
}

static bool member_link(const struct place *place, const struct member *member, const char *path,
			struct archive_names *names, struct error *error)
{
	enum want want = place_want(place, path, 0);
	const char *target = path_clean(place->scratch, span_text(member->target));
	/* GNU tar writes a linked file that it is told to add twice as a link to itself */
	bool itself = member->hard && target && strcmp(target, path) == 0;

	if (want == WANT_NOTHING || (names && itself))
		return true;
	if (names)
		names_meet(names, place, path,
			   arena_format(place->scratch, "-> %s", member->target));
	if (names && member->hard && names_link(names, path, member))
		return true;
	return place_entry(place, path, ENTRY_LINK, member->target, (struct span){0}, 0, want,
			   error);
}

static bool member_visit(const struct place *around, struct stream *stream,
			 const struct member *member, struct archive_names *names,
			 struct error *error)
{
	struct place own = *around, *place = &own;
	struct span raw = member->path;
	enum want want;

	while (raw.size > 0 && raw.data[raw.size - 1] == '/')
		raw.size--;

	const char *path = path_clean(place->scratch, raw);

	own.time = member->time;
	if (!path) {
		/* it is never followed, and an error only if the visitor wants what it would
		 * name */
		bool leaves;
		const char *meant = path_resolve(place->scratch, raw, &leaves);

		if (!meant)
			return fail(error, "path is longer than %d bytes", LIMIT_NAME);
		if (member->kind == MEMBER_DIRECTORY ||
		    place_want(place, meant, member->size) == WANT_NOTHING)
			return true;
		return fail(error, leaves ? "path leaves the archive" : "path is not normalized");
	}
	if (!*path || member->kind == MEMBER_OTHER)
		return true;
	if (member->kind == MEMBER_FILE)
		return member_file(place, stream, member, path, names, error);
	if (member->kind == MEMBER_LINK)
		return member_link(place, member, path, names, error);
	want = place_want(place, arena_format(place->scratch, "%s/", path), 0);
	return place_entry(place, path, ENTRY_DIRECTORY, NULL, (struct span){0}, 0, want, error);
}

bool archive_visit(const struct place *place, struct stream *stream, const struct member *first,
		   struct archive_names *names, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct place inner = *place;
	struct member member;
	char last[LIMIT_NAME + 1] = "";
	bool more = first != NULL;

	inner.scratch = &scratch;
	if (first)
		member = *first; /* which stays where it is: its target may be in it */
	else if (!stream_next(stream, &member, &more, error))
		return false;
	while (more) {
		struct span name = span_head(
			span_skip(member.path, span_starts(member.path, "./") ? 2 : 0), LIMIT_NAME);

		snprintf(last, sizeof last, "%.*s", (int)name.size,
			 name.size ? (const char *)name.data : "");
		if (!member_visit(&inner, stream, &member, names, error))
			return within(error, "%s", last);
		arena_reset(&scratch);
		if (!stream_next(stream, &member, &more, error))
			return within(error, "after %s", last);
	}
	return true;
}

bool archive_links(const struct place *place, struct span bytes, unsigned formats,
		   struct archive_names *names, struct error *error)
{
	if (names->links.count == 0)
		return true;

	_cleanup_stream_ struct stream *stream = stream_bytes(place, bytes, formats, error);
	bool ok = stream && names_links_visit(names, place, stream, error);

	names->links.count = 0;
	names->targets = (struct map){0};
	return ok;
}

bool archive_tree(const struct place *place, struct stream *stream, const struct member *first,
		  struct span bytes, unsigned formats, struct archive_names *names,
		  struct error *error)
{
	size_t before = place_entries(place);
	struct beside beside = {.pass = PART_ROOT};
	struct place inner = *place;

	inner.beside = &beside;
	if (first && (!archive_visit(&inner, stream, first, names, error) ||
		      !archive_links(&inner, bytes, formats, names, error)))
		return false;
	beside.strict = place_entries(place) == before;
	return strcmp(stream_kind(stream), "cpio") == 0 ||
	       published_visit(&inner, bytes, formats, error);
}

/* Reads the archive at the start of BYTES. *REST gets the bytes after it, if its
 * end is known. */
static bool archive_one(const struct place *place, uint64_t offset, struct span bytes,
			struct archive_names *names, struct span *rest, struct error *error)
{
	_cleanup_stream_ struct stream *stream =
		stream_bytes(place, bytes, archive_formats(bytes), error);
	struct place inner;
	struct member member;
	bool more;

	*rest = (struct span){0};
	if (!stream || !stream_next(stream, &member, &more, error))
		return false;
	place_layout(place, offset, bytes.size, stream_kind(stream), stream_filter(stream));
	if (!place_enter(place, offset, NULL, &inner, error))
		return false;
	names->last_counts =
		strcmp(stream_kind(stream), "tar") == 0 || strcmp(stream_kind(stream), "cpio") == 0;
	if (!archive_tree(&inner, stream, more ? &member : NULL, bytes, archive_formats(bytes),
			  names, error))
		return false;

	uint64_t used = stream_used(stream);
	if (used > 0) {
		while (used < bytes.size && bytes.data[used] == 0)
			used++;
		*rest = span_skip(bytes, used);
	}
	if (rest->size > 0 && strcmp(stream_kind(stream), "tar") == 0 && !archive_probe(*rest))
		return fail(error, "%zu other bytes after the end of the archive", rest->size);
	return true;
}

/* Reads several cpio archives in a row, which the kernel unpacks into one root file
 * system. In a kernel image other data follows the last one. */
static bool archive_open(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_names_ struct archive_names names = {0};
	struct place inner = *place;
	struct span rest = bytes, next;

	inner.volume = place_volume(place);
	for (unsigned parts = 0; rest.size > 0; parts++) {
		if (parts >= LIMIT_TRIES)
			return fail(error, "more than %d archives in a row", LIMIT_TRIES);
		if (parts > 0 && !archive_probe(rest))
			return true;
		if (!archive_one(&inner, bytes.size - rest.size, rest, &names, &next, error))
			return false;
		rest = next;
	}
	return true;
}

const struct format format_archive = {
	.kind = "archive", .probe = archive_probe, .read = archive_open};
