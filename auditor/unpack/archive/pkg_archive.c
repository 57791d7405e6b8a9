/* SPDX-License-Identifier: ISC */
/* Reads packages of FreeBSD's pkg: a tar with manifests in front of the
 * files (libpkg/pkg.c, pkg_open2). */
#include "unpack/archive/archive.h"
#include "unpack/file.h"
#include "unpack/place.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A package, in any compression (.pkg; .txz, .tbz, .tgz before pkg 1.17):
 *     +COMPACT_MANIFEST            metadata without files and scripts, for the catalogue
 *     +MANIFEST                    all metadata; what `pkg add` reads
 *     /boot/modules/drm.ko ...     the files, with absolute names
 * pkg looks for the manifests among the members in front of the first whose name does not begin
 * with '+'. */
enum { PROBE_MEMBERS = 8, HEAD = 1 << 20 };

static bool is_front(const struct member *member)
{
	return member->path.size > 0 && member->path.data[0] == '+';
}

static bool is_manifest(const struct member *member)
{
	return member->kind == MEMBER_FILE &&
	       (span_is(member->path, "+MANIFEST") || span_is(member->path, "+COMPACT_MANIFEST"));
}

static bool front_fits(struct stream *stream, struct arena *scratch)
{
	struct member member;
	struct error error;
	bool more;

	(void)scratch;
	for (unsigned i = 0; i < PROBE_MEMBERS; i++) {
		if (!stream_next(stream, &member, &more, &error) || !more || !is_front(&member))
			return false;
		if (is_manifest(&member))
			return true;
	}
	return false;
}

static bool pkg_probe(struct span bytes)
{
	return archive_glance(bytes, STREAM_TAR, front_fits);
}

static bool manifest_visit(const struct place *around, struct stream *stream,
			   const struct member *member, struct error *error)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct place place = *around;
	const char *path = arena_string(&scratch, member->path);
	enum want want;
	struct span bytes = {0};

	place.part = PART_CONTROL;
	place.scratch = &scratch;
	want = place_want(&place, path, member->size);
	if (want == WANT_NOTHING)
		return true;
	if (want != WANT_NAME && !stream_read(stream, &scratch, &bytes, error))
		return within(error, "%s", path);
	return place_entry(&place, path, ENTRY_FILE, NULL, bytes, member->size, want, error) ||
	       within(error, "%s", path);
}

static bool pkg_open(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_stream_ struct stream *stream = stream_bytes(place, bytes, STREAM_TAR, error);
	_cleanup_names_ struct archive_names names = {.last_counts = true};
	struct place inner, files;
	struct member member;
	bool more;

	if (!stream)
		return false;
	place_layout(place, 0, bytes.size, "package", "pkg");
	if (!place_enter(place, 0, NULL, &inner, error))
		return false;
	inner.volume = place_volume(place);
	files = inner;
	files.part = PART_DATA;
	for (;;) {
		if (!stream_next(stream, &member, &more, error))
			return false;
		if (!more)
			return true;
		if (!is_front(&member))
			return archive_visit(&files, stream, &member, &names, error) &&
			       archive_links(&files, bytes, STREAM_TAR, &names, error);
		if (is_manifest(&member) && !manifest_visit(&inner, stream, &member, error))
			return false;
	}
}

bool unpack_is_pkg(const char *path)
{
	_cleanup_file_ struct file file = {.fd = -1};
	uint8_t *head;
	struct error ignored;
	ssize_t got;
	bool is;

	if (!file_open(AT_FDCWD, path, 0, &file, &ignored) || file.directory)
		return false;
	head = malloc(HEAD);
	got = head ? read(file.fd, head, HEAD) : -1;
	is = got > 0 && pkg_probe(span_from(head, (size_t)got));
	free(head);
	return is;
}

const struct format format_pkg = {.kind = "package", .probe = pkg_probe, .read = pkg_open};
